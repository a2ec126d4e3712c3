"""The page with the editor of an event, its history, comments and relations."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk.comments import comments_on
from app.desk.imports import is_waiting_import
from app.desk.relations import relations_of
from app.desk.schemas import NORMAL, CommentShown, RelationShown
from app.desk.work import event_work, reviewers
from app.geo.null_island import NULL_ISLAND
from app.pages.desk.frame import Choice, Frame, build_frame, show
from app.pages.desk.history import ChangeShown, history_of
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords, steps_from, steps_with_reason
from app.pages.templating import page_language
from app.publication.second_person import may_vouch
from app.review.schemas import DeskEvent
from app.review.writing import read_event

router = APIRouter()


@dataclass(frozen=True)
class EditorPage:
    """The context of `desk/editor.html`; `event` is None for a new event."""

    frame: Frame
    event: DeskEvent | None
    words: WorkWords
    steps: list[Choice]
    history: list[ChangeShown]
    comments: list[CommentShown]
    relations: list[RelationShown]
    config: dict[str, Any]
    imported: bool = False
    may_be_vouched: bool = False
    at_null_island: bool = False
    steps_with_reason: str = ""
    rank: int = NORMAL
    assigned_to: str = ""
    reviewers: Sequence[str] = ()


@router.get("/desk/events/new")
def new_event_page(request: Request, member: CurrentMember) -> Response:
    """Renders the empty editor."""
    frame = build_frame(request, member)
    words = WorkWords(page_language(request), request.app.state.theatre)
    context = EditorPage(frame, None, words, [], [], [], [], work_config(request, frame) | {"event": None})
    return show(request, "editor.html", context)


@router.get("/desk/events/{event_id}")
def event_page(request: Request, member: CurrentMember, session: WritingSession, event_id: uuid.UUID) -> Response:
    """Renders the editor of an event, with its history, comments and relations."""
    words = WorkWords(page_language(request), request.app.state.theatre)
    event = read_event(session, event_id)
    frame = build_frame(request, member)
    item = event_work(session, event_id)
    context = EditorPage(
        frame=frame,
        event=event,
        words=words,
        steps=steps_from(event.state, words, member.role),
        steps_with_reason=steps_with_reason(words),
        history=history_of(session, event, words),
        comments=comments_on(session, event_id=event_id).comments,
        relations=relations_of(session, event_id).relations,
        config=work_config(request, frame) | {"event": event.model_dump(mode="json")},
        imported=event.state == "draft" and is_waiting_import(session, event_id),
        rank=item.rank,
        assigned_to=item.assigned_to.name if item.assigned_to else "",
        reviewers=reviewers(session),
        may_be_vouched=may_vouch(event),
        at_null_island=shapely.box(*NULL_ISLAND).intersects(shapely.from_geojson(json.dumps(event.geometry))),
    )
    return show(request, "editor.html", context)
