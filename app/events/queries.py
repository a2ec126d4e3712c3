"""Queries for events. All of them read the public views and are independent of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Uuid, any_, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.derived.doubtful_places import select_doubts
from app.derived.event_columns_query import SHAPE_DIGITS, SPOT
from app.events.filters import conditions_of
from app.events.filters.on_view import sql_conditions
from app.models.public import (
    public_claim,
    public_event,
    public_event_columns_part,
    public_event_columns_state,
    public_event_place,
    public_event_source,
    public_origin,
    public_place,
    public_place_name,
    public_tombstone,
)

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from app.database.session import PublicReadSession
    from app.events.schemas import ItemsQuery
    from app.theatre import Extent

event = public_event.c

EVENT_COLUMNS = (
    *(column for column in event if column.key not in {"shape", "words"}),
    func.ST_AsGeoJSON(event.shape, SHAPE_DIGITS).label("geometry"),
    *SPOT,
)


def fetch_event_page(session: PublicReadSession, parameters: ItemsQuery) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns a page of events, newest first, and one more row if there is a next page."""
    conditions = sql_conditions(conditions_of(parameters))
    if parameters.ids:
        conditions.append(event.id.in_(parameters.ids))
    if parameters.cursor is not None:
        conditions.append(
            tuple_(event.happened_from, event.id) < (parameters.cursor.happened_from, parameters.cursor.id)
        )
    query = (
        select(*EVENT_COLUMNS)
        .where(*conditions)
        .order_by(event.happened_from.desc(), event.id.desc())
        .limit(parameters.limit + 1)
    )
    return session.execute(query).all()


def fetch_event(session: PublicReadSession, event_id: uuid.UUID) -> Row[Any] | None:
    """Returns an event, or None if it is not public."""
    return session.execute(select(*EVENT_COLUMNS).where(event.id == event_id)).one_or_none()


def fetch_tombstone(session: PublicReadSession, event_id: uuid.UUID) -> Row[Any] | None:
    """Returns what the public may know of a withdrawn event; None if it was never public."""
    return session.execute(select(public_tombstone).where(public_tombstone.c.id == event_id)).one_or_none()


def _matches_any(column: ColumnElement[uuid.UUID], events: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    return column == any_(literal(events, ARRAY(Uuid)))


def fetch_sources(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the sources of events, with `event_id` and `role`, in display order."""
    source = public_event_source.c
    query = (
        select(public_event_source)
        .where(_matches_any(source.event_id, events))
        .order_by(source.event_id, source.position, source.name, source.source_id)
    )
    return session.execute(query).all()


def fetch_claims(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the claims about events, in display order."""
    claim = public_claim.c
    query = (
        select(public_claim)
        .where(_matches_any(claim.event_id, events))
        .order_by(claim.event_id, claim.position, claim.id)
    )
    return session.execute(query).all()


def _names(geonameid: ColumnElement[int]) -> ColumnElement[Any]:
    """Returns the names of a place by language, as `names`."""
    spelt = public_place_name.c
    return (
        select(func.jsonb_object_agg(spelt.language, spelt.spelling))
        .where(spelt.geonameid == geonameid, spelt.language.is_not(None))
        .scalar_subquery()
        .label("names")
    )


def fetch_places(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the places that events name, with `name` and `names` {language: name} of the
    gazetteer.
    """
    named = public_event_place.c
    query = (
        select(named.event_id, named.geonameid, named.as_spelled, public_place.c.name, _names(named.geonameid))
        .outerjoin(public_place, public_place.c.geonameid == named.geonameid)
        .where(_matches_any(named.event_id, events))
        .order_by(named.event_id, named.position)
    )
    return session.execute(query).all()


def fetch_doubts(
    session: PublicReadSession, events: Sequence[uuid.UUID], extent: Extent
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the doubtful events: `away_m` and `outside_m`, and the nearest place of the name with
    `name` and `names` of the gazetteer.
    """
    doubt = select_doubts(extent, [_matches_any(event.id, events)]).subquery()
    query = select(doubt, public_place.c.name, _names(doubt.c.geonameid)).outerjoin(
        public_place, public_place.c.geonameid == doubt.c.geonameid
    )
    return session.execute(query).all()


def fetch_attributions(session: PublicReadSession) -> Sequence[str]:
    """Returns the attributions that the origins of public data require."""
    named = public_origin.c.attribution
    return session.scalars(select(named).where(named.is_not(None)).distinct().order_by(named)).all()


def fetch_column_parts(session: PublicReadSession) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the parts of the columns without their content, the newest first."""
    part = public_event_columns_part.c
    columns = (column for column in part if column.key not in {"brotli", "gzip"})
    return session.execute(select(*columns).order_by(part.from_day.desc(), part.spans)).all()


def columns_are_stale(session: PublicReadSession) -> bool:
    """Checks whether some parts will be rebuilt."""
    return bool(session.scalar(select(public_event_columns_state.c.stale)))


def part_exists(session: PublicReadSession, hash_: str) -> bool:
    """Checks whether a part is public."""
    return bool(session.scalar(select(exists().where(public_event_columns_part.c.hash == hash_))))


def fetch_part_content(session: PublicReadSession, hash_: str, encoding: str) -> bytes:
    """Returns the content of a part as `br` or `gzip`; the part must exist."""
    part = public_event_columns_part.c
    column = part.brotli if encoding == "br" else part.gzip
    return bytes(session.scalars(select(column).where(part.hash == hash_).limit(1)).one())
