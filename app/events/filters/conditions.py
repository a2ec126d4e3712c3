"""The kinds of conditions that a filter of events is made of, each with what it asks for.

Every renderer handles each kind with `match` and ends in `assert_never`: the type checker names the renderers that lack
a new kind. A new field of a kind that exists needs no change of a renderer.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.parsing.bbox import BoundingBox
from app.parsing.days import TimeFilter
from app.parsing.positions import Circle
from app.parsing.text import escape_like


@dataclass(frozen=True)
class Below:
    """A column of the event has one of some slugs, or a child of one: `strike` includes `strike.drone`."""

    column: str
    slugs: tuple[str, ...]

    @property
    def child_patterns(self) -> list[str]:
        """Return the patterns for LIKE that match the children."""
        return [f"{escape_like(slug)}.%" for slug in self.slugs]


@dataclass(frozen=True)
class AnyOf:
    """At least one of some columns of the event has one of some values."""

    columns: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class OfSource:
    """At least one source of the event has one of some values in a column. An event without sources has none."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """Each of some words stands somewhere in title or description, in upper or lower case."""

    words: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        """Return the patterns for LIKE, which the database must put into lower case."""
        return [f"%{escape_like(word)}%" for word in self.words]


@dataclass(frozen=True)
class Near:
    """The shape lies within a distance of a place, at least in part."""

    circle: Circle


@dataclass(frozen=True)
class NamesPlace:
    """The reports of the event name a place of the gazetteer."""

    geonameid: int


@dataclass(frozen=True)
class During:
    """The event's half-open range of time intersects a time."""

    time: TimeFilter


@dataclass(frozen=True)
class Touches:
    """The shape and a box have at least one point in common."""

    box: BoundingBox


Condition = Below | AnyOf | OfSource | Words | Near | NamesPlace | During | Touches
