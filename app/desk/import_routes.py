"""What files brought, over the API, for members alone: drafts, until somebody accepts, merges or rejects them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import imports
from app.desk.schemas import (  # noqa: TC001 - FastAPI reads it
    AcceptImportBody,
    DeskImport,
    ImportDecided,
    MergeImportBody,
    ReasonBody,
)
from app.review.meant import EventId, MeantEvent, answer

router = APIRouter(prefix="/api/desk/imports", tags=["desk"])


@router.get("/{event_id}")
def show_import(response: Response, session: WritingSession, member: CurrentMember, event_id: EventId) -> DeskImport:
    """Give an import with the events near it, and why one person may not publish it."""
    return answer(response, imports.shown(session, event_id))


@router.post("/{event_id}/accept")
def accept_import(request: Request, meant: MeantEvent, body: AcceptImportBody) -> ImportDecided:
    """Take an import up. Near the line, or as confirmed, it waits for a second person; a program is none."""
    theatre = request.app.state.theatre
    return meant.answer(imports.accept(meant.session, meant.member, meant.id, body, meant.if_match, theatre))


@router.post("/{event_id}/merge")
def merge_import(meant: MeantEvent, body: MergeImportBody) -> ImportDecided:
    """Let an event that is there rest on the sources of an import, too."""
    return meant.answer(imports.merge(meant.session, meant.member, meant.id, body, meant.if_match))


@router.post("/{event_id}/reject")
def reject_import(meant: MeantEvent, body: ReasonBody) -> ImportDecided:
    """Set an import aside, with the reason; the same row of a file does not bring it again."""
    return meant.answer(imports.reject(meant.session, meant.member, meant.id, body, meant.if_match))


@router.post("/{event_id}/reopen")
def reopen_import(meant: MeantEvent, body: ReasonBody) -> ImportDecided:
    """Let an import that was set aside wait again."""
    return meant.answer(imports.reopen(meant.session, meant.member, meant.id, body, meant.if_match))
