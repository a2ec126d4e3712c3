"""What becomes of an event that a member accepted: a draft, in review for a second person, or published by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Event
from app.review import decide as steps
from app.review.schemas import PublishBody, StepBody

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.fields.words import State
    from app.publication.states import StepName


def hand_on(session: ReadWriteSession, member: Member, event_id: uuid.UUID, then: State) -> State:
    """Bring an accepted draft to a state; give the one that it has then.

    Published at once, it is the work of whoever sent it in, checked by the member: it has no first person at the desk,
    which the database lets pass only where one is enough.
    """
    if then == "draft":
        return "draft"
    state = _step(session, member, event_id, "submit")
    if then == "published":
        session.get_one(Event, event_id, populate_existing=True).submitted_by = None
        session.flush()
        state = _step(session, member, event_id, "publish")
    return state


def _step(session: ReadWriteSession, member: Member, event_id: uuid.UUID, name: StepName) -> State:
    """Take a step from the version that is this transaction's own."""
    version = session.scalar(select(Event.version).where(Event.id == event_id))
    body = PublishBody() if name == "publish" else StepBody()
    return steps.take_step(session, member, event_id, name, body, f'"{version}"').state
