"""The steps of an event from state to state, and hiding an event for somebody's safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, func, literal_column, select

from app.geo.null_island import sql_null_island
from app.messages import Translatable
from app.models import CategoryPolicy, Event, Origin
from app.problems import Conflict, FieldError, Forbidden, InvalidBody
from app.publication.acting import act_as_member
from app.publication.second_person import check_may_vouch, check_second_person
from app.publication.states import STEPS
from app.review.writing import check_constraints, lock_event, read_event, save_event

if TYPE_CHECKING:
    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.publication.states import Step, StepName
    from app.review.command import Command
    from app.review.schemas import DeskEvent, HideBody, StepBody


def take_step(command: Command, name: StepName, body: StepBody) -> DeskEvent:
    """Brings an event to another state. If several members decide about one version, the first one
    wins.

    Raises:
        as `lock_event` and `apply_step` do.
    """
    event = lock_event(command, body)
    act_as_member(command.session, command.member, body.reason)
    apply_step(command.session, command.member, event, name, body)
    return save_event(command.session, event)


def apply_step(session: ReadWriteSession, member: Member, event: Event, name: StepName, body: StepBody) -> None:
    """Changes the state of a locked event; the caller saves the event.

    Raises:
        Conflict: the event is in another state, its dates are not allowed, its place is 0, 0, or
            policy forbids to publish it.
        Forbidden: the step is for another role, or needs a second person.
        InvalidBody: the reason is missing.
    """
    step = STEPS[name]
    _check_step(event, step, member, body)
    if step.after == "published":
        if event.misdated:
            raise Conflict("The dates of this event are not allowed. Correct them first.")
        if _is_at_null_island(session, event):
            raise Conflict("The place of this event is 0, 0, so it was probably not known. Correct it first.")
        _check_policy(session, event)
        event.public_from = getattr(body, "public_from", None) or event.public_from
    event.state = step.after
    for field, value in _step_columns(name, member, body).items():
        setattr(event, field, value)


def _check_step(event: Event, step: Step, member: Member, body: StepBody) -> None:
    if not member.role.reaches(step.least_role):
        raise Forbidden("Your role does not allow this.")
    if event.state != step.before:
        raise Conflict(
            Translatable(
                "The event is {state}. This is only possible while it is {before}.",
                state=event.state,
                before=step.before,
            )
        )
    if step.needs_reason and body.reason is None:
        raise InvalidBody([FieldError("/reason", "missing", "Enter a reason.")])
    if step.needs_second_person:
        check_second_person(event, member)


def _is_at_null_island(session: ReadWriteSession, event: Event) -> bool:
    rule = literal_column(sql_null_island("event.shape"), Boolean)
    return session.scalar(select(Event.id).where(Event.id == event.id, rule)) is not None


def _check_policy(session: ReadWriteSession, event: Event) -> None:
    policy = session.get(CategoryPolicy, event.category)
    forbidden = set(policy.forbidden_for) if policy else set()
    if forbidden & {event.actor, event.affected}:
        raise Conflict("The policy of this map forbids publishing events of this category for this side.")
    if not session.scalar(select(Origin.public).where(Origin.slug == event.origin)):
        raise Conflict(Translatable("The origin {slug} is not public.", slug=event.origin))


def _step_columns(name: StepName, member: Member, body: StepBody) -> dict[str, Any]:
    """Returns the columns that a step sets, besides the state."""
    columns: dict[StepName, dict[str, Any]] = {
        "submit": {"submitted_by": member.id},
        "return": {"submitted_by": None},
        "publish": {"published_by": member.id},
        "withdraw": {"withdrawn_by": member.id, "withdrawn_at": func.app_now(), "withdrawn_reason": body.reason},
        "restore": {
            "published_by": member.id,
            "withdrawn_by": None,
            "withdrawn_at": None,
            "withdrawn_reason": None,
        },
    }
    return columns[name]


def hide_event(command: Command, body: HideBody) -> DeskEvent:
    """Hides an event in any state for somebody's safety.

    Raises:
        as `lock_event` does.
        Conflict: the event is already hidden.
    """
    event = lock_event(command, body)
    if event.hidden_at is not None:
        raise Conflict("The event is already hidden.")
    act_as_member(command.session, command.member, body.reason)
    event.hidden_at, event.hidden_note = func.app_now(), body.note
    return save_event(command.session, event)


def reveal_event(command: Command, body: StepBody) -> DeskEvent:
    """Ends the hiding of an event; its state decides whether the public sees it.

    Raises:
        as `lock_event` does.
        Conflict: the event is not hidden.
    """
    event = lock_event(command, body)
    if event.hidden_at is None:
        raise Conflict("The event is not hidden.")
    act_as_member(command.session, command.member, body.reason)
    event.hidden_at = event.hidden_note = None
    return save_event(command.session, event)


def vouch_for_event(command: Command, body: StepBody) -> DeskEvent:
    """Makes the member the first person of an event that an import published, so that another may
    confirm it.

    Raises:
        as `lock_event` does.
        Conflict: the event is not published, or already has a first person.
    """
    event = lock_event(command, body)
    check_may_vouch(event)
    act_as_member(command.session, command.member, body.reason)
    event.submitted_by = command.member.id
    # Nothing that the public sees changes.
    event.updated_at = Event.updated_at
    check_constraints(command.session)
    return read_event(command.session, event.id)
