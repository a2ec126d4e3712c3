"""The first and the last step of every change at the desk: locks a row in the version that the
member saw, and saves the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError

from app.problems import Conflict, Forbidden, NotFound, PreconditionFailed
from app.publication.states import EDIT_PUBLISHED
from app.review import queries
from app.review.schemas import DeskEvent, DeskSource

if TYPE_CHECKING:
    import uuid

    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.models import Event, Source
    from app.review.command import Command


def lock_event(command: Command, body: BaseModel | None) -> Event:
    """Locks the event of a command until the transaction ends, and returns the event.

    Args:
        command: the target is the id of an event.
        body: the body of the request, which the response repeats if somebody else has changed the
            event.

    Raises:
        NotFound: there is no such event.
        PreconditionRequired: the request names no version.
        PreconditionFailed: the event has another version now; the response has both.
    """
    versions = command.versions
    event = queries.locked_event(command.session, command.target)
    if event is None:
        raise NotFound("There is no event with this id.")
    if event.version not in versions:
        current = read_event(command.session, event.id).model_dump(mode="json")
        raise PreconditionFailed(current=current, yours=sent_fields(body))
    return event


def lock_source(command: Command, body: BaseModel) -> Source:
    """Locks the source of a command, as `lock_event` does with an event."""
    versions = command.versions
    source = queries.locked_source(command.session, command.target)
    if source is None:
        raise NotFound("There is no source with this id.")
    if source.version not in versions:
        current = DeskSource.model_validate(queries.described_source(source))
        raise PreconditionFailed(current=current.model_dump(mode="json"), yours=sent_fields(body))
    return source


def add_author(event: Event, member: Member) -> None:
    """Adds a member who changes an event to its authors, unless the event is published.

    Raises:
        Forbidden: the event is published, and the member may not change published events.
        Conflict: the event is withdrawn.
    """
    if event.state == "withdrawn":
        raise Conflict("A withdrawn event cannot be changed. Restore it first.")
    if event.state == "published":
        if not member.role.reaches(EDIT_PUBLISHED):
            raise Forbidden("Only editors can change published events.")
    elif member.id not in event.authors:
        event.authors = [*event.authors, member.id]


def save_event(session: ReadWriteSession, event: Event) -> DeskEvent:
    """Writes a changed event to the database and returns the event as members see it.

    Raises:
        Conflict: the event is `confirmed`, but has fewer than two independent sources.
    """
    event.updated_at = func.now()
    check_constraints(session)
    return read_event(session, event.id)


def check_constraints(session: ReadWriteSession) -> None:
    """Checks the deferred constraints of the database now instead of at the end of the transaction.

    Raises:
        Conflict: a constraint does not hold.
    """
    try:
        session.flush()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != "confirmed_by_two":
            raise
        raise Conflict(
            "A confirmed event needs two independent sources, from different publishers or accounts. Add a source, or"
            " choose another verification."
        ) from error


def read_event(session: ReadWriteSession, event_id: uuid.UUID) -> DeskEvent:
    """Returns an event as members see it.

    Raises:
        NotFound: there is no such event.
    """
    described = queries.described_event(session, event_id)
    if described is None:
        raise NotFound("There is no event with this id.")
    return DeskEvent.model_validate(described)


def sent_fields(body: BaseModel | None) -> Any:
    """Returns the fields that a request sent, as JSON values."""
    return None if body is None else body.model_dump(mode="json", exclude_unset=True)
