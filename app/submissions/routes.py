"""Submissions over the API. What is sent in is in no public answer; its sender alone can ask what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request
from pydantic import WithJsonSchema

from app.access.members import known_member
from app.database.session import PublicSession, WritingSession
from app.http.client import client_network
from app.problems import InvalidBody
from app.submissions.check import check
from app.submissions.follow import answer, status_of
from app.submissions.read import read_footage, read_problem
from app.submissions.receive import Reception, receive_footage, receive_problem
from app.submissions.schemas import (
    Answer,
    Checked,
    FootageDraft,
    FootageSubmission,
    Link,
    ProblemReport,
    Receipt,
    SubmissionStatus,
)

router = APIRouter(prefix="/api/submissions", tags=["submissions"])


# The bodies are read by `read_*`, which tell every fault at once; OpenAPI learns their shape here.
FootageBody = Annotated[dict[str, Any], Body(), WithJsonSchema(FootageSubmission.model_json_schema())]
DraftBody = Annotated[dict[str, Any], Body(), WithJsonSchema(FootageDraft.model_json_schema())]
ProblemBody = Annotated[dict[str, Any], Body(), WithJsonSchema(ProblemReport.model_json_schema())]


def reception_of(request: Request) -> Reception:
    """Give the reception of this process."""
    reception: Reception = request.app.state.reception
    return reception


def receipt(code: str) -> Receipt:
    """Tell a sender the code, and where to ask with it."""
    return Receipt(
        tracking_code=code,
        links=[
            Link(rel="status", href=f"/api/submissions/{code}", type="application/json"),
            Link(rel="alternate", href=f"/track#{code}", type="text/html"),
        ],
    )


@router.post("", status_code=202)
def submit_footage(request: Request, writing: WritingSession, public: PublicSession, raw: FootageBody) -> Receipt:
    """Send in a footage link. It is looked at before anything of it is published.

    What looks mistaken is asked back with 409; sent again with the codes of those warnings in `confirm`, it is taken.
    """
    body, errors = read_footage(raw, request.app.state.theatre, dt.datetime.now(dt.UTC))
    if errors or not isinstance(body, FootageSubmission):
        raise InvalidBody(errors)
    code = receive_footage(
        reception_of(request),
        public,
        writing,
        body=body,
        theatre=request.app.state.theatre,
        network=client_network(request),
        member=known_member(request),
    )
    return receipt(code)


@router.post("/check")
def check_footage(request: Request, session: PublicSession, raw: DraftBody) -> Checked:
    """Tell what a submission would meet with: faults, suspicions, and events on the map that may be the same.

    Nothing is stored, and nothing that is not public is compared.
    """
    return check(session, raw, request.app.state.theatre, dt.datetime.now(dt.UTC))


@router.post("/problems", status_code=202)
def report_problem(request: Request, writing: WritingSession, public: PublicSession, raw: ProblemBody) -> Receipt:
    """Report a problem with an event: a wrong place or date, old footage, somebody endangered."""
    body, errors = read_problem(raw)
    if body is None:
        raise InvalidBody(errors)
    code = receive_problem(
        reception_of(request),
        public,
        writing,
        body=body,
        network=client_network(request),
        member=known_member(request),
    )
    return receipt(code)


Code = Annotated[str, Path(max_length=100, examples=["7Q2M-4XKD-9T0V-HB3C-1WZE-R8PN-6GYS"])]


@router.get("/{code}")
def show_status(request: Request, session: WritingSession, public: PublicSession, code: Code) -> SubmissionStatus:
    """Tell what became of a submission to who has its code."""
    return status_of(reception_of(request), session, public, code)


@router.post("/{code}/answers", status_code=202)
def answer_question(
    request: Request, session: WritingSession, public: PublicSession, code: Code, body: Answer
) -> SubmissionStatus:
    """Answer what the desk asked about a submission; its status is then `in_review` again."""
    answer(reception_of(request), session, code=code, text=body.text, network=client_network(request))
    return status_of(reception_of(request), session, public, code)
