"""The page that lists and ends the sessions of a member."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember
from app.accounts import keys, queries
from app.accounts.authentication import signed_in
from app.database.session import WritingSession
from app.pages.desk.frame import Frame, build_frame, desk_words, go, show

router = APIRouter()


@dataclass(frozen=True)
class SessionShown:
    """A session, with formatted times (UTC); its location is not stored."""

    id: uuid.UUID
    started: str
    seen: str
    is_current: bool


@dataclass(frozen=True)
class SessionsPage:
    """The context of `desk/sessions.html`."""

    frame: Frame
    sessions: list[SessionShown]


@router.get("/desk/sessions")
def sessions_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the open sessions."""
    words, current_id = desk_words(request), signed_in(request).session_id
    rows = [
        SessionShown(one.id, words.moment(one.started_at), words.moment(one.seen_at), one.id == current_id)
        for one in queries.sessions_of(session, member.id)
    ]
    return show(request, "sessions.html", SessionsPage(build_frame(request, member), rows))


@router.post("/desk/sessions/end")
def end_session(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Ends one of the member's sessions."""
    queries.end_sessions(session, member.id, only=chosen)
    return go(request, "/desk/sessions", "session")


@router.post("/desk/sessions/end-others")
def end_others(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Ends all sessions except this one."""
    queries.end_sessions(session, member.id, but=signed_in(request).session_id)
    return go(request, "/desk/sessions", "sessions")


@router.post("/sign-out")
def sign_out(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Ends this session and deletes its cookies."""
    queries.end_sessions(session, member.id, only=signed_in(request).session_id)
    response = go(request, "/")
    for cookie in (keys.SESSION_COOKIE, keys.KNOWN_COOKIE):
        response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="lax")
    return response
