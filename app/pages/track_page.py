"""The page with the status of a submission. The tracking code is sent in the body, never in a
URL.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from app.database.session import PublicSession, WritingSession
from app.fields.limits import LONGEST_TEXT
from app.http.client import client_network
from app.http.fetch_metadata import refuse_cross_site
from app.pages.event_words import EventWords
from app.pages.templating import page_language, render
from app.parsing.text import check_characters
from app.problems import Conflict, NotFound
from app.submissions.follow import answer, status_of
from app.submissions.routes import submission_services

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class MessageShown:
    """A question of the desk, or the sender's answer."""

    by_sender: bool
    text: str
    day: str


@dataclass(frozen=True)
class TrackPage:
    """The context of `track.html`; `state` is empty without a code, and `unknown` if no submission
    has the code.

    Attributes:
        code: the tracking code as typed.
        state: of the submission.
        received_on: the formatted day.
        kind: `footage` or `problem`.
        reason: the reason of the decision, or empty.
        event_id: the id of its event, if the event is public.
        messages: the questions and answers.
        answered: an answer was just stored.
        error: `empty` or `long` if the answer was refused.
        text: the refused answer, which is shown again.
        max_length: the maximum length of an answer.
    """

    code: str
    state: str
    received_on: str
    kind: str = ""
    reason: str = ""
    event_id: uuid.UUID | None = None
    messages: list[MessageShown] = field(default_factory=list)
    answered: bool = False
    error: str = ""
    text: str = ""
    max_length: int = LONGEST_TEXT


@router.get("/track")
def track_page(request: Request) -> Response:
    """Renders the form for the code."""
    return _show(request, TrackPage("", "", ""))


@router.post("/track", dependencies=[Depends(refuse_cross_site)])
def show_state(
    request: Request, session: WritingSession, public: PublicSession, code: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Renders the status of the submission with a code."""
    return _state(request, session, public, code)


@router.post("/track/answer", dependencies=[Depends(refuse_cross_site)])
def send_answer(
    request: Request,
    session: WritingSession,
    public: PublicSession,
    code: Annotated[str, Form(max_length=200)] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Stores the sender's answer to a question of the desk; an answer that is sent twice is stored
    once.
    """
    error = _answer_error(text)
    if error:
        return _state(request, session, public, code, error=error, text=text[:LONGEST_TEXT])
    try:
        answer(submission_services(request), session, code=code, text=text, network=client_network(request))
    except NotFound:
        return _show(request, TrackPage(code, "unknown", ""), status=404)
    except Conflict:
        return _state(request, session, public, code)
    return _state(request, session, public, code, answered=True)


def _answer_error(text: str) -> str:
    try:
        check_characters(text)
    except ValueError:
        return "empty"
    if len(text) > LONGEST_TEXT:
        return "long"
    return "" if text.strip() else "empty"


def _state(
    request: Request,
    session: WritingSession,
    public: PublicSession,
    code: str,
    *,
    answered: bool = False,
    error: str = "",
    text: str = "",
) -> Response:
    try:
        found = status_of(submission_services(request), session, public, code)
    except NotFound:
        return _show(request, TrackPage(code, "unknown", ""), status=404)
    words = EventWords(page_language(request))

    def day(moment: dt.datetime) -> str:
        return words.days(*[moment.astimezone(dt.UTC).date()] * 2)

    page = TrackPage(
        code=code,
        state=found.status,
        received_on=day(found.received_at),
        kind=found.kind,
        reason=found.reason or "",
        event_id=found.event_id,
        messages=[MessageShown(one.by == "you", one.text, day(one.at)) for one in found.messages],
        answered=answered,
        error=error,
        text=text,
    )
    return _show(request, page, status=422 if error else 200)


def _show(request: Request, page: TrackPage, *, status: int = 200) -> Response:
    response = render(request, "track.html", page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
