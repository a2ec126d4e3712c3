"""What the desk knows of an event besides its fields: whose it is, what is said, how it stands to others."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request

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
from app.review.edit import check_event
from app.review.meant import EventId, MeantEvent  # noqa: TC001 - FastAPI reads it
from app.review.schemas import DeskEvent, EventBody, Sound

router = APIRouter(prefix="/api/desk/events", tags=["desk"])


@router.post("/check")
def check_fields(request: Request, member: CurrentMember, body: EventBody) -> Sound:
    """Tell whether the fields of an event could be written, in the words of writing them; nothing is stored."""
    check_event(body, request.app.state.theatre)
    return Sound()


@router.put("/{event_id}/assignee")
def assign_event(session: WritingSession, member: CurrentMember, event_id: EventId, body: AssigneeBody) -> EventWork:
    """Say whose event it is to look at."""
    return work.assign_event(session, member, event_id, body)


@router.put("/{event_id}/priority")
def set_event_priority(
    session: WritingSession, member: CurrentMember, event_id: EventId, body: PriorityBody
) -> EventWork:
    """Say how urgent an event or an import is while it waits."""
    return work.set_event_priority(session, event_id, body)


@router.get("/{event_id}/comments")
def list_event_comments(session: WritingSession, member: CurrentMember, event_id: EventId) -> Comments:
    """Give what members said about an event."""
    return comments.comments_on(session, event_id=event_id)


@router.post("/{event_id}/comments")
def comment_on_event(session: WritingSession, member: CurrentMember, event_id: EventId, body: CommentBody) -> Comments:
    """Say something to the other members about an event; @name calls one of them."""
    return comments.comment(session, member, body, event_id=event_id)


@router.get("/{event_id}/relations")
def list_relations(session: WritingSession, member: CurrentMember, event_id: EventId) -> Relations:
    """Give how an event stands to others."""
    return relations.relations_of(session, event_id)


@router.post("/{event_id}/relations")
def add_relation(session: WritingSession, member: CurrentMember, event_id: EventId, body: RelationBody) -> Relations:
    """Say that an event is of the same incident as another, follows it, or contradicts it."""
    return relations.relate(session, member, event_id, body)


@router.delete("/{event_id}/relations/{kind}/{other_id}")
def remove_relation(
    session: WritingSession, member: CurrentMember, event_id: EventId, kind: RelationKind, other_id: uuid.UUID
) -> Relations:
    """Take back what was said of two events."""
    return relations.unrelate(session, member, event_id, RelationBody(other_id=other_id, kind=kind))


@router.post("/{event_id}/keep-hidden")
def keep_event_hidden(meant: MeantEvent, body: ReasonBody) -> DeskEvent:
    """Leave an event hidden that somebody else hid in an emergency: with that it has been looked at."""
    return meant.answer(hiding.keep_hidden(meant.session, meant.member, meant.id, body, meant.if_match))
