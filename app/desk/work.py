"""The work on items: who an item is assigned to, its priority, and who views it now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.access.roles import Role
from app.desk import queries
from app.desk.schemas import NORMAL, EventWork, Person, Presence
from app.desk.submissions import lock_submission
from app.models import Account, Assignment, Event, EventPriority, Submission
from app.models import Presence as PresenceRow
from app.problems import FieldError, InvalidBody, NotFound

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import AssigneeBody, DeskSubmission, PriorityBody
    from app.desk.submissions import SubmissionCommand

# How long a member counts as viewing an item. Pages renew it after half of the time.
LEASE: Final = dt.timedelta(seconds=40)


def assign_submission(command: SubmissionCommand, body: AssigneeBody) -> DeskSubmission:
    """Assigns a submission to a member, or to nobody. It is in review while it is assigned, and
    waits otherwise.

    Raises:
        as `lock_submission` does.
        InvalidBody: there is no analyst of this name.
    """
    row = lock_submission(command, body)
    person = _set_assignee(command.session, command.member, row.id, body)
    for one in (row, *queries.joined_submissions(command.session, row.id)):
        if one.state != "question":
            one.state = "received" if person is None else "in_review"
    command.session.flush()
    return command.read()


def assign_event(session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: AssigneeBody) -> EventWork:
    """Assigns an event to a member, or to nobody.

    Raises:
        NotFound: there is no such event.
        InvalidBody: there is no analyst of this name.
    """
    _check_event_exists(session, event_id)
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
    """Returns the names of the members that an item can be assigned to, sorted."""
    roles = [role.value for role in Role if role.reaches(Role.ANALYST)]
    query = select(Account.name).where(Account.role.in_(roles), Account.disabled_at.is_(None))
    return list(session.scalars(query.order_by(Account.name)))


def set_priority(command: SubmissionCommand, body: PriorityBody) -> DeskSubmission:
    """Sets the priority of a submission."""
    row = lock_submission(command, body)
    row.priority = body.priority
    command.session.flush()
    return command.read()


def set_event_priority(session: ReadWriteSession, event_id: uuid.UUID, body: PriorityBody) -> EventWork:
    """Sets or removes the priority of an event or an import.

    Raises:
        NotFound: there is no such event.
    """
    _check_event_exists(session, event_id)
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


def _check_event_exists(session: ReadWriteSession, event_id: uuid.UUID) -> None:
    if session.scalar(select(Event.id).where(Event.id == event_id)) is None:
        raise NotFound("There is no event with this id.")


def event_work(session: ReadWriteSession, event_id: uuid.UUID) -> EventWork:
    """Returns the assignee and the priority of an event or an import."""
    row = session.execute(
        select(Assignment.member_id, Assignment.member_name, EventPriority.priority)
        .select_from(Event)
        .outerjoin(Assignment, Assignment.item_id == Event.id)
        .outerjoin(EventPriority, EventPriority.event_id == Event.id)
        .where(Event.id == event_id)
    ).one()
    person = None if row.member_id is None else Person(id=row.member_id, name=row.member_name)
    return EventWork(assigned_to=person, rank=row.priority or NORMAL)


def record_presence(session: ReadWriteSession, member: Member, item_id: uuid.UUID) -> Presence:
    """Records that a member views an item, and returns the other members who view it.

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
