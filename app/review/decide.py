"""Deciding about an event: the steps from state to state, and hiding for somebody's safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from app.messages import Translatable
from app.models import CategoryPolicy, Origin
from app.problems import Conflict, FieldError, Forbidden, InvalidBody
from app.publication.acting import act_as_member
from app.publication.states import STEPS
from app.review.writing import event_to_change, settle

if TYPE_CHECKING:
    import uuid

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.models import Event
    from app.publication.states import Step, StepName
    from app.review.schemas import DeskEvent, HideBody, StepBody

HIDDEN_NOTE: Final = "It was hidden for somebody's safety."


def take_step(
    session: ReadWriteSession,
    member: Member,
    event_id: uuid.UUID,
    name: StepName,
    body: StepBody,
    if_match: str | None,
) -> DeskEvent:
    """Bring an event to another state.

    Of several who decide about one version at once, the first decides.

    Raises:
        as `event_to_change` does.
        Conflict: the event is in no state to take this step, or policy forbids to publish it.
        Forbidden: it is for another role, or for another member.
        InvalidBody: the reason is missing.
    """
    event = event_to_change(session, event_id, if_match, body)
    act_as_member(session, member, body.reason)
    step_event(session, member, event, name, body)
    return settle(session, event)


def step_event(session: ReadWriteSession, member: Member, event: Event, name: StepName, body: StepBody) -> None:
    """Bring an event that is locked to another state, as `take_step` does; whoever asks settles it."""
    step = STEPS[name]
    _check(event, step, member, body)
    if step.after == "published":
        _check_policy(session, event)
        event.public_from = getattr(body, "public_from", None) or event.public_from
    event.state = step.after
    for field, value in _marks(name, member, body).items():
        setattr(event, field, value)


def _check(event: Event, step: Step, member: Member, body: StepBody) -> None:
    if not member.role.reaches(step.least):
        raise Forbidden("Your role does not allow this.")
    if event.state != step.before:
        raise Conflict(
            Translatable(
                "The event is {state}; this can be done with one that is {before}.",
                state=event.state,
                before=step.before,
            )
        )
    if step.reasoned and body.reason is None:
        raise InvalidBody([FieldError("/reason", "missing", "Say why.")])
    if step.by_another and member.id in {*event.authors, event.submitted_by, event.withdrawn_by}:
        raise Forbidden("Somebody else must decide: you wrote it, handed it in, or took it back.")


def _check_policy(session: ReadWriteSession, event: Event) -> None:
    policy = session.get(CategoryPolicy, event.category)
    forbidden = set(policy.forbidden_for) if policy else set()
    if forbidden & {event.actor, event.affected}:
        raise Conflict("The policy of this map forbids to publish events of this kind about this side.")
    if not session.scalar(select(Origin.public).where(Origin.slug == event.origin)):
        raise Conflict(Translatable("The origin {slug} is not public.", slug=event.origin))


def _marks(name: StepName, member: Member, body: StepBody) -> dict[str, Any]:
    """Give what a step leaves on the event."""
    marks: dict[StepName, dict[str, Any]] = {
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
    return marks[name]


def hide(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: HideBody, if_match: str | None
) -> DeskEvent:
    """Hide an event for somebody's safety, in whatever state it is.

    Raises:
        as `event_to_change` does.
        Conflict: it is hidden already.
    """
    event = event_to_change(session, event_id, if_match, body)
    if event.hidden_at is not None:
        raise Conflict("The event is hidden already.")
    act_as_member(session, member, body.reason)
    event.hidden_at, event.hidden_note = func.app_now(), body.note
    return settle(session, event)


def show(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: StepBody, if_match: str | None
) -> DeskEvent:
    """Let an event be seen again that was hidden, as its state has it.

    Raises:
        as `event_to_change` does.
        Conflict: it is not hidden.
    """
    event = event_to_change(session, event_id, if_match, body)
    if event.hidden_at is None:
        raise Conflict("The event is not hidden.")
    act_as_member(session, member, body.reason)
    event.hidden_at = event.hidden_note = None
    return settle(session, event)


def vouch(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: StepBody, if_match: str | None
) -> DeskEvent:
    """Stand as the first person for an event that a program published: `confirmed` needs two.

    Raises:
        as `event_to_change` does.
        Conflict: it is not published, or a member stands for it already.
    """
    event = event_to_change(session, event_id, if_match, body)
    if event.state != "published" or event.authors or event.submitted_by or event.published_by:
        raise Conflict("This is for what a program published, and no member stands for yet.")
    act_as_member(session, member, body.reason)
    event.submitted_by = member.id
    return settle(session, event)
