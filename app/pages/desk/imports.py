"""The page of an import: the draft, a map, nearby events, and the decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import imports
from app.desk.comments import comments_on
from app.desk.schemas import DeskImport
from app.desk.work import reviewers
from app.pages.desk.frame import build_frame, show
from app.pages.desk.item import ItemPage, describe_nearby_events
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords
from app.pages.event_words import EventWords
from app.pages.templating import page_language

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class ImportPage(ItemPage):
    """The context of `desk/import.html`; `second` is the reason why two members are needed."""

    item: DeskImport
    where: str
    second_person_reasons: str


@router.get("/desk/imports/{event_id}")
def import_page(request: Request, member: CurrentMember, session: WritingSession, event_id: uuid.UUID) -> Response:
    """Renders an import."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    item = imports.read_import(session, event_id)
    event = item.event
    frame = build_frame(request, member)
    fields = item.model_dump(mode="json")
    kind = event.geometry["type"]
    context = ImportPage(
        frame=frame,
        words=words,
        state="received" if item.waits else "rejected" if item.decided_at else item.state,
        open=item.waits,
        may_decide=item.waits,
        rank=item.rank,
        assigned_to=item.assigned_to.name if item.assigned_to else "",
        reviewers=reviewers(session),
        has_map=True,
        near=describe_nearby_events(item.near, words, when),
        when=when.when(event.happened_from, event.happened_to, event.time_precision, inferred=event.time_inferred).text,
        where=words.place(event.geometry),
        precision=when.precision(event.precision_m, kind),
        comments=comments_on(session, event_id=event_id).comments,
        config=work_config(request, frame)
        | {
            "item": {name: fields[name] for name in ("id", "version", "near")}
            | {"kind": "import", "draft": fields["event"]}
            | {"path": f"imports/{item.id}", "work_path": f"events/{item.id}", "versioned": False}
        },
        item=item,
        second_person_reasons=", ".join(words.second[reason] for reason in item.needs_second if reason in words.second),
    )
    return show(request, "import.html", context)
