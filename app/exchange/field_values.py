"""Values of foreign rows, checked by what `app.fields` says of their fields: type, limits, closed lists.

A plain field needs no code of its own in a reader: `facts_of` reads all of them by their names.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from app.exchange.parsing import number_of, one_of, text_of, words_of, yes_or_no
from app.exchange.plain_text import plain_text
from app.exchange.records import Facts, RowRefused
from app.fields.limits import LONGEST_NAME, LONGEST_TEXT, LONGEST_URL
from app.http.parameters import day_start, parse_day, parse_moment
from app.sources.canonical import CanonicalLink, canonicalise
from app.sources.refusals import UnusableLink

if TYPE_CHECKING:
    from app.fields import Field, Fields

# The types that a plain field may have; a value of any other needs code that knows what it means.
PLAIN_TYPES: Final = frozenset(("text", "url", "word", "words", "number", "flag", "moment"))
# Where a field sets no limit: what the database can hold, and what a list may have.
_LEAST_NUMBER: Final = -(2**31)
_MOST_NUMBER: Final = 2**31 - 1
_MOST_MEMBERS: Final = 200


def plain_fields_of(fields: Fields) -> tuple[Field, ...]:
    """Return the fields that readers take from a file by their names alone.

    Raises:
        TypeError: one of them has a type that cannot be read so.
    """
    plain = fields.having(importable=True, plain=True)
    for field in plain:
        if field.type not in PLAIN_TYPES:
            raise TypeError(f"{fields.record}.{field.name}: no import can read a plain field of type {field.type}")
    return plain


def facts_of(plain: Iterable[Field], given: Mapping[str, Any], where: str, notes: list[str]) -> Facts:
    """Read the plain fields of a row, or of a part of it.

    Args:
        plain: the fields.
        given: values by the names of fields, as JSON has them.
        where: the path of the part in the row, for refusals; empty for the row itself.
        notes: gets a note on each kind of change that a text needed.

    Returns:
        The values that differ from the defaults of their fields.

    Raises:
        RowRefused: a value is missing or not allowed.
    """
    facts: dict[str, Any] = {}
    for field in plain:
        value = checked(field, given.get(field.name), f"{where}.{field.name}" if where else field.name)
        if field.type == "text" and value is not None:
            value, changes = plain_text(value)
            notes += (note for note in changes if note not in notes)
        if value != field.default:
            facts[field.name] = value
    return facts


def facts_of_cells(plain: Iterable[Field], cells: Mapping[str, str], notes: list[str]) -> Facts:
    """Read the plain fields of a row of texts; else like `facts_of`."""
    return facts_of(plain, {field.name: typed(field, cells.get(field.name, "")) for field in plain}, "", notes)


def typed(field: Field, cell: str) -> Any:
    """Turn the text of a cell into what JSON would have for a field; empty is None.

    Raises:
        RowRefused: it is not a value of the field's type.
    """
    if not cell:
        return None
    match field.type:
        case "number":
            number = number_of(field.name, cell)
            return int(number) if number.is_integer() else number
        case "flag":
            return yes_or_no(field.name, cell)
        case "words":
            return cell.split()
        case _:
            return cell


def checked(field: Field, value: Any, path: str, *, required: bool | None = None) -> Any:
    """Check a value by the type and the limits of its field.

    Args:
        field: what the value is of.
        value: as JSON has it; None and empty text: not given.
        path: what the file calls it, for refusals.
        required: it must be given; None: when the field can be neither null nor left to its default.

    Returns:
        The value as a record has it; the field's default when it is not given.

    Raises:
        RowRefused: it is missing or not allowed.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if required or (required is None and field.default is None and not field.null):
            raise RowRefused(path, value, "is missing")
        return field.default
    match field.type:
        case "text" | "slug":
            return _text(path, value, field.most or LONGEST_TEXT)
        case "url":
            url = _text(path, value, field.most or LONGEST_URL)
            link_of(path, url)
            return url
        case "word":
            return one_of(path, value if isinstance(value, str) else str(value), field.words)
        case "words":
            return words_of(path, _texts(path, value, field.most), field.words)
        case "texts":
            return tuple(_texts(path, value, field.most))
        case "number":
            return _number(field, value, path)
        case "flag":
            if not isinstance(value, bool):
                raise RowRefused(path, value, "is neither true nor false")
            return value
        case "moment":
            return moment_of(path, value)
        case _:
            raise TypeError(f"{field.name}: a value of type {field.type} has a reader of its own")


def moment_of(path: str, value: Any) -> dt.datetime:
    """Parse a moment, or a day, which means its first moment."""
    if not isinstance(value, str):
        raise RowRefused(path, value, "is missing" if value is None else "is not a moment")
    try:
        return parse_moment(value) if "T" in value.upper() else day_start(parse_day(value))
    except (ValueError, OverflowError) as error:
        raise RowRefused(path, value, str(error)) from None


def link_of(path: str, url: str | None) -> CanonicalLink | None:
    """Return the canonical form of a link; None when there is none.

    Raises:
        RowRefused: nobody can follow it.
    """
    try:
        return canonicalise(url) if url else None
    except UnusableLink as refused:
        raise RowRefused(path, url, refused.message) from None


def _text(path: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise RowRefused(path, value, "is not text")
    return text_of(path, value, longest)


def _texts(path: str, value: Any, most: int | None) -> list[str]:
    most = most or _MOST_MEMBERS
    if not isinstance(value, list) or len(value) > most or not all(isinstance(part, str) for part in value):
        raise RowRefused(path, value, f"must be a list of at most {most} texts")
    return [text_of(path, part, LONGEST_NAME) for part in value]


def _number(field: Field, value: Any, path: str) -> int:
    least = _LEAST_NUMBER if field.least is None else field.least
    most = _MOST_NUMBER if field.most is None else field.most
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or value != int(value) or not least <= value <= most:
        raise RowRefused(path, value, f"is not a whole number from {least} to {most}")
    return int(value)
