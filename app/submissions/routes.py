"""The API for submissions. No public response contains them; only the sender can read the status,
with the code.
"""

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
from app.submissions.read import parse_footage, parse_problem
from app.submissions.receive import SubmissionServices, receive_footage, receive_problem
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


# `parse_*` parse the bodies, to return all errors at once. These types describe the bodies in
# OpenAPI.
FootageBody = Annotated[dict[str, Any], Body(), WithJsonSchema(FootageSubmission.model_json_schema())]
DraftBody = Annotated[dict[str, Any], Body(), WithJsonSchema(FootageDraft.model_json_schema())]
ProblemBody = Annotated[dict[str, Any], Body(), WithJsonSchema(ProblemReport.model_json_schema())]


def submission_services(request: Request) -> SubmissionServices:
    """Returns the services of this process."""
    services: SubmissionServices = request.app.state.submission_services
    return services


def receipt(code: str) -> Receipt:
    """Returns the response with a tracking code and the links to the status."""
    return Receipt(
        tracking_code=code,
        links=[
            Link(rel="status", href=f"/api/submissions/{code}", type="application/json"),
            Link(rel="alternate", href=f"/track#{code}", type="text/html"),
        ],
    )


@router.post("", status_code=202)
def submit_footage(request: Request, writing: WritingSession, public: PublicSession, raw: FootageBody) -> Receipt:
    """Sends a footage link for review. Nothing is public before a member has reviewed it.

    If something may be mistaken, the response is 409 with warnings. Send the body again with their
    codes in `confirm`.
    """
    body, errors = parse_footage(raw, request.app.state.theatre, dt.datetime.now(dt.UTC))
    if errors or not isinstance(body, FootageSubmission):
        raise InvalidBody(errors)
    code = receive_footage(
        submission_services(request),
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
    """Returns the errors and warnings of a submission, and public events that may be the same.
    Stores nothing.
    """
    return check(session, raw, request.app.state.theatre, dt.datetime.now(dt.UTC))


@router.post("/problems", status_code=202)
def report_problem(request: Request, writing: WritingSession, public: PublicSession, raw: ProblemBody) -> Receipt:
    """Reports a problem with an event, such as a wrong place or date, old footage, or somebody in
    danger.
    """
    body, errors = parse_problem(raw)
    if body is None:
        raise InvalidBody(errors)
    code = receive_problem(
        submission_services(request),
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
    """Returns the status of the submission with a tracking code."""
    return status_of(submission_services(request), session, public, code)


@router.post("/{code}/answers", status_code=202)
def answer_question(
    request: Request, session: WritingSession, public: PublicSession, code: Code, body: Answer
) -> SubmissionStatus:
    """Answers a question of the desk about a submission; its status is `in_review` again."""
    answer(submission_services(request), session, code=code, text=body.text, network=client_network(request))
    return status_of(submission_services(request), session, public, code)
