"""Questions to the database about events. All of them read the public views; none knows HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Row, Uuid, any_, case, cast, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.columns import SRID
from app.models.public import (
    public_claim,
    public_event,
    public_event_place,
    public_event_source,
    public_origin,
    public_place,
    public_place_name,
    public_tombstone,
)

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterator, Sequence

    from app.database.session import PublicReadSession
    from app.events.schemas import EventFilter, ItemsQuery
    from app.http.parameters import Box, Circle, TimeFilter

event = public_event.c

SHAPE_DIGITS = 6  # of GeoJSON coordinates: a tenth of a metre


def _in_time(time: TimeFilter) -> Iterator[ColumnElement[bool]]:
    """Match events whose half-open range intersects the time asked for."""
    if time.after is not None:
        yield event.happened_to > time.after
    if time.before is not None:
        yield event.happened_from <= time.before if time.before_included else event.happened_from < time.before


def _in_box(box: Box) -> ColumnElement[bool]:
    return or_(*(func.ST_Intersects(event.shape, func.ST_MakeEnvelope(*part, SRID)) for part in box.parts()))


def _near(circle: Circle) -> Iterator[ColumnElement[bool]]:
    """Match what lies within a distance on the ellipsoid; the box lets the index on the shapes be used."""
    spot = func.ST_SetSRID(func.ST_MakePoint(circle.longitude, circle.latitude), SRID)
    yield _in_box(circle.box())
    yield func.ST_DWithin(cast(event.shape, Geography), cast(spot, Geography), circle.radius_m)


def _like(word: str) -> str:
    """Make a pattern that finds a word anywhere, whatever characters it has."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def filtered(asked: EventFilter) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of a filter, all of which an event must meet."""
    if asked.category:
        yield or_(
            event.category.in_(asked.category), *(event.category.startswith(f"{slug}.") for slug in asked.category)
        )
    if asked.side:
        yield or_(event.actor.in_(asked.side), event.affected.in_(asked.side))
    if asked.verification:
        yield event.verification.in_(asked.verification)
    for word in asked.q.split():
        yield event.words.like(func.lower(_like(word)), escape="\\")
    if asked.near is not None:
        yield from _near(asked.near)


EVENT_COLUMNS = (
    *(kept for kept in event if kept.key not in {"shape", "words"}),
    func.ST_AsGeoJSON(event.shape, SHAPE_DIGITS).label("geometry"),
)


def page_of_events(session: PublicReadSession, asked: ItemsQuery) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give a page of events, newest first, and one more row when there is a next page."""
    conditions = [*filtered(asked)]
    if asked.datetime is not None:
        conditions += _in_time(asked.datetime)
    if asked.bbox is not None:
        conditions.append(_in_box(asked.bbox))
    if asked.ids:
        conditions.append(event.id.in_(asked.ids))
    if asked.cursor is not None:
        conditions.append(tuple_(event.happened_from, event.id) < (asked.cursor.happened_from, asked.cursor.id))
    question = (
        select(*EVENT_COLUMNS)
        .where(*conditions)
        .order_by(event.happened_from.desc(), event.id.desc())
        .limit(asked.limit + 1)
    )
    return session.execute(question).all()


def event_by_id(session: PublicReadSession, event_id: uuid.UUID) -> Row[Any] | None:
    """Give one event, if the public may see it."""
    return session.execute(select(*EVENT_COLUMNS).where(event.id == event_id)).one_or_none()


def tombstone(session: PublicReadSession, event_id: uuid.UUID) -> Row[Any] | None:
    """Give what is left of an event that was public and was withdrawn."""
    return session.execute(select(public_tombstone).where(public_tombstone.c.id == event_id)).one_or_none()


def _of_one(column: ColumnElement[uuid.UUID], events: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    return column == any_(literal(events, ARRAY(Uuid)))


def sources_of(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give the sources of events, with `event_id` and `role`, in the order in which they are shown."""
    source = public_event_source.c
    question = (
        select(public_event_source)
        .where(_of_one(source.event_id, events))
        .order_by(source.event_id, source.position, source.name, source.source_id)
    )
    return session.execute(question).all()


def claims_of(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give the claims about events, in the order in which they are shown."""
    claim = public_claim.c
    question = (
        select(public_claim).where(_of_one(claim.event_id, events)).order_by(claim.event_id, claim.position, claim.id)
    )
    return session.execute(question).all()


def places_of(session: PublicReadSession, events: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give the places that events name, with the gazetteer's `name` and `names` {language: name} where it has them."""
    named, spelt = public_event_place.c, public_place_name.c
    names = (
        select(func.jsonb_object_agg(spelt.language, spelt.spelling))
        .where(spelt.geonameid == named.geonameid, spelt.language.is_not(None))
        .scalar_subquery()
    )
    question = (
        select(named.event_id, named.geonameid, named.as_spelled, public_place.c.name, names.label("names"))
        .outerjoin(public_place, public_place.c.geonameid == named.geonameid)
        .where(_of_one(named.event_id, events))
        .order_by(named.event_id, named.position)
    )
    return session.execute(question).all()


def attributions(session: PublicReadSession) -> Sequence[str]:
    """Give how the origins of public data want to be named."""
    named = public_origin.c.attribution
    return session.scalars(select(named).where(named.is_not(None)).distinct().order_by(named)).all()


def content_revision(session: PublicReadSession) -> str:
    """Give a text that changes whenever the events that the public can see change.

    An edit moves `updated_at` forward, so the sum tells edits even when the newest stays the newest.
    """
    moment = func.extract("epoch", event.updated_at)
    row = session.execute(select(func.count(), func.sum(moment), func.max(moment)).select_from(public_event)).one()
    return "-".join(str(part) for part in row)


def rows_for_columns(session: PublicReadSession, asked: EventFilter) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give what the map draws of every event that matches, sorted by first day.

    `longitude`, `latitude` are in 1e-5 degrees, of a point on the shape; `geometry` is null for points; `first_day` and
    `last_day` are the UTC days it touches.
    """
    point = func.ST_PointOnSurface(event.shape)
    first = func.date(event.happened_from)
    # The range is half-open: what ends at midnight does not touch the day that begins then.
    last = func.date(event.happened_to - func.make_interval(0, 0, 0, 0, 0, 0, 0.000001))
    question = (
        select(
            event.id,
            func.round(func.ST_X(point) * 1e5).label("longitude"),
            func.round(func.ST_Y(point) * 1e5).label("latitude"),
            first.label("first_day"),
            last.label("last_day"),
            event.category,
            event.actor,
            event.affected,
            event.verification,
            event.time_precision,
            event.precision_m,
            case((func.ST_Dimension(event.shape) > 0, func.ST_AsGeoJSON(event.shape, SHAPE_DIGITS))).label("geometry"),
        )
        .where(*filtered(asked))
        .order_by(first, event.id)
    )
    return session.execute(question).all()


def newest_moment(session: PublicReadSession) -> dt.datetime | None:
    """Give when the newest public event was over; None when there is none."""
    return session.scalar(select(event.happened_to).order_by(event.happened_from.desc()).limit(1))
