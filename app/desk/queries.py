"""Database queries for submissions and comments as members see them. Their results are never
public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import aliased

from app.desk.schemas import DeskSubmission, Near, SentValues
from app.desk.twins import earlier_items, queue_twins
from app.models import Assignment, Comment, Event, EventSource, Source, Submission, SubmissionMessage
from app.similarity import Subject, compare_events, explain_similarity
from app.sources.canonical import canonical_urls

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

NEAR_LIMIT: Final = 10
COMMENTS_LIMIT: Final = 200
SENDERS_LIMIT: Final = 50
# Columns of a submission that are returned unchanged. `decided_by` is not one of them: the response
# has the name.
_SUBMISSION: Final = tuple(
    name for name in DeskSubmission.model_fields if name in Submission.__table__.c and name != "decided_by"
)
_SENT: Final = tuple(name for name in SentValues.model_fields if name in Submission.__table__.c)
_NEAR: Final = tuple(name for name in Near.model_fields if name in Event.__table__.c)


def locked_submission(session: Session, submission_id: uuid.UUID) -> Submission | None:
    """Returns a submission, locked until the transaction ends; None if it does not exist."""
    return session.get(Submission, submission_id, with_for_update=True, populate_existing=True)


def described_submission(session: Session, submission_id: uuid.UUID) -> dict[str, Any] | None:
    """Returns the members of `schemas.DeskSubmission`, except those that depend on the reader."""
    query = (
        select(
            Submission,
            func.ST_X(Submission.spot).label("longitude"),
            func.ST_Y(Submission.spot).label("latitude"),
            Event.title.label("event_title"),
            Assignment.member_id,
            Assignment.member_name,
        )
        .outerjoin(Event, Event.id == Submission.event_id)
        .outerjoin(Assignment, Assignment.item_id == Submission.id)
        .where(Submission.id == submission_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    one: Submission = row.Submission
    joined = joined_submissions(session, one.id)
    urls = footage_of(one, joined)
    return {name: getattr(one, name) for name in _SUBMISSION} | {
        "received_at": one.created_at,
        "submitter_hashes": {sent.submitter_hash for sent in (one, *joined)} - {None},
        "senders": sent_values(session, one.id),
        "twins": queue_twins(session, one, urls),
        "earlier": earlier_items(session, one.id, urls),
        "decided_by": one.decided_by_name,
        "longitude": row.longitude,
        "latitude": row.latitude,
        "event_title": row.event_title,
        "assigned_to": None if row.member_id is None else {"id": row.member_id, "name": row.member_name},
        "messages": messages(session, [one.id])[one.id],
        "near": near_events(session, one.id, urls),
    }


def joined_submissions(session: Session, item_id: uuid.UUID) -> Sequence[Submission]:
    """Returns the submissions that joined an item, oldest first."""
    query = select(Submission).where(Submission.joined_to == item_id)
    return session.scalars(query.order_by(Submission.created_at, Submission.id)).all()


def footage_of(item: Submission, joined: Sequence[Submission]) -> list[str]:
    """Returns the links of an item and of the submissions that joined it, each canonical link once,
    as first given.
    """
    first: dict[str, str] = {}
    for sent in (item, *joined):
        for url in sent.footage_urls:
            first.setdefault(next(iter(canonical_urls([url])), url), url)
    return list(first.values())


def sent_values(session: Session, item_id: uuid.UUID) -> list[dict[str, Any]]:
    """Returns the members of `schemas.SentValues` of the submissions that joined an item."""
    query = (
        select(Submission, func.ST_X(Submission.spot).label("longitude"), func.ST_Y(Submission.spot).label("latitude"))
        .where(Submission.joined_to == item_id)
        .order_by(Submission.created_at, Submission.id)
        .limit(SENDERS_LIMIT)
    )
    rows = session.execute(query).all()
    asked = messages(session, [row.Submission.id for row in rows])
    return [
        {name: getattr(row.Submission, name) for name in _SENT}
        | {"received_at": row.Submission.created_at, "longitude": row.longitude, "latitude": row.latitude}
        | {"messages": asked[row.Submission.id]}
        for row in rows
    ]


def messages(session: Session, submissions: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Returns the questions to each sender and the answers, oldest first, by submission."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = {submission: [] for submission in submissions}
    query = select(SubmissionMessage).where(SubmissionMessage.submission_id.in_(submissions))
    for message in session.scalars(query.order_by(SubmissionMessage.created_at, SubmissionMessage.id)):
        found[message.submission_id].append(
            {name: getattr(message, name) for name in ("by_sender", "made_by", "text", "created_at")}
        )
    return found


def near_events(session: Session, submission_id: uuid.UUID, urls: Sequence[str]) -> list[dict[str, Any]]:
    """Returns the events in any state that may match a submission; those with the same footage come
    first.
    """
    event, sent = aliased(Event), aliased(Submission)
    exact = func.coalesce(event.exact_shape, event.shape)
    alike = compare_events(
        Subject(exact, event.happened_from, event.happened_to, event.words),  # type: ignore[arg-type] # columns
        Subject(sent.spot, sent.happened_from, sent.happened_to, func.lower(func.coalesce(sent.description, ""))),  # type: ignore[arg-type]
    )
    canonical = canonical_urls(urls)
    same = select(EventSource.event_id).join(Source).where(Source.canonical_url.in_(canonical))
    shared = (
        select(func.count())
        .select_from(EventSource)
        .join(Source)
        .where(EventSource.event_id == event.id, Source.canonical_url.in_(canonical))
        .correlate(event)
        .scalar_subquery()
    )
    point = func.ST_PointOnSurface(exact)
    query = (
        select(
            *(getattr(event, name) for name in _NEAR),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
            alike.score.label("score"),
            alike.distance_m.label("distance_m"),
            alike.hours_apart.label("hours_apart"),
            alike.words.label("likeness"),
            shared.label("same_sources"),
        )
        .join(sent, literal(True))
        .where(sent.id == submission_id, sent.spot.is_not(None), or_(alike.near, event.id.in_(same)))
        .order_by((shared > 0).desc(), alike.score.desc(), event.id)
        .limit(NEAR_LIMIT)
    )
    return [
        {name: getattr(row, name) for name in (*_NEAR, "longitude", "latitude", "same_sources")}
        | {
            "distance_m": round(row.distance_m),
            "hours_apart": round(row.hours_apart, 1),
            "likeness": round(row.likeness, 3),
            "score": round(row.score, 3),
            "reasons": explain_similarity(
                distance_m=row.distance_m,
                hours_apart=row.hours_apart,
                words=row.likeness,
                same_sources=row.same_sources,
            ),
        }
        for row in session.execute(query)
    ]


def comments_on(
    session: Session, *, submission_id: uuid.UUID | None = None, event_id: uuid.UUID | None = None
) -> Sequence[Comment]:
    """Returns the comments on a submission or an event, oldest first."""
    about = Comment.submission_id == submission_id if submission_id else Comment.event_id == event_id
    return session.scalars(
        select(Comment).where(about).order_by(Comment.created_at, Comment.id).limit(COMMENTS_LIMIT)
    ).all()


def comments_for(session: Session, member_id: uuid.UUID) -> Sequence[Comment]:
    """Returns the comments that mention a member, newest first."""
    query = select(Comment).where(Comment.mentions.contains([member_id]))
    return session.scalars(query.order_by(Comment.created_at.desc(), Comment.id).limit(COMMENTS_LIMIT)).all()
