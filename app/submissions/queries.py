"""Database queries for submissions. Comparisons with events read the public views only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, DateTime, Row, Text, any_, cast, func, literal, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert

from app.models import Submission, SubmissionMessage
from app.models.columns import SRID
from app.models.public import public_event, public_event_source
from app.models.submission import OPEN_STATES
from app.parsing.positions import Circle
from app.similarity import Subject, compare_events

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from app.database.session import PublicReadSession, ReadWriteSession

NEAR_M: Final = 500
NEAR_TIME: Final = dt.timedelta(days=3)
NEARBY_LIMIT: Final = 20

event = public_event.c


def _near_in_place(longitude: float, latitude: float) -> ColumnElement[bool]:
    """Returns the condition for shapes within 500 m on the ellipsoid; the boxes let PostgreSQL use
    the index.
    """
    boxes = Circle(longitude, latitude, NEAR_M).bounding_box().parts()
    within_boxes = or_(*(event.shape.intersects(func.ST_MakeEnvelope(*box, SRID)) for box in boxes))
    return within_boxes & func.ST_DWithin(cast(event.shape, Geography), _geography(longitude, latitude), NEAR_M)


def _geography(longitude: float, latitude: float) -> ColumnElement[Any]:
    return cast(func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), SRID), Geography)


def _near_in_time(happened: tuple[dt.datetime, dt.datetime]) -> ColumnElement[bool]:
    return (event.happened_from < happened[1] + NEAR_TIME) & (event.happened_to > happened[0] - NEAR_TIME)


def nearby_events(
    session: PublicReadSession,
    *,
    spot: tuple[float, float] | None,
    happened: tuple[dt.datetime, dt.datetime] | None,
    canonical_urls: Sequence[str],
    words: str = "",
) -> Sequence[Row[Any]]:
    """Returns the public events that may be the same as a submission, nearest first.

    They are within 500 m and 3 days of it, or have the same footage.

    Args:
        session: reads the public views.
        spot: longitude and latitude in degrees, if known.
        happened: the half-open range, if known.
        canonical_urls: the canonical links of the submitted footage.
        words: the description; compared in lower case.

    Returns:
        The columns of `public_event`, and: `longitude` and `latitude` of a point on the event;
        `distance_m` (null without a spot); `near` (in place and time); `same_footage` (the given
        canonical URLs that the event has). From `app.similarity`: `hours_apart`, `likeness` and
        `score` (null without a spot and a time).
    """
    source = public_event_source.c
    same_footage = (
        select(func.array_agg(aggregate_order_by(source.canonical_url, source.canonical_url)))
        .where(source.event_id == event.id, source.canonical_url == any_(literal(list(canonical_urls), ARRAY(Text))))
        .correlate(public_event)
        .scalar_subquery()
    )
    candidates = [
        select(source.event_id).where(source.canonical_url == any_(literal(list(canonical_urls), ARRAY(Text))))
    ]
    near: ColumnElement[bool] = literal(False)
    distance: ColumnElement[Any] = literal(None)
    alike: tuple[ColumnElement[Any], ...] = (literal(None), literal(None), literal(None))
    if spot is not None:
        distance = func.ST_Distance(cast(event.shape, Geography), _geography(*spot))
        if happened is not None:
            near = _near_in_place(*spot) & _near_in_time(happened)
            candidates.append(select(event.id).where(near))
            given = Subject(
                func.ST_SetSRID(func.ST_MakePoint(*spot), SRID),
                literal(happened[0], DateTime(timezone=True)),
                literal(happened[1], DateTime(timezone=True)),
                literal(words.lower(), Text),
            )
            compared = compare_events(Subject(event.shape, event.happened_from, event.happened_to, event.words), given)
            alike = (compared.hours_apart, compared.words, compared.score)
    point = func.ST_PointOnSurface(event.shape)
    columns: tuple[ColumnElement[Any], ...] = (
        event.id,
        event.title,
        event.category,
        event.verification,
        event.happened_from,
        event.happened_to,
        event.time_precision,
        func.ST_X(point).label("longitude"),
        func.ST_Y(point).label("latitude"),
        func.round(distance).label("distance_m"),
        near.label("near"),
        *(value.label(name) for name, value in zip(("hours_apart", "likeness", "score"), alike, strict=True)),
        func.coalesce(same_footage, cast([], ARRAY(Text))).label("same_footage"),
    )
    query = (
        select(*columns)
        # A union instead of "or", so that each part uses its own index.
        .where(event.id.in_(union(*candidates)))
        .order_by(distance.asc().nulls_last(), event.happened_from.desc(), event.id)
        .limit(NEARBY_LIMIT)
    )
    return session.execute(query).all()


def is_public_event(session: PublicReadSession, event_id: uuid.UUID) -> bool:
    """Tells whether an event is public."""
    return session.scalar(select(literal(True)).where(event.id == event_id)) is not None


def queue_is_full(session: ReadWriteSession, cap: int) -> bool:
    """Tells whether the number of waiting submissions has reached the limit."""
    waiting = select(literal(1)).where(Submission.state.in_(OPEN_STATES)).limit(cap).subquery()
    return (session.scalar(select(func.count()).select_from(waiting)) or 0) >= cap


def add(session: ReadWriteSession, submission: dict[str, Any]) -> bool:
    """Inserts a submission; returns False if its tracking code or idempotency key exists
    already.
    """
    stored = session.execute(
        insert(Submission).values(submission).on_conflict_do_nothing().returning(Submission.tracking_hash)
    )
    return stored.one_or_none() is not None


def by_tracking_hash(session: ReadWriteSession, tracking_hash: bytes) -> Row[str, dt.datetime] | None:
    """Returns the state of the submission with a tracking code; None if there is none."""
    query = select(Submission.state, Submission.created_at).where(Submission.tracking_hash == tracking_hash)
    return session.execute(query).one_or_none()


def submission_of_code(session: ReadWriteSession, tracking_hash: bytes, *, locked: bool = False) -> Submission | None:
    """Returns the submission with a tracking code, locked until the transaction ends if
    `locked`.
    """
    query = select(Submission).where(Submission.tracking_hash == tracking_hash)
    return session.scalar(query.with_for_update() if locked else query)


def messages(session: ReadWriteSession, submission_id: uuid.UUID) -> Sequence[SubmissionMessage]:
    """Returns the questions of the desk and the answers of the sender, oldest first."""
    query = select(SubmissionMessage).where(SubmissionMessage.submission_id == submission_id)
    return session.scalars(query.order_by(SubmissionMessage.created_at, SubmissionMessage.id)).all()


def add_answer(session: ReadWriteSession, submission: Submission, answer_id: uuid.UUID, text: str) -> None:
    """Inserts the sender's answer and puts the submission back into review."""
    now = func.clock_timestamp()  # a question and its answer keep their order
    session.add(SubmissionMessage(id=answer_id, submission_id=submission.id, by_sender=True, text=text, created_at=now))
    submission.state = "in_review"
    session.flush()
