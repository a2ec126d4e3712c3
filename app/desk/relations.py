"""The relations between events: same incident, follow-up, contradiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.desk.schemas import Relations, RelationShown
from app.models import Event, EventRelation
from app.problems import FieldError, InvalidBody, NotFound
from app.publication.acting import act_as_member

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import RelationBody

# A symmetric relation is stored as one row, with the smaller id first.
_SYMMETRIC = frozenset({"same_incident", "contradicts"})


def relations_of(session: ReadWriteSession, event_id: uuid.UUID) -> Relations:
    """Returns the relations of an event in both directions.

    Raises:
        NotFound: there is no such event.
    """
    if session.scalar(select(Event.id).where(Event.id == event_id)) is None:
        raise NotFound("There is no event with this id.")
    query = (
        select(EventRelation, Event.id.label("other"), Event.title, Event.state)
        .join(
            Event,
            or_(
                and_(EventRelation.event_id == event_id, Event.id == EventRelation.other_id),
                and_(EventRelation.other_id == event_id, Event.id == EventRelation.event_id),
            ),
        )
        .where(or_(EventRelation.event_id == event_id, EventRelation.other_id == event_id))
        .order_by(EventRelation.created_at, Event.id)
    )
    return Relations(
        relations=[
            RelationShown(
                kind=row.EventRelation.kind,
                outgoing=row.EventRelation.event_id == event_id,
                other_id=row.other,
                other_title=row.title,
                other_state=row.state,
                made_by=row.EventRelation.made_by,
            )
            for row in session.execute(query)
        ]
    )


def add_relation(session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: RelationBody) -> Relations:
    """Adds a relation between two events; adding it twice has no further effect.

    Raises:
        NotFound: there is no such event.
        InvalidBody: the other event is unknown, or is the same event.
    """
    relations_of(session, event_id)
    if body.other_id == event_id:
        raise InvalidBody(
            [FieldError("/other_id", "same", "An event cannot be related to itself. Choose another one.")]
        )
    if session.scalar(select(Event.id).where(Event.id == body.other_id)) is None:
        raise InvalidBody([FieldError("/other_id", "unknown-event", "There is no event with this id.")])
    act_as_member(session, member)
    one, other = _stored_ids(event_id, body)
    session.execute(
        insert(EventRelation)
        .values(event_id=one, other_id=other, kind=body.kind, made_by=member.name)
        .on_conflict_do_nothing()
    )
    return relations_of(session, event_id)


def remove_relation(session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: RelationBody) -> Relations:
    """Removes a relation; the history keeps it."""
    act_as_member(session, member)
    one, other = _stored_ids(event_id, body)
    session.execute(
        delete(EventRelation).where(
            EventRelation.event_id == one, EventRelation.other_id == other, EventRelation.kind == body.kind
        )
    )
    return relations_of(session, event_id)


def _stored_ids(event_id: uuid.UUID, body: RelationBody) -> tuple[uuid.UUID, uuid.UUID]:
    if body.kind in _SYMMETRIC:
        first, second = sorted((event_id, body.other_id))
        return first, second
    return event_id, body.other_id
