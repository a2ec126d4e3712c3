"""The page that tells a sender what became of a submission. The code comes in the body, never in an address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from app.database.session import WritingSession
from app.http.fetch_metadata import refuse_cross_site
from app.pages.event_words import EventWords
from app.pages.templating import page_language, render
from app.problems import NotFound
from app.submissions.routes import reception_of, status_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class TrackPage:
    """The context of `track.html`; `state` is empty before a code is given, and `unknown` when no submission has it."""

    code: str
    state: str
    received_on: str


@router.get("/track")
def track_page(request: Request) -> Response:
    """Ask for the code."""
    return _show(request, TrackPage("", "", ""))


@router.post("/track", dependencies=[Depends(refuse_cross_site)])
def show_state(request: Request, session: WritingSession, code: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Tell what became of the submission with a code."""
    try:
        found = status_of(reception_of(request), session, code)
    except NotFound:
        return _show(request, TrackPage(code, "unknown", ""), status=404)
    day = EventWords(page_language(request)).days(*[found.received_at.astimezone(dt.UTC).date()] * 2)
    return _show(request, TrackPage(code, found.status, day))


def _show(request: Request, page: TrackPage, *, status: int = 200) -> Response:
    response = render(request, "track.html", page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
