"""Who works on what: whose item it is, how urgent, who looks at it now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.access.roles import Role
from app.desk.opening import shown, submission_to_change
from app.desk.schemas import USUAL, EventWork, Person, Presence
from app.models import Account, Assignment, Event, EventPriority, Submission
from app.models import Presence as PresenceRow
from app.problems import FieldError, InvalidBody, NotFound

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import AssigneeBody, DeskSubmission, PriorityBody
    from app.submissions.tracking import TrackingCodes

# A page asks again at half of this; a browser that is closed is forgotten after it.
LEASE: Final = dt.timedelta(seconds=40)


def assign_submission(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: AssigneeBody,
    if_match: str | None,
) -> DeskSubmission:
    """Say whose submission it is. With somebody it is in review; nobody's, it waits again.

    Raises:
        as `submission_to_change` does.
        InvalidBody: there is no such member who could review.
    """
    row = submission_to_change(session, member, codes, submission_id, if_match, body)
    person = _set_assignee(session, member, row.id, body)
    if row.state != "question":
        row.state = "received" if person is None else "in_review"
    session.flush()
    return shown(session, member, codes, row.id)


def assign_event(session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: AssigneeBody) -> EventWork:
    """Say whose event it is to look at.

    Raises:
        NotFound: there is none.
        InvalidBody: there is no such member who could review.
    """
    _known_event(session, event_id)
    _set_assignee(session, member, event_id, body)
    return event_work(session, event_id)


def _set_assignee(session: ReadWriteSession, member: Member, item_id: uuid.UUID, body: AssigneeBody) -> Person | None:
    if body.member is None:
        session.execute(delete(Assignment).where(Assignment.item_id == item_id))
        return None
    person = Person(id=member.id, name=member.name) if body.member == "me" else _reviewer(session, body.member)
    values = {"member_id": person.id, "member_name": person.name}
    session.execute(
        insert(Assignment)
        .values(item_id=item_id, **values)
        .on_conflict_do_update(index_elements=[Assignment.item_id], set_=values | {"made_at": func.now()})
    )
    return person


def _reviewer(session: ReadWriteSession, name: str) -> Person:
    account = session.scalar(select(Account).where(Account.name == name.lower(), Account.disabled_at.is_(None)))
    if account is None or not Role(account.role).reaches(Role.ANALYST):
        raise InvalidBody([FieldError("/member", "unknown", "There is no analyst of this name.")])
    return Person(id=account.id, name=account.name)


def reviewers(session: ReadWriteSession) -> list[str]:
    """Give the names of the members whose item something can be, in order."""
    able = [role.value for role in Role if role.reaches(Role.ANALYST)]
    question = select(Account.name).where(Account.role.in_(able), Account.disabled_at.is_(None))
    return list(session.scalars(question.order_by(Account.name)))


def set_priority(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: PriorityBody,
    if_match: str | None,
) -> DeskSubmission:
    """Say how urgent a submission is."""
    row = submission_to_change(session, member, codes, submission_id, if_match, body)
    row.priority = body.priority
    session.flush()
    return shown(session, member, codes, row.id)


def set_event_priority(session: ReadWriteSession, event_id: uuid.UUID, body: PriorityBody) -> EventWork:
    """Say how urgent an event or an import is while it waits.

    Raises:
        NotFound: there is none.
    """
    _known_event(session, event_id)
    if body.priority is None:
        session.execute(delete(EventPriority).where(EventPriority.event_id == event_id))
    else:
        values = {"priority": body.priority}
        session.execute(
            insert(EventPriority)
            .values(event_id=event_id, **values)
            .on_conflict_do_update(index_elements=[EventPriority.event_id], set_=values)
        )
    return event_work(session, event_id)


def _known_event(session: ReadWriteSession, event_id: uuid.UUID) -> None:
    if session.scalar(select(Event.id).where(Event.id == event_id)) is None:
        raise NotFound("There is no event with this id.")


def event_work(session: ReadWriteSession, event_id: uuid.UUID) -> EventWork:
    """Tell whose an event or an import is to look at, and how urgent."""
    row = session.execute(
        select(Assignment.member_id, Assignment.member_name, EventPriority.priority)
        .select_from(Event)
        .outerjoin(Assignment, Assignment.item_id == Event.id)
        .outerjoin(EventPriority, EventPriority.event_id == Event.id)
        .where(Event.id == event_id)
    ).one()
    person = None if row.member_id is None else Person(id=row.member_id, name=row.member_name)
    return EventWork(assigned_to=person, rank=row.priority or USUAL)


def look_at(session: ReadWriteSession, member: Member, item_id: uuid.UUID) -> Presence:
    """Note that a member looks at an item, for a while, and tell who else does.

    Raises:
        NotFound: there is no such item.
    """
    known = select(Submission.id).where(Submission.id == item_id).union_all(select(Event.id).where(Event.id == item_id))
    if session.scalar(known) is None:
        raise NotFound("There is no item with this id.")
    now = func.clock_timestamp()
    session.execute(delete(PresenceRow).where(PresenceRow.until < now))
    session.execute(
        insert(PresenceRow)
        .values(item_id=item_id, member_id=member.id, member_name=member.name, until=now + LEASE)
        .on_conflict_do_update(
            index_elements=[PresenceRow.item_id, PresenceRow.member_id],
            set_={"member_name": member.name, "until": now + LEASE},
        )
    )
    others = session.scalars(
        select(PresenceRow.member_name)
        .where(PresenceRow.item_id == item_id, PresenceRow.member_id != member.id)
        .order_by(PresenceRow.member_name)
    )
    return Presence(others=list(others), seconds=int(LEASE.total_seconds()))
