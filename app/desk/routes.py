"""The API of the queue, submissions and bulk changes for members. A submission has its version as
`ETag`.
"""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import bulk, choosing, comments, decide, numbers, work
from app.desk.bulk_schemas import BulkActs, BulkBody, BulkResult, EventRows  # noqa: TC001 - FastAPI reads it
from app.desk.queue import Filters, parse_position, read_queue
from app.desk.queue_schemas import Numbers, Queue, QueueParameters
from app.desk.schemas import (  # noqa: TC001 - FastAPI reads it
    AcceptBody,
    AssigneeBody,
    CommentBody,
    Comments,
    Decided,
    DeskSubmission,
    MergeBody,
    Presence,
    PriorityBody,
    QuestionBody,
    ReasonBody,
)
from app.desk.submissions import SubmissionCommand, read_submission
from app.http.conditional import IfMatch  # noqa: TC001 - FastAPI reads it
from app.review.command import with_etag
from app.submissions.routes import submission_services
from app.submissions.tracking import TrackingCodes  # noqa: TC001 - FastAPI reads it

router = APIRouter(prefix="/api/desk", tags=["desk"])

QueueQuery = Annotated[QueueParameters, Query()]
SubmissionId = Annotated[uuid.UUID, Path(description="Of a submission, in whatever state")]


def codes_of(request: Request) -> TrackingCodes:
    """Returns the tracking codes, which tell whether a member sent a submission."""
    return submission_services(request).codes


def _submission_command(
    request: Request,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    if_match: IfMatch = None,
) -> SubmissionCommand:
    return SubmissionCommand(session, member, submission_id, if_match, codes_of(request))


SubmissionChange = Annotated[SubmissionCommand, Depends(_submission_command)]


@router.get("/queue")
def list_queue(
    session: WritingSession, member: CurrentMember, parameters: Annotated[QueueParameters, Query()]
) -> Queue:
    """Returns the items to review: submissions, imports, events in review, and hidden events."""
    filters = Filters(
        kinds=frozenset(parameters.kind),
        states=frozenset(parameters.state),
        rank=parameters.priority,
        assigned=parameters.assigned,
        category=parameters.category,
        origin=parameters.origin,
        waiting_hours=parameters.waiting_hours,
    )
    after = parse_position(parameters.after) if parameters.after else None
    return read_queue(session, member, filters, after=after, limit=parameters.limit)


@router.get("/submissions/{submission_id}")
def show_submission(
    request: Request, response: Response, session: WritingSession, member: CurrentMember, submission_id: SubmissionId
) -> DeskSubmission:
    """Returns a submission with the events near it, and the body of the event that it can
    become.
    """
    return with_etag(response, read_submission(session, member, codes_of(request), submission_id))


@router.post("/submissions/{submission_id}/accept")
def accept_submission(request: Request, response: Response, command: SubmissionChange, body: AcceptBody) -> Decided:
    """Creates an event from a submission. Near the front line, or as confirmed, it waits for a
    second person.
    """
    state = request.app.state
    return with_etag(response, decide.accept(command, body, state.theatre, state.settings))


@router.post("/submissions/{submission_id}/merge")
def merge_submission(response: Response, command: SubmissionChange, body: MergeBody) -> Decided:
    """Adds the links of a submission to an existing event."""
    return with_etag(response, decide.merge(command, body))


@router.post("/submissions/{submission_id}/reject")
def reject_submission(response: Response, command: SubmissionChange, body: ReasonBody) -> Decided:
    """Rejects a submission. The sender reads the reason."""
    return with_etag(response, decide.reject(command, body))


@router.post("/submissions/{submission_id}/settle")
def settle_problem(response: Response, command: SubmissionChange, body: ReasonBody) -> Decided:
    """Closes a justified problem report. The sender reads what was done."""
    return with_etag(response, decide.settle_problem(command, body))


@router.post("/submissions/{submission_id}/ask")
def ask_sender(response: Response, command: SubmissionChange, body: QuestionBody) -> Decided:
    """Asks the sender a question. The sender answers with the tracking code."""
    return with_etag(response, decide.ask_sender(command, body))


@router.post("/submissions/{submission_id}/separate")
def separate_submission(response: Response, command: SubmissionChange) -> DeskSubmission:
    """Makes a submission that joined an item with the same footage an item of its own."""
    return with_etag(response, decide.separate(command))


@router.put("/submissions/{submission_id}/assignee")
def assign_submission(response: Response, command: SubmissionChange, body: AssigneeBody) -> DeskSubmission:
    """Assigns a submission to a member; it is in review while it is assigned."""
    return with_etag(response, work.assign_submission(command, body))


@router.put("/submissions/{submission_id}/priority")
def set_priority(response: Response, command: SubmissionChange, body: PriorityBody) -> DeskSubmission:
    """Sets the priority of a submission."""
    return with_etag(response, work.set_priority(command, body))


@router.get("/submissions/{submission_id}/comments")
def list_submission_comments(session: WritingSession, member: CurrentMember, submission_id: SubmissionId) -> Comments:
    """Returns the comments on a submission."""
    return comments.comments_on(session, submission_id=submission_id)


@router.post("/submissions/{submission_id}/comments")
def comment_on_submission(
    session: WritingSession, member: CurrentMember, submission_id: SubmissionId, body: CommentBody
) -> Comments:
    """Adds a comment to a submission; @name notifies a member."""
    return comments.add_comment(session, member, body, submission_id=submission_id)


@router.put("/presence/{item_id}")
def look_at_item(session: WritingSession, member: CurrentMember, item_id: uuid.UUID) -> Presence:
    """Records that you view a submission or an event, and returns the other members who view it."""
    return work.record_presence(session, member, item_id)


@router.get("/mentions")
def list_mentions(session: WritingSession, member: CurrentMember) -> Comments:
    """Returns the comments that mention you, newest first."""
    return comments.comments_for(session, member)


@router.get("/numbers")
def show_numbers(session: WritingSession, member: CurrentMember) -> Numbers:
    """Returns statistics: length and age of the queue, decisions by week, sources per event."""
    return numbers.read_numbers(session)


@router.get("/bulk")
def list_bulk_acts(session: WritingSession, member: CurrentMember) -> BulkActs:
    """Returns the last bulk changes, newest first."""
    return bulk.list_acts(session)


@router.get("/bulk/events")
def list_events_to_choose(
    request: Request,
    session: WritingSession,
    member: CurrentMember,
    parameters: Annotated[choosing.ChoiceParameters, Query()],
) -> EventRows:
    """Returns the events that match a filter, with their versions, to select from for a bulk
    change.
    """
    return choosing.matching_events(session, parameters, request.app.state.theatre.extent)


@router.post("/bulk")
def change_many_events(request: Request, session: WritingSession, member: CurrentMember, body: BulkBody) -> BulkResult:
    """Previews a bulk change; with `apply`, changes all events or none."""
    return bulk.change_many(session, member, body, request.app.state.theatre, request.app.state.translate_for(request))


@router.post("/bulk/{act_id}/undo")
def undo_bulk_act(session: WritingSession, member: CurrentMember, act_id: uuid.UUID) -> BulkResult:
    """Undoes a bulk change, unless one of its events has changed since."""
    return bulk.undo(session, member, act_id)
