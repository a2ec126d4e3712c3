"""The two-person rule: a member who wrote an event may not publish or confirm the event.

The database enforces the same rule (`app/database/sql/two_persons.sql` and the constraint
`reviewed_by_another` of `app/models/event.py`). The functions here run first, so that a member
reads a message that explains the refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

from sqlalchemy import func, select

from app.models import Event, Origin
from app.problems import Conflict, Forbidden

if TYPE_CHECKING:
    import uuid
    from collections.abc import Set

    from sqlalchemy.orm import Session

    from app.access.members import Member

# Why one member may not publish an event alone. The SQL function `why_two_persons` returns these
# words.
Policy = Literal["confirmed", "near_line", "always"]
# Further reasons at the desk: the origin is not public, or the member changed the event.
Reason = Literal[Policy, "origin", "changed"]
POLICIES: Final[tuple[str, ...]] = get_args(Policy)


class Reviewed(Protocol):
    """The members of an event that the rule reads; rows and API models have them."""

    authors: list[uuid.UUID]
    submitted_by: uuid.UUID | None
    published_by: uuid.UUID | None

    @property
    def state(self) -> str:
        """The state of the event."""


def first_persons(event: Reviewed) -> Set[uuid.UUID]:
    """Returns the ids of the members who wrote an event or submitted it for review."""
    return {*event.authors} if event.submitted_by is None else {*event.authors, event.submitted_by}


def check_second_person(event: Event, member: Member) -> None:
    """Checks that a member may publish an event as its second person.

    Raises:
        Forbidden: the member wrote, submitted or withdrew the event.
    """
    if member.id in {*first_persons(event), event.withdrawn_by}:
        raise Forbidden("Somebody else must decide: you wrote, submitted or withdrew this event.")


def check_may_confirm(event: Event, member: Member, verification: str) -> None:
    """Checks that a member may set the verification of a published event; `confirmed` needs a
    second person.

    An event that an import published has no first person until a member vouches for the event.

    Raises:
        Forbidden: the member is the first person, or the event has none.
    """
    if event.state != "published" or verification != "confirmed" or event.verification == "confirmed":
        return
    first = first_persons(event)
    if member.id in first or (not first and member.id == event.published_by):
        raise Forbidden("A second person must confirm this event: you wrote, submitted or published it.")
    if not first and event.published_by is None:
        raise Forbidden(
            "Two members must check an event before it is confirmed. This one was published by an import: vouch for it,"
            " then another editor can confirm it."
        )


def check_may_vouch(event: Reviewed) -> None:
    """Checks that an event may get its first person by vouching.

    Raises:
        Conflict: the event is not published, or already has a first person.
    """
    if not may_vouch(event):
        raise Conflict("You can only vouch for a published event that no member wrote, submitted or published.")


def may_vouch(event: Reviewed) -> bool:
    """Tells whether an event was published by an import and has no first person."""
    return event.state == "published" and not first_persons(event) and event.published_by is None


def second_person_reasons(session: Session, event_id: uuid.UUID) -> list[Reason]:
    """Returns the reasons why a second person must publish an event; an empty list if one person is
    enough.

    The reason `origin` means that the origin is not public, so nobody can publish the event.
    """
    place = func.coalesce(Event.exact_shape, Event.shape)
    row = session.execute(
        select(func.frontline.why_two_persons(Event.verification, place).label("why"), Origin.public)
        .join(Origin, Origin.slug == Event.origin)
        .where(Event.id == event_id)
    ).one()
    return [*row.why, *([] if row.public else ["origin"])]
