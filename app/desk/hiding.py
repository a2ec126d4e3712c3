"""The review of an event that an analyst has hidden: somebody else keeps it hidden, or shows it
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import Revision
from app.problems import Conflict, Forbidden
from app.publication.acting import act_as_member
from app.review.writing import lock_event, save_event

if TYPE_CHECKING:
    import uuid

    from app.database.session import ReadWriteSession
    from app.desk.schemas import ReasonBody
    from app.review.command import Command
    from app.review.schemas import DeskEvent


def keep_hidden(command: Command, body: ReasonBody) -> DeskEvent:
    """Records that a second member has reviewed the hiding of an event, which stays hidden.

    Raises:
        as `lock_event` does.
        Conflict: the event is not hidden.
        Forbidden: the member hid the event.
    """
    session = command.session
    event = lock_event(command, body)
    if event.hidden_at is None:
        raise Conflict("The event is not hidden.")
    if hidden_by(session, event.id) == command.member.id:
        raise Forbidden("You hid this event, so somebody else must review it.")
    act_as_member(session, command.member, body.reason)
    event.hiding_reviewed_at = func.greatest(func.app_now(), event.hidden_at)
    return save_event(session, event)


def hidden_by(session: ReadWriteSession, event_id: uuid.UUID) -> uuid.UUID | None:
    """Returns the id of the member who last hid an event, from its history."""
    query = (
        select(Revision.member_id)
        .where(
            Revision.subject_id == event_id,
            Revision.relation == "event",
            Revision.old["hidden_at"].astext.is_(None),
            Revision.new["hidden_at"].astext.is_not(None),
        )
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return session.scalar(query)
