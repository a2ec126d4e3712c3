"""Events at the desk as pages: the list, in which many are changed at once, and the editor of one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from app.access.members import CurrentMember
from app.database.session import ReadWriteSession, WritingSession
from app.desk import bulk
from app.desk.comments import comments_on
from app.desk.relations import relations_of
from app.desk.schemas import BulkShown, CommentShown, RelationShown
from app.models import Event, Origin
from app.pages.desk.frame import Choice, Frame, frame_of, show
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords, choices
from app.pages.event_words import EventWords
from app.pages.templating import page_language
from app.publication.states import STEPS, State
from app.review.queries import revisions_of
from app.review.schemas import DeskEvent
from app.review.writing import shown

router = APIRouter()

PAGE = 100
HISTORY = 50


@dataclass(frozen=True)
class EventRow:
    """An event of the list."""

    id: uuid.UUID
    version: int
    title: str
    category: str
    verification: str
    when: str
    origin: str
    hidden: bool


@dataclass(frozen=True)
class EventsPage:
    """The context of `desk/events.html`."""

    frame: Frame
    events: list[EventRow]
    states: list[Choice]
    state: str
    acts: list[BulkShown]
    words: WorkWords
    steps: list[Choice]
    origins: list[str]
    config: dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One field that a change wrote anew."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeShown:
    """One change of the history."""

    when: str
    made_by: str
    reason: str
    what: str
    changed: list[Changed]


@dataclass(frozen=True)
class EditorPage:
    """The context of `desk/editor.html`; `event` is none while it is new."""

    frame: Frame
    event: DeskEvent | None
    words: WorkWords
    steps: list[Choice]
    history: list[ChangeShown]
    comments: list[CommentShown]
    relations: list[RelationShown]
    config: dict[str, Any]


@router.get("/desk/events")
def events_page(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    state: Annotated[str, Query(max_length=20)] = "in_review",
) -> Response:
    """Show the events in a state, the last changed first, to be changed one by one or many at once."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    if state not in get_args(State):
        state = "in_review"
    rows = session.scalars(
        select(Event).where(Event.state == state).order_by(Event.updated_at.desc(), Event.id).limit(PAGE)
    )
    frame = frame_of(request, member)
    context = EventsPage(
        frame=frame,
        events=[
            EventRow(
                id=row.id,
                version=row.version,
                title=row.title,
                category=words.categories.get(row.category, row.category),
                verification=words.verifications[row.verification],
                when=when.when(row.happened_from, row.happened_to, row.time_precision, inferred=False).text,
                origin=row.origin,
                hidden=row.hidden_at is not None,
            )
            for row in rows
        ],
        states=choices({name: words.states[name] for name in get_args(State)}, [state]),
        state=state,
        acts=bulk.acts(session).acts[:10],
        words=words,
        steps=_steps(words, state, member),
        origins=list(session.scalars(select(Origin.slug).order_by(Origin.slug))),
        config=work_config(request, frame),
    )
    return show(request, "events.html", context)


@router.get("/desk/events/new")
def new_event_page(request: Request, member: CurrentMember) -> Response:
    """Show the editor, empty."""
    frame = frame_of(request, member)
    words = WorkWords(page_language(request), request.app.state.theatre)
    context = EditorPage(frame, None, words, [], [], [], [], work_config(request, frame) | {"event": None})
    return show(request, "editor.html", context)


@router.get("/desk/events/{event_id}")
def event_page(request: Request, member: CurrentMember, session: WritingSession, event_id: uuid.UUID) -> Response:
    """Show the editor of an event, with its history, comments and relations."""
    words = WorkWords(page_language(request), request.app.state.theatre)
    event = shown(session, event_id)
    frame = frame_of(request, member)
    context = EditorPage(
        frame=frame,
        event=event,
        words=words,
        steps=_steps(words, event.state, member),
        history=_history(session, event_id, words),
        comments=comments_on(session, event_id=event_id).comments,
        relations=relations_of(session, event_id).relations,
        config=work_config(request, frame) | {"event": event.model_dump(mode="json")},
    )
    return show(request, "editor.html", context)


def _steps(words: WorkWords, state: str, member: CurrentMember) -> list[Choice]:
    """Give the steps that a member's role may take from a state."""
    return [
        Choice(name, words.steps[name])
        for name, step in STEPS.items()
        if step.before == state and member.role.reaches(step.least)
    ]


def _history(session: ReadWriteSession, event_id: uuid.UUID, words: WorkWords) -> list[ChangeShown]:
    told = []
    for one in revisions_of(session, event_id, HISTORY):
        old, new = one.old or {}, one.new or {}
        changed = [
            Changed(name, _short(old[name]), _short(new[name]))
            for name in sorted(old.keys() & new.keys() - {"version", "updated_at", "shape", "exact_shape"})
            if old[name] != new[name]
        ]
        if old.get("shape") != new.get("shape") and old and new:
            changed.append(Changed("geometry", "", "…"))
        told.append(
            ChangeShown(
                words.moment(one.made_at), one.made_by, one.reason or "", f"{one.relation}: {one.action}", changed
            )
        )
    return told


def _short(value: object) -> str:
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
