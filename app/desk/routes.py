"""The queue and what was sent in, over the API, for members alone. A submission carries its version as `ETag`."""

from __future__ import annotations

import uuid
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import bulk, comments, decide, numbers, opening, work
from app.desk.queue import Filters, queue, read_position
from app.desk.schemas import (
    AcceptBody,
    AssigneeBody,
    BulkActs,
    BulkBody,
    BulkResult,
    CommentBody,
    Comments,
    Decided,
    DeskSubmission,
    MergeBody,
    Numbers,
    Presence,
    PriorityBody,
    QuestionBody,
    Queue,
    QueueParameters,
    ReasonBody,
)
from app.http.conditional import IfMatch, etag
from app.submissions.routes import reception_of
from app.submissions.tracking import TrackingCodes  # noqa: TC001 - FastAPI reads it

router = APIRouter(prefix="/api/desk", tags=["desk"])

Answered = TypeVar("Answered", Decided, DeskSubmission)
SubmissionId = Annotated[uuid.UUID, Path(description="Of a submission, in whatever state")]


def codes_of(request: Request) -> TrackingCodes:
    """Give what tells whether a member sent something in."""
    return reception_of(request).codes


def _answer(response: Response, found: Answered) -> Answered:
    """Put the version of the submission on an answer."""
    response.headers["ETag"] = etag(found.version)
    return found


@router.get("/queue")
def list_queue(session: WritingSession, member: CurrentMember, asked: Annotated[QueueParameters, Query()]) -> Queue:
    """Give what waits for somebody: submissions, problem reports, events in review, what was hidden in an emergency."""
    wanted = Filters(
        frozenset(asked.kind), frozenset(asked.state), asked.priority, asked.assigned or "", asked.category
    )
    after = read_position(asked.after) if asked.after else None
    return queue(session, member, wanted, after=after, limit=asked.limit)


@router.get("/submissions/{submission_id}")
def show_submission(
    request: Request, response: Response, session: WritingSession, member: CurrentMember, submission_id: SubmissionId
) -> DeskSubmission:
    """Give a submission with the events near it, and the draft of an event that it makes."""
    return _answer(response, opening.shown(session, member, codes_of(request), submission_id))


@router.post("/submissions/{submission_id}/accept")
def accept_submission(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: AcceptBody,
    if_match: IfMatch = None,
) -> Decided:
    """Make an event of a submission. Near the line, or as confirmed, it waits for a second person."""
    state = request.app.state
    codes = codes_of(request)
    return _answer(
        response,
        decide.accept(session, member, codes, submission_id, body, if_match, state.theatre, state.settings),
    )


@router.post("/submissions/{submission_id}/merge")
def merge_submission(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: MergeBody,
    if_match: IfMatch = None,
) -> Decided:
    """Let an event that is there rest on what was sent in, too."""
    return _answer(response, decide.merge(session, member, codes_of(request), submission_id, body, if_match))


@router.post("/submissions/{submission_id}/reject")
def reject_submission(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: ReasonBody,
    if_match: IfMatch = None,
) -> Decided:
    """Turn a submission down, with the reason that its sender reads."""
    return _answer(response, decide.reject(session, member, codes_of(request), submission_id, body, if_match))


@router.post("/submissions/{submission_id}/settle")
def settle_problem(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: ReasonBody,
    if_match: IfMatch = None,
) -> Decided:
    """Close the report of a problem that was right, and tell its sender what was done."""
    return _answer(response, decide.settle_problem(session, member, codes_of(request), submission_id, body, if_match))


@router.post("/submissions/{submission_id}/ask")
def ask_sender(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: QuestionBody,
    if_match: IfMatch = None,
) -> Decided:
    """Ask the sender something; they answer with their tracking code."""
    return _answer(response, decide.ask(session, member, codes_of(request), submission_id, body, if_match))


@router.put("/submissions/{submission_id}/assignee")
def assign_submission(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: AssigneeBody,
    if_match: IfMatch = None,
) -> DeskSubmission:
    """Say whose submission it is; with somebody it is in review."""
    return _answer(response, work.assign_submission(session, member, codes_of(request), submission_id, body, if_match))


@router.put("/submissions/{submission_id}/priority")
def set_priority(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    body: PriorityBody,
    if_match: IfMatch = None,
) -> DeskSubmission:
    """Say how urgent a submission is."""
    return _answer(response, work.set_priority(session, member, codes_of(request), submission_id, body, if_match))


@router.get("/submissions/{submission_id}/comments")
def list_submission_comments(session: WritingSession, member: CurrentMember, submission_id: SubmissionId) -> Comments:
    """Give what members said about a submission."""
    return comments.comments_on(session, submission_id=submission_id)


@router.post("/submissions/{submission_id}/comments")
def comment_on_submission(
    session: WritingSession, member: CurrentMember, submission_id: SubmissionId, body: CommentBody
) -> Comments:
    """Say something to the other members about a submission; @name calls one of them."""
    return comments.comment(session, member, body, submission_id=submission_id)


@router.put("/presence/{item_id}")
def look_at_item(session: WritingSession, member: CurrentMember, item_id: uuid.UUID) -> Presence:
    """Say that you look at a submission or an event, for a while, and learn who else does."""
    return work.look_at(session, member, item_id)


@router.get("/mentions")
def list_mentions(session: WritingSession, member: CurrentMember) -> Comments:
    """Give the comments that name you, the last first."""
    return comments.comments_for(session, member)


@router.get("/numbers")
def show_numbers(session: WritingSession, member: CurrentMember) -> Numbers:
    """Give the length and age of the queue, the decisions by week, and how well events are sourced."""
    return numbers.numbers(session)


@router.get("/bulk")
def list_bulk_acts(session: WritingSession, member: CurrentMember) -> BulkActs:
    """Give the last changes of many events, the newest first."""
    return bulk.acts(session)


@router.post("/bulk")
def change_many_events(request: Request, session: WritingSession, member: CurrentMember, body: BulkBody) -> BulkResult:
    """Tell what a change would do to each of some events; with `apply` do it, to all or to none."""
    return bulk.change_many(session, member, body, request.app.state.theatre)


@router.post("/bulk/{act_id}/undo")
def undo_bulk_act(session: WritingSession, member: CurrentMember, act_id: uuid.UUID) -> BulkResult:
    """Undo a change of many as one, while none of them was changed since."""
    return bulk.undo(session, member, act_id)
