"""The API of an event's assignee, priority, comments and relations, for members."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import comments, hiding, relations, work
from app.desk.schemas import (
    AssigneeBody,
    CommentBody,
    Comments,
    EventWork,
    PriorityBody,
    ReasonBody,
    RelationBody,
    Relations,
)
from app.fields.words import RelationKind  # noqa: TC001 - FastAPI reads it
from app.review.command import EventCommand, EventId, with_etag
from app.review.edit import check_event
from app.review.schemas import DeskEvent, EventBody, Sound

router = APIRouter(prefix="/api/desk/events", tags=["desk"])


@router.post("/check")
def check_fields(request: Request, member: CurrentMember, body: EventBody) -> Sound:
    """Validates the fields of an event without storing them."""
    check_event(body, request.app.state.theatre)
    return Sound()


@router.put("/{event_id}/assignee")
def assign_event(session: WritingSession, member: CurrentMember, event_id: EventId, body: AssigneeBody) -> EventWork:
    """Assigns an event to a member."""
    return work.assign_event(session, member, event_id, body)


@router.put("/{event_id}/priority")
def set_event_priority(
    session: WritingSession, member: CurrentMember, event_id: EventId, body: PriorityBody
) -> EventWork:
    """Sets the priority of an event or an import."""
    return work.set_event_priority(session, event_id, body)


@router.get("/{event_id}/comments")
def list_event_comments(session: WritingSession, member: CurrentMember, event_id: EventId) -> Comments:
    """Returns the comments on an event."""
    return comments.comments_on(session, event_id=event_id)


@router.post("/{event_id}/comments")
def comment_on_event(session: WritingSession, member: CurrentMember, event_id: EventId, body: CommentBody) -> Comments:
    """Adds a comment to an event; @name notifies a member."""
    return comments.add_comment(session, member, body, event_id=event_id)


@router.get("/{event_id}/relations")
def list_relations(session: WritingSession, member: CurrentMember, event_id: EventId) -> Relations:
    """Returns the relations of an event to other events."""
    return relations.relations_of(session, event_id)


@router.post("/{event_id}/relations")
def add_relation(session: WritingSession, member: CurrentMember, event_id: EventId, body: RelationBody) -> Relations:
    """Adds a relation: same incident, follow-up or contradiction."""
    return relations.add_relation(session, member, event_id, body)


@router.delete("/{event_id}/relations/{kind}/{other_id}")
def remove_relation(
    session: WritingSession, member: CurrentMember, event_id: EventId, kind: RelationKind, other_id: uuid.UUID
) -> Relations:
    """Removes a relation between two events."""
    return relations.remove_relation(session, member, event_id, RelationBody(other_id=other_id, kind=kind))


@router.post("/{event_id}/keep-hidden")
def keep_event_hidden(response: Response, command: EventCommand, body: ReasonBody) -> DeskEvent:
    """Records that you have reviewed an event that somebody else hid; the event stays hidden."""
    return with_etag(response, hiding.keep_hidden(command, body))
