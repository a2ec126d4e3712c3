"""Finds possible duplicates for the desk, among events in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.models import Event, EventSource
from app.problems import NotFound
from app.review.schemas import NearDuplicate
from app.similarity import Subject, compare_events, explain_similarity

if TYPE_CHECKING:
    import uuid

    from app.database.session import ReadWriteSession
    from app.messages import Translate

LIMIT = 20
# Columns that are returned unchanged.
_EVENT: Final = tuple(name for name in NearDuplicate.model_fields if name in Event.__table__.c)


def near_duplicates(session: ReadWriteSession, event_id: uuid.UUID, translate: Translate = str) -> list[NearDuplicate]:
    """Returns the events in any state that are near an event in place and time, or share a source
    with it.

    Raises:
        NotFound: there is no such event.
    """
    if session.get(Event, event_id) is None:
        raise NotFound("There is no event with this id.")
    one, other = aliased(Event), aliased(Event)
    mine, theirs = aliased(EventSource), aliased(EventSource)
    # The exact shape and the public shape have an index each.
    alike = compare_events(_subject_of(one), _subject_of(other), indexed=(one.shape, one.exact_shape))  # type: ignore[arg-type] # columns
    shared = (
        select(func.count())
        .select_from(mine)
        .join(theirs, theirs.source_id == mine.source_id)
        .where(mine.event_id == event_id, theirs.event_id == one.id)
        .correlate(one)
        .scalar_subquery()
    )
    sharing = select(theirs.event_id).join(mine, mine.source_id == theirs.source_id).where(mine.event_id == event_id)
    point = func.ST_PointOnSurface(func.coalesce(one.exact_shape, one.shape))
    query = (
        select(
            *(getattr(one, name) for name in _EVENT),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
            alike.score.label("score"),
            alike.distance_m.label("distance_m"),
            alike.hours_apart.label("hours_apart"),
            alike.words.label("likeness"),
            shared.label("same_sources"),
        )
        .join(other, and_(other.id == event_id, one.id != other.id))
        .where(or_(alike.near, one.id.in_(sharing)))
        .order_by((shared > 0).desc(), alike.score.desc(), one.id)
        .limit(LIMIT)
    )
    return [
        NearDuplicate(
            **{name: getattr(row, name) for name in (*_EVENT, "longitude", "latitude")},
            score=round(row.score, 3),
            reasons=explain_similarity(
                distance_m=row.distance_m,
                hours_apart=row.hours_apart,
                words=row.likeness,
                same_sources=row.same_sources,
                translate=translate,
            ),
            distance_m=round(row.distance_m),
            hours_apart=round(row.hours_apart, 1),
            likeness=round(row.likeness, 3),
            same_sources=row.same_sources,
        )
        for row in session.execute(query)
    ]


def _subject_of(event: type[Event]) -> Subject:
    exact = func.coalesce(event.exact_shape, event.shape)
    return Subject(exact, event.happened_from, event.happened_to, event.words)  # type: ignore[arg-type] # columns
