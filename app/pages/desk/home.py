"""Where a member lands: what they may do here."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.access.rights import RIGHTS
from app.pages.desk.frame import Frame, frame_of, show

router = APIRouter()


@dataclass(frozen=True)
class HomePage:
    """The context of `desk/home.html`; `interface` is what the member may do over the API, as (method, template)."""

    frame: Frame
    interface: list[tuple[str, str]]


@router.get("/desk")
def home_page(request: Request, member: CurrentMember) -> Response:
    """Show what the member may do."""
    allowed = [route.partition(" ") for route, least in sorted(RIGHTS.items()) if member.role.reaches(least)]
    interface = [(method, path) for method, _, path in allowed if path.startswith("/api/")]
    return show(request, "home.html", HomePage(frame_of(request, member), interface))
