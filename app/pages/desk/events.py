"""Events at the desk as a page: filtered, in a list and on a map, to be changed one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import bulk, choosing
from app.desk.choosing import origin_names
from app.desk.schemas import BulkShown, EventRow, ListedState
from app.pages.desk.frame import Choice, Frame, frame_of, show
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords, choices, steps_from
from app.pages.event_words import EventWords
from app.pages.templating import page_language

router = APIRouter()

_ACTS = 10


@dataclass(frozen=True)
class RowShown:
    """An event of the list; `row` is as the API gives it."""

    row: EventRow
    category: str
    verification: str
    when: str


@dataclass(frozen=True)
class EventsPage:
    """The context of `desk/events.html`; `more` is the address of the next page, or empty."""

    frame: Frame
    events: list[RowShown]
    total: int
    more: str
    states: list[Choice]
    state: str
    categories: list[Choice]
    verifications: list[Choice]
    origins: list[Choice]
    q: str
    filtered: bool
    acts: list[BulkShown]
    words: WorkWords
    steps: list[Choice]
    config: dict[str, Any]


@router.get("/desk/events")
def events_page(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    state: Annotated[str, Query(max_length=20)] = "in_review",
    category: Annotated[str, Query(max_length=60)] = "",
    verification: Annotated[str, Query(max_length=20)] = "",
    origin: Annotated[str, Query(max_length=60)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Show the events that match, the last changed first."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    origins = origin_names(session)
    wanted = choosing.Choice(
        state=state if state in get_args(ListedState) else "in_review",
        category=category if category in words.categories else "",
        verification=verification if verification in words.verifications else "",
        origin=origin if origin in origins else "",
        q=q,
    )
    found = choosing.rows(session, wanted, after=choosing.read_place(after) if after else None)
    kept = {name: value for name, value in vars(wanted).items() if value}
    lang = {"lang": language} if "lang" in request.query_params else {}
    frame = frame_of(request, member)
    context = EventsPage(
        frame=frame,
        events=[
            RowShown(
                row=row,
                category=words.categories.get(row.category, row.category),
                verification=words.verifications[row.verification],
                when=when.when(row.happened_from, row.happened_to, row.time_precision, inferred=False).text,
            )
            for row in found.events
        ],
        total=found.total,
        more=f"/desk/events?{urlencode(kept | lang | {'after': found.next})}" if found.next else "",
        states=choices({name: words.states[name] for name in get_args(ListedState)}, [wanted.state]),
        state=wanted.state,
        categories=choices(words.categories, [wanted.category]),
        verifications=choices(words.verifications, [wanted.verification]),
        origins=choices(origins, [wanted.origin]),
        q=q,
        filtered=len(kept) > 1,
        acts=bulk.acts(session).acts[:_ACTS],
        words=words,
        steps=steps_from(wanted.state, words, member.role),
        config=work_config(request, frame)
        | {
            "matching": urlencode(kept),
            "total": found.total,
            "rows": [row.model_dump(mode="json") for row in found.events],
            "words": words.verifications | words.categories | words.states,
        },
    )
    return show(request, "events.html", context)
