"""The page of the queue: items to review, filters, and comments that mention the member."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk.choosing import origin_names
from app.desk.comments import comments_for
from app.desk.queue import KINDS, Filters, parse_position, read_queue
from app.desk.work import reviewers
from app.models.submission import OPEN_STATES
from app.pages.desk.frame import Choice, Frame, build_frame, show
from app.pages.desk.work_words import WorkWords, choices
from app.pages.event_words import EventWords
from app.pages.templating import page_language

router = APIRouter()

_MENTIONS = 5
_PATHS = {"footage": "submissions", "problem": "submissions", "import": "imports"}


@dataclass(frozen=True)
class ItemShown:
    """An item of the queue."""

    path: str
    kind: str
    kind_words: str
    title: str
    state: str
    state_words: str
    rank: int
    rank_words: str
    category: str
    when: str
    age: str
    since: dt.datetime
    origin: str
    warnings: int
    answered: bool
    senders: int
    assigned_to: str
    seen_by: list[str]


@dataclass(frozen=True)
class MentionShown:
    """A comment that mentions the member."""

    path: str
    made_by: str
    text: str
    when: str


@dataclass(frozen=True)
class QueuePage:
    """The context of `desk/queue.html`; `more` is the URL of the next page, or empty."""

    frame: Frame
    items: list[ItemShown]
    total: int
    more: str
    kinds: list[Choice]
    states: list[Choice]
    ranks: list[Choice]
    assigned: list[Choice]
    categories: list[Choice]
    origins: list[Choice]
    ages: list[Choice]
    mentions: list[MentionShown]
    filtered: bool


def _parse_filter(value: str, known: tuple[str, ...]) -> frozenset[str]:
    """Returns the value of a filter; unknown values are ignored."""
    return frozenset({value} & set(known))


@router.get("/desk/queue")
def queue_page(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    kind: Annotated[str, Query(max_length=20)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    priority: Annotated[str, Query(max_length=1)] = "",
    assigned: Annotated[str, Query(max_length=60)] = "",
    category: Annotated[str, Query(max_length=60)] = "",
    origin: Annotated[str, Query(max_length=60)] = "",
    waiting_hours: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Renders a page of the queue."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    _ = words._
    assignees = {"me": _("me"), "nobody": _("nobody")} | {
        name: name for name in reviewers(session) if name not in {"me", "nobody", member.name}
    }
    origins = origin_names(session)
    wanted = Filters(
        kinds=_parse_filter(kind, KINDS),
        states=_parse_filter(state, OPEN_STATES),
        rank=int(priority) if priority in {"1", "2", "3"} else None,
        assigned=assigned if assigned in assignees else "",
        category=category if category in words.categories else "",
        origin=origin if origin in origins else "",
        waiting_hours=int(waiting_hours) if waiting_hours in words.ages else None,
    )
    found = read_queue(session, member, wanted, after=parse_position(after) if after else None)
    items = [
        ItemShown(
            path=f"/desk/{_PATHS.get(one.kind, 'events')}/{one.id}",
            kind=one.kind,
            kind_words=words.kinds[one.kind],
            title=one.title,
            state=one.state,
            state_words=words.states[one.state],
            rank=one.rank,
            rank_words=words.ranks[one.rank],
            category=words.categories.get(one.category or "", one.category or ""),
            when=when.when(one.happened_from, one.happened_to, one.time_precision, inferred=False).text
            if one.happened_from and one.happened_to and one.time_precision
            else "",
            age=words.age(one.since),
            since=one.since,
            origin=origins.get(one.origin or "", "") if one.kind == "import" else "",
            warnings=one.warnings,
            answered=one.answered,
            senders=one.senders,
            assigned_to=one.assigned_to.name if one.assigned_to else "",
            seen_by=one.seen_by,
        )
        for one in found.items
    ]
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "after" and value]
    context = QueuePage(
        frame=build_frame(request, member),
        items=items,
        total=found.total,
        more=f"/desk/queue?{urlencode([*parameters, ('after', found.next)])}" if found.next else "",
        kinds=choices(words.kinds, wanted.kinds),
        states=choices({name: words.states[name] for name in OPEN_STATES}, wanted.states),
        ranks=choices({str(rank): name for rank, name in words.ranks.items()}, [priority]),
        assigned=choices(assignees, [wanted.assigned]),
        categories=choices(words.categories, [wanted.category]),
        origins=choices(origins, [wanted.origin]),
        ages=choices(words.ages, [str(wanted.waiting_hours or "")]),
        mentions=[
            MentionShown(
                path=f"/desk/submissions/{one.submission_id}" if one.submission_id else f"/desk/events/{one.event_id}",
                made_by=one.made_by,
                text=one.text,
                when=words.moment(one.created_at),
            )
            for one in comments_for(session, member).comments[:_MENTIONS]
        ],
        filtered=wanted != Filters(),
    )
    return show(request, "queue.html", context)
