"""The state of an event that a member has accepted: a draft, in review, or published by one
person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.http.conditional import etag
from app.models import Event
from app.review import steps
from app.review.command import Command
from app.review.schemas import PublishBody, StepBody

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.fields.words import State
    from app.publication.states import StepName


def submit_accepted(session: ReadWriteSession, member: Member, event_id: uuid.UUID, then: State) -> State:
    """Brings an accepted draft to the state `then`, and returns the new state.

    An event that is published directly has no first person: the sender or the import wrote it, and
    the member checked it. The database allows this only where one person is enough.
    """
    if then == "draft":
        return "draft"
    state = _take_step(session, member, event_id, "submit")
    if then == "published":
        session.get_one(Event, event_id, populate_existing=True).submitted_by = None
        session.flush()
        state = _take_step(session, member, event_id, "publish")
    return state


def _take_step(session: ReadWriteSession, member: Member, event_id: uuid.UUID, name: StepName) -> State:
    version = session.scalars(select(Event.version).where(Event.id == event_id)).one()
    body = PublishBody() if name == "publish" else StepBody()
    return steps.take_step(Command(session, member, event_id, etag(version)), name, body).state
