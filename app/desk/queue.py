"""The queue of items to review, page by page. The cost of a page does not depend on the length of
the queue.
"""

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
from sqlalchemy.orm import aliased
from typing_extensions import override

from app.desk.queue_schemas import PAGE, Queue, QueueItem
from app.desk.schemas import NORMAL, ItemKind
from app.fields.words import SUBMISSION_KINDS
from app.models import Assignment, Event, EventPriority, Presence, Submission, SubmissionMessage
from app.models.submission import OPEN_STATES, URGENT
from app.parsing.cursors import decode_cursor, encode_cursor, invalid_cursor
from app.parsing.days import parse_moment
from app.parsing.numbers import parse_whole_number
from app.parsing.text import escape_like
from app.problems import InvalidParameter
from app.submissions.same_footage import item_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession

KINDS: Final[tuple[ItemKind, ...]] = get_args(ItemKind)
HIDDEN_UNREVIEWED: Final = and_(
    Event.hidden_at.is_not(None),
    or_(Event.hiding_reviewed_at.is_(None), Event.hiding_reviewed_at < Event.hidden_at),
)
# Matches imported drafts that wait for a decision.
IMPORT_WAITS: Final = (Event.import_digest.is_not(None), Event.set_aside_at.is_(None))
_TITLE_LETTERS: Final = 160


@dataclass(frozen=True)
class Filters:
    """The filters of the queue; an empty filter matches everything.

    Attributes:
        kinds: the kinds of items.
        states: the states of submissions; `in_review` also matches events.
        rank: 3 urgent, 2 normal, 1 low.
        assigned: `me`, `nobody`, the name of a member, or empty.
        category: matches its subcategories, too.
        origin: the origin of events and imports.
        waiting_hours: how long the item has waited at least.
    """

    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    rank: int | None = None
    assigned: str = ""
    category: str = ""
    origin: str = ""
    waiting_hours: int | None = None


@dataclass(frozen=True)
class QueuePosition:
    """The last item of a page; the next page begins after it."""

    rank: int
    since: dt.datetime
    id: uuid.UUID

    @override
    def __str__(self) -> str:
        return encode_cursor(str(self.rank), self.since.isoformat(), str(self.id))


def parse_position(text: str) -> QueuePosition:
    """Parses the parameter `after`.

    Raises:
        InvalidParameter: it is not the `next` of a page.
    """
    try:
        rank, since, item = decode_cursor(text, parts=3)
        return QueuePosition(parse_whole_number(rank, 0, 9), parse_moment(since), uuid.UUID(item))
    except ValueError:
        raise InvalidParameter("after", str(invalid_cursor())) from None


@dataclass(frozen=True)
class _Part:
    """The columns of items of one kind with one kind of rank; `since` and `id` order the items of a
    rank.
    """

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
    # Literal states, so that PostgreSQL can use the partial indexes.
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
            waits=and_(waiting, Submission.joined_to.is_(None)),
        ),
        *_by_priority("import", _constant("received"), Event.created_at, and_(draft, *IMPORT_WAITS)),
        *_by_priority("event", Event.state, Event.updated_at, in_review),
        _of_events("hidden", _constant("hidden"), Event.hidden_at, HIDDEN_UNREVIEWED, _constant_rank(URGENT)),
    ]


def _by_priority(kind: ItemKind, state: Any, since: Any, waits: ColumnElement[bool]) -> tuple[_Part, _Part]:
    """Returns two parts: the few items with a priority of their own, and the others, which an index
    keeps in order.
    """
    named = EventPriority.event_id == Event.id
    return (
        _of_events(kind, state, since, and_(waits, named), EventPriority.priority),
        _of_events(kind, state, since, and_(waits, ~exists().where(named)), _constant_rank(NORMAL)),
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


def _constant_rank(rank: int) -> ColumnElement[int]:
    return cast(literal(rank), SmallInteger)


def _part_query(part: _Part, member: Member, filters: Filters) -> Select[*tuple[Any, ...]] | None:
    """Returns the query for the matching items of a part; None if the filters exclude all of its
    kinds.
    """
    kinds = [kind for kind in part.kinds if not filters.kinds or kind in filters.kinds]
    if not kinds or (filters.origin and part.origin is None):
        return None
    query: Select[*tuple[Any, ...]] = select(
        part.id.label("id"),
        part.kind.label("kind"),
        part.state.label("state"),
        part.rank.label("rank"),
        part.since.label("since"),
    ).where(part.waits)
    if len(kinds) < len(part.kinds):
        query = query.where(part.kind.in_(kinds))
    if filters.states:
        query = query.where(part.state.in_(sorted(filters.states)))
    if filters.rank is not None:
        query = query.where(part.rank == filters.rank)
    if filters.category:
        query = query.where(
            or_(part.category == filters.category, part.category.like(f"{escape_like(filters.category)}.%"))
        )
    if filters.origin and part.origin is not None:
        query = query.where(part.origin == filters.origin)
    if filters.waiting_hours is not None:
        query = query.where(part.since <= func.now() - dt.timedelta(hours=filters.waiting_hours))
    if filters.assigned:
        theirs = select(Assignment.item_id).where(Assignment.item_id == part.id)
        if filters.assigned == "nobody":
            query = query.where(~theirs.exists())
        elif filters.assigned == "me":
            query = query.where(theirs.where(Assignment.member_id == member.id).exists())
        else:
            query = query.where(theirs.where(Assignment.member_name == filters.assigned.lower()).exists())
    return query


def read_queue(
    session: ReadWriteSession,
    member: Member,
    filters: Filters,
    *,
    after: QueuePosition | None = None,
    limit: int = PAGE,
) -> Queue:
    """Returns a page of the items to review, most urgent first, then oldest."""
    pages, counts = [], []
    for part in _parts():
        query = _part_query(part, member, filters)
        if query is None:
            continue
        counts.append(select(func.count()).select_from(query.subquery()).scalar_subquery())
        if after is not None:
            query = query.where(
                or_(
                    part.rank < after.rank,
                    and_(part.rank == after.rank, tuple_(part.since, part.id) > tuple_(after.since, after.id)),
                )
            )
        ordered = query.order_by(part.rank.desc(), part.since, part.id).limit(limit + 1)
        pages.append(select(ordered.subquery()))
    if not pages:
        return Queue(items=[], total=0, next=None)
    whole = union_all(*pages).subquery()
    rows = session.execute(
        select(whole).order_by(whole.c.rank.desc(), whole.c.since, whole.c.id).limit(limit + 1)
    ).all()
    total = session.execute(select(*counts)).one()
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return Queue(
        items=_queue_items(session, member, page),
        total=sum(total),
        next=None if last is None else str(QueuePosition(last.rank, last.since, last.id)),
    )


def _queue_items(session: ReadWriteSession, member: Member, rows: Sequence[Any]) -> list[QueueItem]:
    """Returns the items with what the list shows; four queries for any number of items."""
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
    joined = aliased(Submission)
    answered = exists().where(
        SubmissionMessage.submission_id == joined.id, SubmissionMessage.by_sender, item_id_of(joined) == Submission.id
    )
    senders = select(1 + func.count()).where(joined.joined_to == Submission.id).scalar_subquery()
    sent = session.execute(
        select(
            Submission.id,
            func.left(Submission.description, _TITLE_LETTERS).label("text"),
            Event.title.label("event_title"),
            Submission.footage_urls,
            *(getattr(Submission, name) for name in times),
            func.jsonb_array_length(Submission.warnings).label("warnings"),
            answered.label("answered"),
            senders.label("senders"),
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
            "senders": row.senders,
        }
        for row in sent
    } | {
        row.id: {name: getattr(row, name) for name in times}
        | {"title": row.title, "origin": row.origin, "warnings": 0, "answered": False, "senders": 0}
        for row in events
    }
