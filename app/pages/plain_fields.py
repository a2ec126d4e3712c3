"""Plain fields (`plain` in `app/fields`) as "Title: value", for all pages that have no special
place for them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.fields import EVENT, SOURCE
from app.pages.event_words import EventWords
from app.pages.formats import format_number
from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.fields import Field, Fields

# Public pages leave out this word, so that readers do not mistake it for a positive result.
UNKNOWN: Final = "unknown"
_MINUTE: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class PlainField:
    """A field and its value in the reader's language."""

    name: str
    title: str
    value: str


def fields_config(language: str) -> dict[str, list[dict[str, Any]]]:
    """Returns the plain fields of events and sources for the page's scripts."""
    return {
        record.record: [_field_config(field, language) for field in _public_fields(record)]
        for record in (EVENT, SOURCE)
    }


def plain_fields(
    fields: Fields, values: Mapping[str, Any], language: str, *, for_desk: bool = False
) -> list[PlainField]:
    """Returns the plain fields of an event or a source that have a value.

    `static/js/ui/plain-fields.js` does the same for the card.

    Args:
        fields: the table of fields.
        values: the values by name, as in the API.
        language: the language of titles and values.
        for_desk: returns the fields that members can edit, and shows the value `unknown`.
    """
    listed = fields.having(plain=True, editable=True) if for_desk else _public_fields(fields)
    formatted = (
        (field, _format_all(field, values.get(field.name), language, show_unknown=for_desk)) for field in listed
    )
    return [PlainField(field.name, translate(language, field.title), value) for field, value in formatted if value]


def _public_fields(fields: Fields) -> Sequence[Field]:
    return fields.having(plain=True, exported=True)


def _field_config(field: Field, language: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type,
        "title": translate(language, field.title),
        "default": field.default if field.type == "flag" else None,
        "words": {word: translate(language, name) for word, name in field.words.items()},
    }


def _format_all(field: Field, value: Any, language: str, *, show_unknown: bool) -> str:
    """Formats a value or a list of values; empty if nothing is known."""
    several = value if isinstance(value, list | tuple) else [value]
    hidden: set[Any] = {UNKNOWN} if field.words and not show_unknown else set()
    if field.type == "flag" and field.default is not None and not show_unknown:
        hidden.add(field.default)  # nobody stated it
    return ", ".join(_format(field, one, language) for one in several if one is not None and one not in hidden)


def _format(field: Field, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate(language, "yes") if value else translate(language, "no")
    if isinstance(value, int):
        return format_number(language, value)
    if isinstance(value, dt.datetime):
        return EventWords(language).when(value, value + _MINUTE, "minute", inferred=False).text
    # Text that people wrote is never translated, even if it equals a text of the interface.
    return translate(language, field.words[value]) if value in field.words else str(value)
