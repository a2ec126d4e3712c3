"""After an emergency: somebody else looks at what one analyst hid, and leaves it so, or shows it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import Revision
from app.problems import Conflict, Forbidden
from app.publication.acting import act_as_member
from app.review.writing import event_to_change, settle

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import ReasonBody
    from app.review.schemas import DeskEvent


def keep_hidden(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: ReasonBody, if_match: str | None
) -> DeskEvent:
    """Leave an event hidden, as one who did not hide it.

    Raises:
        as `event_to_change` does.
        Conflict: it is not hidden.
        Forbidden: the member hid it.
    """
    event = event_to_change(session, event_id, if_match, body)
    if event.hidden_at is None:
        raise Conflict("The event is not hidden.")
    if hidden_by(session, event_id) == member.id:
        raise Forbidden("Somebody else must look at it: you hid it.")
    act_as_member(session, member, body.reason)
    event.hiding_reviewed_at = func.greatest(func.app_now(), event.hidden_at)
    return settle(session, event)


def hidden_by(session: ReadWriteSession, event_id: uuid.UUID) -> uuid.UUID | None:
    """Give who hid an event last, from its history."""
    question = (
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
    return session.scalar(question)
