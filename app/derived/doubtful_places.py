"""Finds events whose place is doubtful: far from every place of the name that the reports give, or
far outside the theatre.

The doubt is only shown, as a distance: nothing is moved or left out. Members, readers and the map
ask this module (docs/decisions/0053-doubtful-places.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Double, FromClause, Select, Subquery, and_, case, cast, func, or_, select, union
from sqlalchemy.dialects.postgresql import distinct_on

from app.models.columns import SRID
from app.models.public import public_event, public_event_place, public_place, public_place_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.theatre import Extent

# An event is doubtful if its place is farther than this from the nearest place of the name, beyond
# its own precision. Reports say "Pokrovsk" for fighting that is 30 km away.
FAR_FROM_NAME_M: Final = 50_000
# An event without a known place name is doubtful if it lies farther than this outside the extent.
FAR_OUTSIDE_M: Final = 500_000


@dataclass(frozen=True)
class PlaceTables:
    """The tables that the query reads.

    Attributes:
        events: the table of events; has `id` and `precision_m`.
        shape: the shape of an event.
        named: `event_id`, `geonameid` and `as_spelled` of the places that an event names.
        places: the settlements of the gazetteer.
        spellings: their spellings.
    """

    events: FromClause
    shape: ColumnElement[Any]
    named: FromClause
    places: FromClause
    spellings: FromClause


PUBLIC: Final = PlaceTables(public_event, public_event.c.shape, public_event_place, public_place, public_place_name)


def metres_outside(shape: ColumnElement[Any], extent: Extent) -> ColumnElement[float]:
    """Returns the distance of a shape from the extent in metres; 0 inside. As in
    `app.geo.extent.metres_outside`.
    """
    spot = case((func.ST_GeometryType(shape) == "ST_Point", shape), else_=func.ST_PointOnSurface(shape))
    longitude, latitude = func.ST_X(spot), func.ST_Y(spot)
    near = func.ST_SetSRID(
        func.ST_MakePoint(
            func.least(func.greatest(longitude, extent.west), extent.east),
            func.least(func.greatest(latitude, extent.south), extent.north),
        ),
        SRID,
    )
    box = func.ST_MakeEnvelope(extent.west, extent.south, extent.east, extent.north, SRID)
    away = func.ST_Distance(cast(spot, Geography), cast(near, Geography))
    return cast(case((func.ST_Intersects(shape, box), 0), else_=away), Double)


def place_distances(tables: PlaceTables, conditions: Sequence[ColumnElement[bool]]) -> Subquery:
    """Returns the query for the nearest place of any name that an event gives: `event_id`,
    `geonameid`, `name` and `away_m`. Events whose names the gazetteer lacks have no row.

    The gazetteer has several places of many names. The nearest of them counts, so that a namesake
    raises no doubt.

    Args:
        tables: that are read.
        conditions: on the table of events.
    """
    event, named, spelling, place = tables.events.c, tables.named.c, tables.spellings.c, tables.places.c
    wanted = named.event_id.in_(select(event.id).where(*conditions))
    # Text after a comma is context: "Pokrovsk, Donetsk oblast".
    spelled = func.lower(func.btrim(func.split_part(named.as_spelled, ",", 1)))
    by_id = select(named.event_id, named.geonameid).where(named.geonameid.is_not(None), wanted)
    by_name = (
        select(named.event_id, spelling.geonameid)
        .join_from(tables.named, tables.spellings, func.lower(spelling.spelling) == spelled)
        .where(wanted)
    )
    meant = union(by_id, by_name).subquery()
    away = func.ST_Distance(cast(place.spot, Geography), cast(tables.shape, Geography))
    return (
        select(meant.c.event_id, place.geonameid, place.name, away.label("away_m"))
        .join_from(meant, tables.places, place.geonameid == meant.c.geonameid)
        .join(tables.events, event.id == meant.c.event_id)
        .ext(distinct_on(meant.c.event_id))
        .order_by(meant.c.event_id, away, place.geonameid)
        .subquery()
    )


def select_doubts(
    extent: Extent, conditions: Sequence[ColumnElement[bool]], tables: PlaceTables = PUBLIC, *, sound: bool = False
) -> Select[Any]:
    """Returns the query for the doubtful events: `event_id`, the nearest place of the name as
    `geonameid`, `name` and `away_m` (null: not far from a known name), and `outside_m`.

    Args:
        extent: of the theatre.
        conditions: on the table of events.
        tables: that are read.
        sound: the other events are in the result, too; `doubtful` tells them apart.
    """
    event = tables.events.c
    distances = place_distances(tables, conditions)
    outside_m = metres_outside(tables.shape, extent)
    away = distances.c.away_m
    is_far = func.coalesce(away > FAR_FROM_NAME_M + func.coalesce(event.precision_m, 0), False)
    doubtful = or_(is_far, and_(away.is_(None), outside_m > FAR_OUTSIDE_M))
    query = (
        select(
            event.id.label("event_id"),
            *(case((is_far, distances.c[name])).label(name) for name in ("geonameid", "name", "away_m")),
            outside_m.label("outside_m"),
            doubtful.label("doubtful"),
        )
        .select_from(tables.events.outerjoin(distances, distances.c.event_id == event.id))
        .where(*conditions)
    )
    return query if sound else query.where(doubtful)


def select_doubtful(extent: Extent, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Returns the query for the ids of the doubtful public events, as `event_id`."""
    doubts = select_doubts(extent, conditions).subquery()
    return select(doubts.c.event_id)
