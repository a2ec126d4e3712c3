"""Renders a filter of events as SQLAlchemy conditions on the public views or on the tables of the
desk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, assert_never

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, cast, exists, func, or_

from app.events.filters.conditions import (
    AnyOf,
    Below,
    Condition,
    During,
    NamesPlace,
    Near,
    OfSource,
    Touches,
    Words,
)
from app.models.columns import SRID
from app.models.public import public_event, public_event_place, public_event_source

if TYPE_CHECKING:
    from app.parsing.bbox import BoundingBox
    from app.parsing.days import TimeFilter

SMALL_SQUARE_DEGREES: Final = 0.5

Columns = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True)
class EventTables:
    """The tables that a filter is rendered for.

    Attributes:
        event: the columns of events.
        shape: the shape of an event.
        sources: `event_id`, and the columns of the sources of that event.
        places: `event_id`, and `geonameid` of the places that the event names.
    """

    event: Columns
    shape: ColumnElement[Any]
    sources: Columns
    places: Columns


PUBLIC: Final = EventTables(
    event=dict(public_event.c.items()),
    shape=public_event.c.shape,
    sources=dict(public_event_source.c.items()),
    places=dict(public_event_place.c.items()),
)


def sql_conditions(conditions: Sequence[Condition], tables: EventTables = PUBLIC) -> list[ColumnElement[bool]]:
    """Returns the SQL conditions of a filter; an event must satisfy all of them."""
    nearby = any(_is_small(condition) for condition in conditions)
    return [part for condition in conditions for part in _render(condition, tables, nearby=nearby)]


def _render(condition: Condition, tables: EventTables, *, nearby: bool) -> Iterator[ColumnElement[bool]]:
    event = tables.event
    match condition:
        case Below(column, slugs):
            children = (event[column].like(pattern) for pattern in condition.child_patterns)
            yield or_(event[column].in_(slugs), *children)
        case AnyOf(columns, values):
            yield or_(*(event[column].in_(values) for column in columns))
        case OfSource(column, values):
            source = tables.sources
            yield exists(source["event_id"]).where(source["event_id"] == event["id"], source[column].in_(values))
        case Words():
            for pattern in condition.patterns:
                yield event["words"].like(func.lower(pattern))
        case Near(circle):
            # The box lets the index on the shapes be used; the distance is measured on the
            # ellipsoid.
            spot = func.ST_SetSRID(func.ST_MakePoint(circle.longitude, circle.latitude), SRID)
            yield _touches(tables.shape, circle.bounding_box())
            yield func.ST_DWithin(cast(tables.shape, Geography), cast(spot, Geography), circle.radius_m)
        case NamesPlace(geonameid):
            named = tables.places
            yield exists(named["event_id"]).where(named["event_id"] == event["id"], named["geonameid"] == geonameid)
        case During(time):
            yield from _time_conditions(event, time, nearby=nearby)
        case Touches(box):
            yield _touches(tables.shape, box)
        case _:
            assert_never(condition)


def _time_conditions(event: Columns, time: TimeFilter, *, nearby: bool) -> Iterator[ColumnElement[bool]]:
    """Returns conditions for overlap with a time range.

    Args:
        event: the columns of events.
        time: the time range.
        nearby: the filter has a small area. PostGIS declares a high cost for comparing shapes. To
            avoid a few comparisons, the planner would scan the index on the ends of events, with
            all later events. Adding an empty interval to the end prevents the use of that index.
    """
    if time.after is not None:
        end = event["happened_to"]
        yield (end + dt.timedelta() if nearby else end) > time.after
    if time.before is not None:
        start = event["happened_from"]
        yield start <= time.before if time.before_included else start < time.before


def _touches(shape: ColumnElement[Any], box: BoundingBox) -> ColumnElement[bool]:
    # ST_Envelope turns a box without area into a line or a point. As a polygon the box would be
    # invalid, and the result of ST_Intersects would depend on the plan.
    parts = (func.ST_Envelope(func.ST_MakeEnvelope(*part, SRID)) for part in box.parts())
    return or_(*(func.ST_Intersects(shape, part) for part in parts))


def _is_small(condition: Condition) -> bool:
    """Checks whether a condition limits the events to a small box."""
    match condition:
        case Near(circle):
            box = circle.bounding_box()
        case Touches(box):
            pass
        case Below() | AnyOf() | OfSource() | Words() | NamesPlace() | During():
            return False
        case _:
            assert_never(condition)
    return sum((east - west) * (north - south) for west, south, east, north in box.parts()) < SMALL_SQUARE_DEGREES
