"""The start page of the desk: links to the member's tools."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.pages.desk.frame import Frame, build_frame, show

router = APIRouter()


@dataclass(frozen=True)
class HomePage:
    """The context of `desk/home.html`."""

    frame: Frame


@router.get("/desk")
def home_page(request: Request, member: CurrentMember) -> Response:
    """Renders the links to the member's tools."""
    return show(request, "home.html", HomePage(build_frame(request, member)))
