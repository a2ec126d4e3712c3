"""The queue and what was sent in, over the API, for members alone. A submission carries its version as `ETag`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.access.members import CurrentMember, Member
from app.database.session import ReadWriteSession, WritingSession
from app.desk import bulk, choosing, comments, decide, numbers, opening, work
from app.desk.queue import Filters, queue, read_position
from app.desk.schemas import (  # noqa: TC001 - FastAPI reads it
    AcceptBody,
    AssigneeBody,
    BulkActs,
    BulkBody,
    BulkResult,
    CommentBody,
    Comments,
    Decided,
    DeskSubmission,
    EventRows,
    MergeBody,
    Numbers,
    Presence,
    PriorityBody,
    QuestionBody,
    Queue,
    QueueParameters,
    ReasonBody,
)
from app.http.conditional import IfMatch  # noqa: TC001 - FastAPI reads it
from app.review.meant import Shown, answer
from app.submissions.routes import reception_of
from app.submissions.tracking import TrackingCodes

router = APIRouter(prefix="/api/desk", tags=["desk"])

SubmissionId = Annotated[uuid.UUID, Path(description="Of a submission, in whatever state")]


def codes_of(request: Request) -> TrackingCodes:
    """Give what tells whether a member sent something in."""
    return reception_of(request).codes


@dataclass(frozen=True)
class _Meant:
    """A submission that a member means to decide about or to change, and the version of it that they have seen."""

    of: tuple[ReadWriteSession, Member, TrackingCodes, uuid.UUID]
    if_match: str | None
    response: Response

    def answer(self, found: Shown) -> Shown:
        """Put the version of what became of it on the answer."""
        return answer(self.response, found)


def _meant(
    request: Request,
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    submission_id: SubmissionId,
    if_match: IfMatch = None,
) -> _Meant:
    return _Meant((session, member, codes_of(request), submission_id), if_match, response)


MeantSubmission = Annotated[_Meant, Depends(_meant)]


@router.get("/queue")
def list_queue(session: WritingSession, member: CurrentMember, asked: Annotated[QueueParameters, Query()]) -> Queue:
    """Give what waits for somebody: what was sent in or imported, events in review, what was hidden in an emergency."""
    wanted = Filters(
        kinds=frozenset(asked.kind),
        states=frozenset(asked.state),
        rank=asked.priority,
        assigned=asked.assigned,
        category=asked.category,
        origin=asked.origin,
        waiting_hours=asked.waiting_hours,
    )
    after = read_position(asked.after) if asked.after else None
    return queue(session, member, wanted, after=after, limit=asked.limit)


@router.get("/submissions/{submission_id}")
def show_submission(
    request: Request, response: Response, session: WritingSession, member: CurrentMember, submission_id: SubmissionId
) -> DeskSubmission:
    """Give a submission with the events near it, and the draft of an event that it makes."""
    return answer(response, opening.shown(session, member, codes_of(request), submission_id))


@router.post("/submissions/{submission_id}/accept")
def accept_submission(request: Request, meant: MeantSubmission, body: AcceptBody) -> Decided:
    """Make an event of a submission. Near the line, or as confirmed, it waits for a second person."""
    state = request.app.state
    return meant.answer(decide.accept(*meant.of, body, meant.if_match, state.theatre, state.settings))


@router.post("/submissions/{submission_id}/merge")
def merge_submission(meant: MeantSubmission, body: MergeBody) -> Decided:
    """Let an event that is there rest on what was sent in, too."""
    return meant.answer(decide.merge(*meant.of, body, meant.if_match))


@router.post("/submissions/{submission_id}/reject")
def reject_submission(meant: MeantSubmission, body: ReasonBody) -> Decided:
    """Turn a submission down, with the reason that its sender reads."""
    return meant.answer(decide.reject(*meant.of, body, meant.if_match))


@router.post("/submissions/{submission_id}/settle")
def settle_problem(meant: MeantSubmission, body: ReasonBody) -> Decided:
    """Close the report of a problem that was right, and tell its sender what was done."""
    return meant.answer(decide.settle_problem(*meant.of, body, meant.if_match))


@router.post("/submissions/{submission_id}/ask")
def ask_sender(meant: MeantSubmission, body: QuestionBody) -> Decided:
    """Ask the sender something; they answer with their tracking code."""
    return meant.answer(decide.ask(*meant.of, body, meant.if_match))


@router.put("/submissions/{submission_id}/assignee")
def assign_submission(meant: MeantSubmission, body: AssigneeBody) -> DeskSubmission:
    """Say whose submission it is; with somebody it is in review."""
    return meant.answer(work.assign_submission(*meant.of, body, meant.if_match))


@router.put("/submissions/{submission_id}/priority")
def set_priority(meant: MeantSubmission, body: PriorityBody) -> DeskSubmission:
    """Say how urgent a submission is."""
    return meant.answer(work.set_priority(*meant.of, body, meant.if_match))


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


@router.get("/bulk/events")
def list_events_to_choose(
    session: WritingSession, member: CurrentMember, asked: Annotated[choosing.ChoiceParameters, Query()]
) -> EventRows:
    """Give events to choose from for a change of many, with their versions and how many match."""
    return choosing.rows(session, asked)


@router.post("/bulk")
def change_many_events(request: Request, session: WritingSession, member: CurrentMember, body: BulkBody) -> BulkResult:
    """Tell what a change would do to each of some events; with `apply` do it, to all or to none."""
    return bulk.change_many(session, member, body, request.app.state.theatre, request.app.state.translate_for(request))


@router.post("/bulk/{act_id}/undo")
def undo_bulk_act(session: WritingSession, member: CurrentMember, act_id: uuid.UUID) -> BulkResult:
    """Undo a change of many as one, while none of them was changed since."""
    return bulk.undo(session, member, act_id)
