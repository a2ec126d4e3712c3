"""What every change at the desk begins and ends with: the right version, locked; the rules of the database, asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError

from app.http.conditional import meant_versions
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


def event_to_change(
    session: ReadWriteSession, event_id: uuid.UUID, if_match: str | None, yours: BaseModel | None
) -> Event:
    """Give the event that a request is meant to change; nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none.
        PreconditionRequired: the request does not say which version it means.
        PreconditionFailed: it means another version than the one that is there; both are shown.
    """
    versions = meant_versions(if_match)
    event = queries.locked_event(session, event_id)
    if event is None:
        raise NotFound("There is no event with this id.")
    if event.version not in versions:
        raise PreconditionFailed(current=shown(session, event.id).model_dump(mode="json"), yours=_sent(yours))
    return event


def source_to_change(session: ReadWriteSession, source_id: uuid.UUID, if_match: str | None, yours: BaseModel) -> Source:
    """Give the source that a request is meant to change, as `event_to_change` does with events."""
    versions = meant_versions(if_match)
    source = queries.locked_source(session, source_id)
    if source is None:
        raise NotFound("There is no source with this id.")
    if source.version not in versions:
        current = DeskSource.model_validate(queries.described_source(source))
        raise PreconditionFailed(current=current.model_dump(mode="json"), yours=_sent(yours))
    return source


def note_author(event: Event, member: Member) -> None:
    """Let a member write on an event: of what is not published yet they become an author, and cannot publish it.

    Raises:
        Forbidden: the event is published, and the member may not change what the public sees.
        Conflict: it was withdrawn.
    """
    if event.state == "withdrawn":
        raise Conflict("A withdrawn event is not changed. Restore it first.")
    if event.state == "published":
        if not member.role.reaches(EDIT_PUBLISHED):
            raise Forbidden("What is published is changed by editors.")
    elif member.id not in event.authors:
        event.authors = [*event.authors, member.id]


def check_confirming(event: Event, member: Member, verification: str) -> None:
    """Let what is published become confirmed by a second person only: not by who wrote it, or alone published it.

    What a program published has no first person until a member vouches for it. The database holds to the same
    (`app/database/sql/two_persons.sql`).

    Raises:
        Forbidden: the member is the first person, or there is none.
    """
    if event.state != "published" or verification != "confirmed" or event.verification == "confirmed":
        return
    first = {*event.authors, event.submitted_by} - {None}
    if member.id in first or (not first and member.id == event.published_by):
        raise Forbidden("Confirmed needs a second person: you wrote it, handed it in, or published it alone.")
    if not first and event.published_by is None:
        raise Forbidden(
            "Confirmed needs two members, and none has looked at this one: a program published it. Vouch for it, and"
            " another editor confirms it."
        )


def settle(session: ReadWriteSession, event: Event) -> DeskEvent:
    """Write a changed event, ask the database whether it may be so, and show it.

    Raises:
        Conflict: it is confirmed by fewer than two independent sources.
    """
    event.updated_at = func.now()
    ask_rules(session)
    return shown(session, event.id)


def ask_rules(session: ReadWriteSession) -> None:
    """Have the rules asked now that the database would ask at the end.

    Raises:
        Conflict: one of them does not hold.
    """
    try:
        session.flush()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != "confirmed_by_two":
            raise
        raise Conflict(
            "Confirmed needs two independent sources, of different publishers or accounts. Add one, or choose another"
            " verification."
        ) from error


def shown(session: ReadWriteSession, event_id: uuid.UUID) -> DeskEvent:
    """Show an event to members.

    Raises:
        NotFound: there is none.
    """
    described = queries.described_event(session, event_id)
    if described is None:
        raise NotFound("There is no event with this id.")
    return DeskEvent.model_validate(described)


def _sent(body: BaseModel | None) -> Any:
    return None if body is None else body.model_dump(mode="json", exclude_unset=True)
