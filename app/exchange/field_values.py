"""Checks the values of imported rows against their fields in `app.fields`: type, limits, closed
lists.

A plain field needs no code in an importer: `parse_facts` parses all plain fields by name.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from app.exchange.plain_text import plain_text
from app.exchange.records import Facts, RowRefused
from app.exchange.row_values import (
    REQUIRED,
    check_choice,
    check_choices,
    check_text,
    parse_boolean,
    parse_whole_number,
)
from app.fields.limits import LONGEST_NAME, LONGEST_TEXT, LONGEST_URL
from app.parsing.days import parse_time, start_of
from app.sources.address import trim_link
from app.sources.canonical import CanonicalLink, canonicalise
from app.sources.refusals import UnusableLink

if TYPE_CHECKING:
    from app.fields import Field, Fields

# The types of plain fields. Values of other types need code of their own.
PLAIN_TYPES: Final = frozenset(("text", "url", "word", "words", "number", "flag", "moment"))
# The limits of a field that sets none: what the database can store, and the maximum length of a
# list.
_LEAST_NUMBER: Final = -(2**31)
_MOST_NUMBER: Final = 2**31 - 1
_MOST_MEMBERS: Final = 200


def plain_fields(fields: Fields) -> tuple[Field, ...]:
    """Returns the fields that importers read by name.

    Raises:
        TypeError: one of the fields has a type that needs code of its own.
    """
    plain = fields.having(importable=True, plain=True)
    for field in plain:
        if field.type not in PLAIN_TYPES:
            raise TypeError(f"{fields.record}.{field.name}: no importer can read a plain field of type {field.type}")
    return plain


def parse_facts(plain: Iterable[Field], given: Mapping[str, Any], where: str, notes: list[str]) -> Facts:
    """Parses the plain fields of a row, or of a part of a row.

    Args:
        plain: the fields.
        given: the JSON values by the names of the fields.
        where: the path of the part in the row, for reasons; empty for the row itself.
        notes: receives a note on each kind of change to a text.

    Returns:
        The values that differ from the defaults of their fields.

    Raises:
        RowRefused: a value is missing or not allowed.
    """
    facts: dict[str, Any] = {}
    for field in plain:
        value = check_value(field, given.get(field.name), f"{where}.{field.name}" if where else field.name)
        if field.type == "text" and value is not None:
            value, changes = plain_text(value)
            notes += (note for note in changes if note not in notes)
        if value != field.default:
            facts[field.name] = value
    return facts


def parse_cells(plain: Iterable[Field], cells: Mapping[str, str], notes: list[str]) -> Facts:
    """Parses the plain fields of a row of text cells; otherwise like `parse_facts`."""
    return parse_facts(plain, {field.name: parse_cell(field, cells.get(field.name, "")) for field in plain}, "", notes)


def parse_cell(field: Field, cell: str) -> Any:
    """Converts the text of a cell into the JSON value of a field; an empty cell becomes None.

    Raises:
        RowRefused: the text is not a value of the field's type.
    """
    if not cell:
        return None
    match field.type:
        case "number":
            return parse_whole_number(field.name, cell, *_limits(field))
        case "flag":
            return parse_boolean(field.name, cell)
        case "words":
            return cell.split()
        case _:
            return cell


def check_value(field: Field, value: Any, path: str, *, required: bool | None = None) -> Any:
    """Checks a JSON value by the type and the limits of its field.

    Args:
        field: the field.
        value: as JSON has it. None and an empty text mean that no value is given.
        path: the name of the value in the file, for reasons.
        required: the value must be given; None: required if the field has neither null nor a
            default.

    Returns:
        The value as a record has it; the field's default if no value is given.

    Raises:
        RowRefused: the value is missing or not allowed.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if required or (required is None and field.default is None and not field.null):
            raise RowRefused(path, value, REQUIRED)
        return field.default
    match field.type:
        case "text" | "slug":
            return _check_text(path, value, field.most or LONGEST_TEXT)
        case "url":
            url = _check_text(path, value, field.most or LONGEST_URL)
            parse_link(path, url)
            return trim_link(url)
        case "word":
            return check_choice(path, value if isinstance(value, str) else str(value), field.words)
        case "words":
            return check_choices(path, _check_texts(path, value, field.most), field.words)
        case "texts":
            return tuple(_check_texts(path, value, field.most))
        case "number":
            return _check_number(field, value, path)
        case "flag":
            if not isinstance(value, bool):
                raise RowRefused(path, value, "Must be true or false.")
            return value
        case "moment":
            return _parse_moment(path, value)
        case _:
            raise TypeError(f"{field.name}: a value of type {field.type} needs a parser of its own")


def parse_link(path: str, url: str | None) -> CanonicalLink | None:
    """Returns the canonical form of a link; None if there is no link.

    Raises:
        RowRefused: the public cannot open the link.
    """
    try:
        return canonicalise(url) if url else None
    except UnusableLink as refused:
        raise RowRefused(path, url, refused.message) from None


def _parse_moment(path: str, value: Any) -> dt.datetime:
    """Parses a date and time, or a day, which means its first moment."""
    try:
        return start_of(parse_time(value if isinstance(value, str) else ""))
    except ValueError as error:
        raise RowRefused(path, value, str(error)) from None


def _check_text(path: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise RowRefused(path, value, "Must be text.")
    return check_text(path, value, longest)


def _check_texts(path: str, value: Any, most: int | None) -> list[str]:
    most = most or _MOST_MEMBERS
    if not isinstance(value, list) or len(value) > most or not all(isinstance(part, str) for part in value):
        raise RowRefused(path, value, f"Must be a list of at most {most} texts.")
    return [check_text(path, part, LONGEST_NAME) for part in value]


def _check_number(field: Field, value: Any, path: str) -> int:
    least, most = _limits(field)
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or value != int(value) or not least <= value <= most:
        raise RowRefused(path, value, f"Must be a whole number from {least} to {most}.")
    return int(value)


def _limits(field: Field) -> tuple[int, int]:
    return (
        _LEAST_NUMBER if field.least is None else field.least,
        _MOST_NUMBER if field.most is None else field.most,
    )
