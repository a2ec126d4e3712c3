"""What is known of a field: plain data, from which views, API models, imports, forms and documents
are made.
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
    "words",  # several of `words`, each once
    "texts",  # a list of free texts
    "number",  # whole, from `least` to `most`
    "flag",
    "moment",  # UTC
    "shape",  # EPSG:4326
    "uuid",
    "uuids",
    "bytes",
]

# What a change of a field makes of the parts of the map that browsers hold
# (`app/database/sql/stale.sql`): nothing, since the map does not draw the field; the part is
# rebuilt and may be served meanwhile; or the part is withdrawn at once, since what it shows may no
# longer be public or in its place.
Stale = Literal["nothing", "part", "withdrawn"]

# Whether the digest of an imported row has the field: always, or only when the file gives it. The
# digests of rows that were imported before a field existed stay the same that way. `never`: a
# change of it is not a change of the row.
Digest = Literal["always", "given", "never"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an event, a source or a claim.

    Attributes:
        name: in the database, the API, imports and forms alike.
        type: of its values.
        title: what people read at it, in English; pages translate it.
        help: one or two sentences: what it means, with units.
        null: it may be unknown.
        words: the closed list that it takes, each with what people read, in English.
        least, most: of a number; `most` also of the characters of a text and the members of a list.
        default: what it is when nobody says; with None and not `null` it must be given.
        stored: it is a column of the table itself; else it is joined or derived.
        public: a column of the public view.
        exported: a property of what the public API gives.
        editable: members write it at the desk.
        importable: files bring it.
        searchable: `q` looks for words in it.
        facet: readers filter by it, and see how many events have each value.
        drawn: the compact columns of the map hold it (docs/event-columns.md).
        stale: what a change of it makes of those columns.
        digest: whether the digest of an imported row has it.
        plain: card, page and editor show it like any other plain field; else they have a place made
            for it.
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
    """The fields of one kind of record, in the order in which they are listed everywhere."""

    record: str
    all: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        """Iterates over the fields."""
        return iter(self.all)

    def __getitem__(self, name: str) -> Field:
        """Returns the field of this name.

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
