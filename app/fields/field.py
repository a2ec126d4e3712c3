"""The description of a field, as plain data. Views, API models, imports, forms and documents are
generated from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Type = Literal[
    "text",  # free text; `most` characters
    "url",
    "slug",  # a word of the theatre: category, belligerent, origin
    "word",  # one of `words`
    "words",  # several of `words`, without duplicates
    "texts",  # a list of free texts
    "number",  # whole, from `least` to `most`
    "flag",
    "moment",  # UTC
    "shape",  # EPSG:4326
    "uuid",
    "uuids",
    "bytes",
]

# The effect of a changed field on the parts of the event columns (`app/database/sql/stale.sql`).
# `nothing`: the map does not draw the field. `part`: the part is rebuilt, and may be served until
# then. `withdrawn`: the part is not served until it is rebuilt, because it may show data that is no
# longer public or has moved.
Stale = Literal["nothing", "part", "withdrawn"]

# Whether the digest of an imported row contains the field. `given`: only if the file has a value,
# so that digests from before the field existed stay the same. `never`: a change of the field is not
# a change of the row.
Digest = Literal["always", "given", "never"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an event, a source or a claim.

    Attributes:
        name: in the database, the API, imports and forms.
        type: of the values.
        title: the English label; pages translate it.
        help: the meaning and the unit, in one or two sentences.
        null: the value may be unknown.
        words: the closed list of values, each with its English label.
        least, most: the limits of a number; `most` is also the maximum length of a text or a list.
        default: the default value; None without `null` means that a value is required.
        stored: a column of the table; else joined or derived.
        public: a column of the public view.
        exported: a property in responses of the public API.
        editable: members can write it at the desk.
        importable: importers read it from files.
        searchable: `q` searches it for words.
        facet: readers can filter by it, and see the number of events for each value.
        drawn: the event columns of the map contain it (docs/event-columns.md).
        stale: the effect of a change on the event columns.
        digest: whether the digest of an imported row contains it.
        plain: card, page and editor show it in the list of plain fields; else they have special
            code for it.
    """

    name: str
    type: Type
    title: str
    help: str
    null: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    default: Any = None
    stored: bool = True
    public: bool = False
    exported: bool = False
    editable: bool = False
    importable: bool = False
    searchable: bool = False
    facet: bool = False
    drawn: bool = False
    stale: Stale = "nothing"
    digest: Digest = "never"
    plain: bool = False


@dataclass(frozen=True)
class Fields:
    """The fields of one kind of record, in display order."""

    record: str
    all: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        """Iterates over the fields."""
        return iter(self.all)

    def __getitem__(self, name: str) -> Field:
        """Returns the field with a name.

        Raises:
            KeyError: there is none.
        """
        for one in self.all:
            if one.name == name:
                return one
        raise KeyError(name)

    def names(self, **wanted: Any) -> tuple[str, ...]:
        """Returns the names of the fields whose attributes have these values:
        `EVENT.names(public=True)`.
        """
        return tuple(one.name for one in self.having(**wanted))

    def having(self, **wanted: Any) -> tuple[Field, ...]:
        """Returns the fields whose attributes have these values."""
        return tuple(one for one in self.all if all(getattr(one, key) == value for key, value in wanted.items()))


SQL_TYPES: Final[Mapping[Type, str]] = {
    "text": "text",
    "url": "text",
    "slug": "text",
    "word": "text",
    "words": "text[]",
    "texts": "text[]",
    "number": "integer",
    "flag": "boolean",
    "moment": "timestamptz",
    "shape": "geometry",
    "uuid": "uuid",
    "uuids": "uuid[]",
    "bytes": "bytea",
}
