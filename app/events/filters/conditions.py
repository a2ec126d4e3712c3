"""The kinds of conditions in a filter of events.

Every renderer handles each kind with `match` and ends in `assert_never`: the type checker names the
renderers that lack a new kind. A new field of a kind that exists needs no change of a renderer.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.parsing.bbox import BoundingBox
from app.parsing.days import TimeFilter
from app.parsing.positions import Circle
from app.parsing.text import escape_like


@dataclass(frozen=True)
class Below:
    """A column of the event is one of some slugs, or a child of one: `strike` includes
    `strike.drone`.
    """

    column: str
    slugs: tuple[str, ...]

    @property
    def child_patterns(self) -> list[str]:
        """Returns LIKE patterns that match the children."""
        return [f"{escape_like(slug)}.%" for slug in self.slugs]


@dataclass(frozen=True)
class AnyOf:
    """At least one of some columns of the event has one of some values."""

    columns: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class OfSource:
    """At least one source of the event has one of some values in a column. An event without sources
    does not match.
    """

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """All of some words occur in title or description, in upper or lower case."""

    words: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        """Returns LIKE patterns; the database must convert them to lower case."""
        return [f"%{escape_like(word)}%" for word in self.words]


@dataclass(frozen=True)
class Near:
    """At least a part of the shape lies within a distance of a position."""

    circle: Circle


@dataclass(frozen=True)
class NamesPlace:
    """A report of the event names a place of the gazetteer."""

    geonameid: int


@dataclass(frozen=True)
class During:
    """The time range of the event overlaps with a time range."""

    time: TimeFilter


@dataclass(frozen=True)
class Touches:
    """The shape intersects a bounding box."""

    box: BoundingBox


Condition = Below | AnyOf | OfSource | Words | Near | NamesPlace | During | Touches
