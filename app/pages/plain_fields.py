"""Fields that pages show without a place made for them, as "Title: value": `plain` and `exported` in `app/fields`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.fields import EVENT, SOURCE
from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.fields import Field, Fields

# The word of a closed list that says nothing: pages leave it out, so that it can never be taken for a good mark.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlainField:
    """A field and its value in the reader's language."""

    name: str
    title: str
    value: str


def fields_config(language: str) -> dict[str, list[dict[str, Any]]]:
    """Describe the plain fields of events and sources to the page's scripts, in a language."""
    return {fields.record: [_described(field, language) for field in _plain(fields)] for fields in (EVENT, SOURCE)}


def plain_fields(fields: Fields, values: Mapping[str, Any], language: str) -> list[PlainField]:
    """Return what is known of the plain fields of one event or source; `static/js/ui/plain-fields.js` does the same."""
    named = ((field, _in_words(field, values.get(field.name), language)) for field in _plain(fields))
    return [PlainField(field.name, translate(language, field.title), value) for field, value in named if value]


def _plain(fields: Fields) -> Sequence[Field]:
    return fields.having(plain=True, exported=True)


def _described(field: Field, language: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": translate(language, field.title),
        "words": {word: translate(language, name) for word, name in field.words.items()},
    }


def _in_words(field: Field, value: Any, language: str) -> str:
    """Return a text, number, flag, word or list of them in words; empty when it says nothing."""
    several = value if isinstance(value, list | tuple) else [value]
    known = (one for one in several if one is not None and not (field.words and one == UNKNOWN))
    return ", ".join(_one_in_words(field, one, language) for one in known)


def _one_in_words(field: Field, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate(language, "yes") if value else translate(language, "no")
    # What people wrote is never translated: it may be the same as a text of a button.
    return translate(language, field.words[value]) if value in field.words else str(value)
