"""The API of imports for members: drafts from files, which a member accepts, merges or rejects."""

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
from app.review.command import EventCommand, EventId, with_etag

router = APIRouter(prefix="/api/desk/imports", tags=["desk"])


@router.get("/{event_id}")
def show_import(response: Response, session: WritingSession, member: CurrentMember, event_id: EventId) -> DeskImport:
    """Returns an import with the events near it, and why one person may not publish it."""
    return with_etag(response, imports.read_import(session, event_id))


@router.post("/{event_id}/accept")
def accept_import(request: Request, response: Response, command: EventCommand, body: AcceptImportBody) -> ImportDecided:
    """Accepts an import. Near the front line, or as confirmed, it waits for a second person."""
    return with_etag(response, imports.accept(command, body, request.app.state.theatre))


@router.post("/{event_id}/merge")
def merge_import(response: Response, command: EventCommand, body: MergeImportBody) -> ImportDecided:
    """Adds the sources of an import to another event."""
    return with_etag(response, imports.merge(command, body))


@router.post("/{event_id}/reject")
def reject_import(response: Response, command: EventCommand, body: ReasonBody) -> ImportDecided:
    """Sets an import aside, with a reason; the same row of a file is not imported again."""
    return with_etag(response, imports.reject(command, body))


@router.post("/{event_id}/reopen")
def reopen_import(response: Response, command: EventCommand, body: ReasonBody) -> ImportDecided:
    """Makes an import that was set aside wait again."""
    return with_etag(response, imports.reopen(command, body))
