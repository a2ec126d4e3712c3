"""The queue: what waits for somebody, page by page. Each page costs the same, however much waits."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import Text as SqlText
from typing_extensions import override

from app.desk.schemas import PAGE, URGENT, USUAL, ItemKind, Queue, QueueItem
from app.fields.words import SUBMISSION_KINDS
from app.models import Assignment, Event, EventPriority, Presence, Submission, SubmissionMessage
from app.models.submission import OPEN_STATES
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession

KINDS: Final[tuple[ItemKind, ...]] = get_args(ItemKind)
HIDDEN_UNREVIEWED: Final = and_(
    Event.hidden_at.is_not(None),
    or_(Event.hiding_reviewed_at.is_(None), Event.hiding_reviewed_at < Event.hidden_at),
)
# Drafts that a file brought, and that nobody has decided about.
IMPORT_WAITS: Final = (Event.import_digest.is_not(None), Event.set_aside_at.is_(None))
_TITLE_LETTERS: Final = 160


@dataclass(frozen=True)
class Filters:
    """What of the queue is wanted; empty: all.

    Attributes:
        kinds: of items.
        states: of submissions; `in_review` is also that of events.
        rank: 3 urgent, 2 usual, 1 low.
        assigned: `me`, `nobody`, the name of a member, or empty.
        category: with its children.
        origin: of events and imports.
        waiting_hours: waiting for at least so long.
    """

    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    rank: int | None = None
    assigned: str = ""
    category: str = ""
    origin: str = ""
    waiting_hours: int | None = None


@dataclass(frozen=True)
class Position:
    """The last item of a page, after which the next one begins."""

    rank: int
    since: dt.datetime
    id: uuid.UUID

    @override
    def __str__(self) -> str:
        return f"{self.rank}~{self.since.isoformat()}~{self.id}"


def read_position(text: str) -> Position:
    """Read the `after` of a page.

    Raises:
        InvalidParameter: it is none that was given out.
    """
    try:
        rank, since, item = text.split("~")
        moment = dt.datetime.fromisoformat(since)
        if moment.tzinfo is None or not 0 <= int(rank) <= 9:
            raise ValueError
        return Position(int(rank), moment, uuid.UUID(item))
    except ValueError:
        raise InvalidParameter("after", "this is no `next` of a page") from None


@dataclass(frozen=True)
class _Part:
    """Items of one kind and one way to be ranked, as columns: `since` and `id` order them inside a rank."""

    kinds: tuple[str, ...]
    id: ColumnElement[uuid.UUID]
    kind: ColumnElement[str]
    state: ColumnElement[str]
    rank: ColumnElement[int]
    since: ColumnElement[dt.datetime]
    category: ColumnElement[Any]
    waits: ColumnElement[bool]
    origin: ColumnElement[Any] | None = None


def _parts() -> list[_Part]:
    # The states stand as literals, as in the partial indexes that serve this.
    waiting = Submission.state.in_([literal(state, literal_execute=True) for state in OPEN_STATES])
    draft, in_review = (Event.state == literal(state, literal_execute=True) for state in ("draft", "in_review"))
    return [
        _Part(
            kinds=SUBMISSION_KINDS,
            id=Submission.id,  # type: ignore[arg-type] # a mapped column is an element
            kind=Submission.kind,  # type: ignore[arg-type]
            state=Submission.state,  # type: ignore[arg-type]
            rank=Submission.rank,  # type: ignore[arg-type]
            since=Submission.created_at,  # type: ignore[arg-type]
            category=Submission.category,  # type: ignore[arg-type]
            waits=waiting,
        ),
        *_by_priority("import", _constant("received"), Event.created_at, and_(draft, *IMPORT_WAITS)),
        *_by_priority("event", Event.state, Event.updated_at, in_review),
        _of_events("hidden", _constant("hidden"), Event.hidden_at, HIDDEN_UNREVIEWED, _ranked(URGENT)),
    ]


def _by_priority(kind: ItemKind, state: Any, since: Any, waits: ColumnElement[bool]) -> tuple[_Part, _Part]:
    """Give those whose priority was set, which are few, apart from the many: an index keeps those in their order."""
    named = EventPriority.event_id == Event.id
    return (
        _of_events(kind, state, since, and_(waits, named), EventPriority.priority),
        _of_events(kind, state, since, and_(waits, ~exists().where(named)), _ranked(USUAL)),
    )


def _of_events(kind: ItemKind, state: Any, since: Any, waits: ColumnElement[bool], rank: Any) -> _Part:
    return _Part(
        kinds=(kind,),
        id=Event.id,  # type: ignore[arg-type]
        kind=_constant(kind),
        state=state,
        rank=rank,
        since=since,
        category=Event.category,  # type: ignore[arg-type]
        waits=waits,
        origin=Event.origin,  # type: ignore[arg-type]
    )


def _constant(words: str) -> ColumnElement[str]:
    return cast(literal(words), SqlText)


def _ranked(rank: int) -> ColumnElement[int]:
    return cast(literal(rank), SmallInteger)


def _selected(part: _Part, member: Member, wanted: Filters) -> Select[*tuple[Any, ...]] | None:
    """Give the items of a part that are wanted; None: none of its kinds is."""
    kinds = [kind for kind in part.kinds if not wanted.kinds or kind in wanted.kinds]
    if not kinds or (wanted.origin and part.origin is None):
        return None
    question: Select[*tuple[Any, ...]] = select(
        part.id.label("id"),
        part.kind.label("kind"),
        part.state.label("state"),
        part.rank.label("rank"),
        part.since.label("since"),
    ).where(part.waits)
    if len(kinds) < len(part.kinds):
        question = question.where(part.kind.in_(kinds))
    if wanted.states:
        question = question.where(part.state.in_(sorted(wanted.states)))
    if wanted.rank is not None:
        question = question.where(part.rank == wanted.rank)
    if wanted.category:
        question = question.where(
            or_(part.category == wanted.category, part.category.startswith(f"{wanted.category}.", autoescape=True))
        )
    if wanted.origin and part.origin is not None:
        question = question.where(part.origin == wanted.origin)
    if wanted.waiting_hours is not None:
        question = question.where(part.since <= func.now() - dt.timedelta(hours=wanted.waiting_hours))
    if wanted.assigned:
        theirs = select(Assignment.item_id).where(Assignment.item_id == part.id)
        if wanted.assigned == "nobody":
            question = question.where(~theirs.exists())
        elif wanted.assigned == "me":
            question = question.where(theirs.where(Assignment.member_id == member.id).exists())
        else:
            question = question.where(theirs.where(Assignment.member_name == wanted.assigned.lower()).exists())
    return question


def queue(
    session: ReadWriteSession,
    member: Member,
    wanted: Filters,
    *,
    after: Position | None = None,
    limit: int = PAGE,
) -> Queue:
    """Give a page of what waits, the most urgent first, then the oldest."""
    pages, counts = [], []
    for part in _parts():
        question = _selected(part, member, wanted)
        if question is None:
            continue
        counts.append(select(func.count()).select_from(question.subquery()).scalar_subquery())
        if after is not None:
            question = question.where(
                or_(
                    part.rank < after.rank,
                    and_(part.rank == after.rank, tuple_(part.since, part.id) > tuple_(after.since, after.id)),
                )
            )
        ordered = question.order_by(part.rank.desc(), part.since, part.id).limit(limit + 1)
        pages.append(select(ordered.subquery()))
    if not pages:
        return Queue(items=[], total=0, next=None)
    whole = union_all(*pages).subquery()
    rows = session.execute(
        select(whole).order_by(whole.c.rank.desc(), whole.c.since, whole.c.id).limit(limit + 1)
    ).all()
    total = session.execute(select(*counts)).one()
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return Queue(
        items=_described(session, member, shown),
        total=sum(total),
        next=None if last is None else str(Position(last.rank, last.since, last.id)),
    )


def _described(session: ReadWriteSession, member: Member, rows: Sequence[Any]) -> list[QueueItem]:
    """Tell of each item what the list shows: four questions, however many items."""
    ids = [row.id for row in rows]
    facts = _facts(session, ids)
    assigned = {
        row.item_id: {"id": row.member_id, "name": row.member_name}
        for row in session.scalars(select(Assignment).where(Assignment.item_id.in_(ids)))
    }
    seen: dict[uuid.UUID, list[str]] = {}
    for one in session.scalars(
        select(Presence).where(
            Presence.item_id.in_(ids), Presence.member_id != member.id, Presence.until > func.clock_timestamp()
        )
    ):
        seen.setdefault(one.item_id, []).append(one.member_name)
    return [
        QueueItem.model_validate(
            {"id": row.id, "kind": row.kind, "state": row.state, "rank": row.rank, "since": row.since}
            | facts.get(row.id, {"title": "", "origin": None})
            | {"assigned_to": assigned.get(row.id), "seen_by": sorted(seen.get(row.id, []))}
        )
        for row in rows
    ]


def _facts(session: ReadWriteSession, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    times = ("category", "happened_from", "happened_to", "time_precision")
    answered = exists().where(SubmissionMessage.submission_id == Submission.id, SubmissionMessage.by_sender)
    sent = session.execute(
        select(
            Submission.id,
            func.left(Submission.description, _TITLE_LETTERS).label("text"),
            Event.title.label("event_title"),
            Submission.footage_urls,
            *(getattr(Submission, name) for name in times),
            func.jsonb_array_length(Submission.warnings).label("warnings"),
            answered.label("answered"),
        )
        .outerjoin(Event, Event.id == Submission.event_id)
        .where(Submission.id.in_(ids))
    )
    events = session.execute(
        select(Event.id, Event.title, Event.origin, *(getattr(Event, name) for name in times)).where(Event.id.in_(ids))
    )
    return {
        row.id: {name: getattr(row, name) for name in times}
        | {
            "title": row.event_title or row.text or next(iter(row.footage_urls), ""),
            "origin": None,
            "warnings": row.warnings,
            "answered": row.answered,
        }
        for row in sent
    } | {
        row.id: {name: getattr(row, name) for name in times}
        | {"title": row.title, "origin": row.origin, "warnings": 0, "answered": False}
        for row in events
    }
