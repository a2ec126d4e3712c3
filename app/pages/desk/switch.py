"""The page of the incident switch, for administrators, which can also sign everyone out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember
from app.access.modes import Mode
from app.access.switch import Switch, read_mode, set_mode
from app.accounts import administration, queries
from app.database.session import WritingSession
from app.pages.desk.frame import Frame, build_frame, desk_words, go, show

router = APIRouter()


@dataclass(frozen=True)
class ModeShown:
    """A mode of the switch."""

    value: str
    name: str
    meaning: str
    set: bool


@dataclass(frozen=True)
class SwitchPage:
    """The context of `desk/switch.html`."""

    frame: Frame
    modes: list[ModeShown]


@router.get("/desk/switch")
def switch_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the switch."""
    known, set_now = desk_words(request).modes, read_mode(session)
    modes = [ModeShown(mode, *known[mode], mode is set_now) for mode in Mode]
    return show(request, "switch.html", SwitchPage(build_frame(request, member), modes))


@router.post("/desk/switch")
def set_switch(
    request: Request, member: CurrentMember, session: WritingSession, mode: Annotated[Mode, Form()]
) -> Response:
    """Sets the switch, for all processes."""
    set_mode(session, mode)
    queries.record(session, "switched", of=None, by=member.id, detail=mode)
    switch: Switch = request.app.state.switch
    switch.expire()
    return go(request, "/desk/switch", "switched")


@router.post("/desk/switch/sign-everyone-out")
def sign_everyone_out(
    request: Request, member: CurrentMember, session: WritingSession, tokens: Annotated[bool, Form()] = False
) -> Response:
    """Ends all sessions of all accounts, including this one, and revokes all tokens if
    requested.
    """
    administration.sign_everyone_out(session, tokens=tokens, by=member.id)
    return go(request, "/sign-in")
