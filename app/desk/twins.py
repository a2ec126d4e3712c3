"""What may be the same as a submission: other items of the queue, and earlier decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.desk.schemas import EarlierItem, QueueTwin
from app.models import Submission
from app.models.submission import OPEN_STATES
from app.problems import Suspicion
from app.similarity import PROBABLE, Subject, compare_events, explain_similarity
from app.submissions.same_footage import canonical_links, items_with_links

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.desk.schemas import DeskSubmission

LIMIT: Final = 10
_TITLE_LETTERS: Final = 160


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


_SHOWN_STATES: Final = ("draft", "in_review", "published")
# Warnings before an item becomes an event, by code; `confirm` of the request lists the codes.
MESSAGES: Final = {
    "same-footage-event": _("An event has this footage already. Merge into it, or accept anyway."),
    "near-event": _("An event is close to this place and time. Merge into it, or accept anyway."),
    "same-footage-item": _("Another item in the queue has some of this footage."),
    "near-item": _("Another item in the queue is close to this place and time."),
}


def queue_twins(session: Session, submission: Submission, urls: Sequence[str]) -> list[QueueTwin]:
    """Returns other items that wait and have some of the same footage, or are near in place and
    time; those with the same footage come first.
    """
    if submission.spot is None:
        return []
    one, other = aliased(Submission), aliased(Submission)
    near = compare_events(_subject(one), _subject(other))
    links = canonical_links(urls)
    same = one.id.in_(items_with_links(links))
    query = (
        select(
            one.id,
            func.left(one.description, _TITLE_LETTERS).label("title"),
            one.state,
            one.created_at.label("received_at"),
            same.label("same_footage"),
            near.distance_m.label("distance_m"),
            near.hours_apart.label("hours_apart"),
            near.words.label("likeness"),
            near.score.label("score"),
        )
        .join(other, other.id == submission.id)
        .where(
            one.id != other.id,
            one.joined_to.is_(None),
            one.kind == "footage",
            one.state.in_(OPEN_STATES),
            or_(near.near, same),
        )
        .order_by(same.desc(), near.score.desc(), one.id)
        .limit(LIMIT)
    )
    return [
        QueueTwin(
            id=row.id,
            title=row.title or "",
            state=row.state,
            received_at=row.received_at,
            same_footage=row.same_footage,
            score=round(row.score, 3),
            distance_m=round(row.distance_m),
            hours_apart=round(row.hours_apart, 1),
            likeness=round(row.likeness, 3),
            reasons=explain_similarity(
                distance_m=row.distance_m,
                hours_apart=row.hours_apart,
                words=row.likeness,
                same_sources=int(row.same_footage),
            ),
        )
        for row in session.execute(query)
    ]


def _subject(submission: type[Submission]) -> Subject:
    words = func.lower(func.coalesce(submission.description, ""))
    return Subject(submission.spot, submission.happened_from, submission.happened_to, words)  # type: ignore[arg-type] # columns


def earlier_items(session: Session, item_id: uuid.UUID, urls: Sequence[str]) -> list[EarlierItem]:
    """Returns the decided items with some of the same footage, newest decision first."""
    query = (
        select(Submission)
        .where(
            Submission.id.in_(items_with_links(canonical_links(urls))),
            Submission.id != item_id,
            Submission.decided_at.is_not(None),
        )
        .order_by(Submission.decided_at.desc(), Submission.id)
        .limit(LIMIT)
    )
    return [EarlierItem.model_validate(_earlier(one)) for one in session.scalars(query)]


def _earlier(one: Submission) -> dict[str, Any]:
    names = ("id", "state", "decided_at", "decision_reason", "result_event_id")
    return {name: getattr(one, name) for name in names} | {"decided_by": one.decided_by_name}


def twin_warnings(item: DeskSubmission) -> list[Suspicion]:
    """Returns the warnings before an item becomes an event; each names the first twin."""
    events = [one for one in item.near if one.state in _SHOWN_STATES]
    found = {
        "same-footage-event": next((one.id for one in events if one.same_sources), None),
        "near-event": next((one.id for one in events if not one.same_sources and one.score >= PROBABLE), None),
        "same-footage-item": next((one.id for one in item.twins if one.same_footage), None),
        "near-item": next((one.id for one in item.twins if not one.same_footage and one.score >= PROBABLE), None),
    }
    return [
        Suspicion(code, "/footage_urls" if "footage" in code else "/event", MESSAGES[code], str(twin))
        for code, twin in found.items()
        if twin is not None
    ]
