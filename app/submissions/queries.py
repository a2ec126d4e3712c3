"""Questions to the database about submissions. What is compared with the map is read from the public views alone."""

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
    """Match what lies within 500 m on the ellipsoid; the boxes let the index on the shapes be used."""
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
    """Give the public events that may be the one that is submitted, nearest first.

    They lie within 500 m and 3 days of it, or rest on the same footage.

    Args:
        session: reads the public views.
        spot: longitude and latitude in degrees, when they are known.
        happened: the half-open range, when it is known.
        canonical_urls: of the footage that is submitted.
        words: what is said of it; compared in lower case.

    Returns:
        Columns of `public_event`, `longitude` and `latitude` of a point on it, `distance_m` (null without a spot),
        `near` (in place and time), `same_footage` (those of the canonical URLs that it has), and of `app.similarity`
        `hours_apart`, `likeness` and `score` (null without a spot and a time).
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
    shown: tuple[ColumnElement[Any], ...] = (
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
    question = (
        select(*shown)
        # A union, not an "or": each part is found through its own index.
        .where(event.id.in_(union(*candidates)))
        .order_by(distance.asc().nulls_last(), event.happened_from.desc(), event.id)
        .limit(NEARBY_LIMIT)
    )
    return session.execute(question).all()


def is_public_event(session: PublicReadSession, event_id: uuid.UUID) -> bool:
    """Tell whether the public can see an event."""
    return session.scalar(select(literal(True)).where(event.id == event_id)) is not None


def queue_is_full(session: ReadWriteSession, cap: int) -> bool:
    """Tell whether as many submissions wait as may."""
    waiting = select(literal(1)).where(Submission.state.in_(OPEN_STATES)).limit(cap).subquery()
    return (session.scalar(select(func.count()).select_from(waiting)) or 0) >= cap


def add(session: ReadWriteSession, submission: dict[str, Any]) -> bool:
    """Store a submission and give True, unless one with its tracking code or its idempotency key is there."""
    stored = session.execute(
        insert(Submission).values(submission).on_conflict_do_nothing().returning(Submission.tracking_hash)
    )
    return stored.one_or_none() is not None


def by_tracking_hash(session: ReadWriteSession, tracking_hash: bytes) -> Row[str, dt.datetime] | None:
    """Give what became of the submission with a tracking code."""
    question = select(Submission.state, Submission.created_at).where(Submission.tracking_hash == tracking_hash)
    return session.execute(question).one_or_none()


def submission_of_code(session: ReadWriteSession, tracking_hash: bytes, *, locked: bool = False) -> Submission | None:
    """Give the submission with a tracking code; `locked`: nobody else changes it until the transaction ends."""
    question = select(Submission).where(Submission.tracking_hash == tracking_hash)
    return session.scalar(question.with_for_update() if locked else question)


def messages(session: ReadWriteSession, submission_id: uuid.UUID) -> Sequence[SubmissionMessage]:
    """Give what the desk asked about a submission and what its sender answered, in order."""
    question = select(SubmissionMessage).where(SubmissionMessage.submission_id == submission_id)
    return session.scalars(question.order_by(SubmissionMessage.created_at, SubmissionMessage.id)).all()


def add_answer(session: ReadWriteSession, submission: Submission, answer_id: uuid.UUID, text: str) -> None:
    """Store the sender's answer, and let the submission be reviewed on."""
    now = func.clock_timestamp()  # a question and its answer keep their order
    session.add(SubmissionMessage(id=answer_id, submission_id=submission.id, by_sender=True, text=text, created_at=now))
    submission.state = "in_review"
    session.flush()
