"""Imports at the desk: a draft from a file waits until a member accepts, merges or rejects it.

An import has no author, so the member who accepts it is its first person. Where policy asks for
two, another member publishes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.desk.accepted import submit_accepted
from app.desk.conflict_messages import change_message, decision_message
from app.desk.queue import IMPORT_WAITS
from app.desk.schemas import DeskImport, ImportDecided, Near
from app.desk.work import event_work
from app.fields import EVENT
from app.http.conditional import etag
from app.messages import Translatable
from app.models import Assignment, Event, EventSource, Origin
from app.problems import Conflict, FieldError, InvalidBody, NotFound, PreconditionFailed
from app.publication.acting import act_as_member
from app.publication.second_person import Reason, second_person_reasons
from app.review import edit
from app.review import queries as events
from app.review.command import Command
from app.review.near import near_duplicates
from app.review.writing import add_author, read_event, save_event, sent_fields

if TYPE_CHECKING:
    import uuid

    from pydantic import BaseModel

    from app.database.session import ReadWriteSession
    from app.desk.schemas import AcceptImportBody, MergeImportBody, ReasonBody
    from app.fields.words import Outcome
    from app.review.schemas import DeskEvent, EventBody
    from app.theatre import Theatre


def read_import(session: ReadWriteSession, event_id: uuid.UUID) -> DeskImport:
    """Returns an import as members see it.

    Raises:
        NotFound: there is no such import.
    """
    row = session.execute(
        select(
            Event.id,
            Event.version,
            Event.state,
            *(getattr(Event, name) for name in ("origin", "origin_id", "created_at", "merged_into")),
            *(getattr(Event, name) for name in ("set_aside_at", "set_aside_by_name", "set_aside_reason")),
            Origin.public.label("origin_public"),
        )
        .join(Origin, Origin.slug == Event.origin)
        .where(Event.id == event_id, Event.import_digest.is_not(None))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no import with this id.")
    return DeskImport.model_validate(
        {name: getattr(row, name) for name in ("id", "version", "state", "origin", "origin_id", "origin_public")}
        | {
            **dict(event_work(session, event_id)),
            "imported_at": row.created_at,
            "waits": row.state == "draft" and row.set_aside_at is None,
            "decided_at": row.set_aside_at,
            "decided_by": row.set_aside_by_name,
            "decision_reason": row.set_aside_reason,
            "merged_into": row.merged_into,
            "event": read_event(session, event_id),
            "near": [Near.model_validate(one.model_dump()) for one in near_duplicates(session, event_id)],
            "needs_second": second_person_reasons(session, event_id),
        }
    )


def is_waiting_import(session: ReadWriteSession, event_id: uuid.UUID) -> bool:
    """Tells whether an event is an import that waits for a decision."""
    found = select(Event.id).where(Event.id == event_id, Event.state == "draft", *IMPORT_WAITS)
    return session.scalar(found) is not None


def accept(command: Command, body: AcceptImportBody, theatre: Theatre) -> ImportDecided:
    """Accepts an import: it is published if one person is enough, or waits in review for a second
    person.

    A member who changes its fields becomes an author, and so cannot publish it.

    Raises:
        as `_lock_import_to_decide` does.
        InvalidBody: a field is invalid.
    """
    session, member, event_id = command.session, command.member, command.target
    event = _lock_import_to_decide(command, body)
    act_as_member(session, member, body.reason)
    if body.event is not None and not is_unchanged(read_event(session, event_id), body.event):
        edit.change_event(Command(session, member, event_id, etag(event.version)), body.event, theatre)
    changed: list[Reason] = ["changed"] if event.authors else []
    reasons = [*second_person_reasons(session, event_id), *changed] if body.then == "published" else []
    state = submit_accepted(session, member, event_id, "in_review" if reasons else body.then)
    _unassign(session, event_id)
    return _result(session, event_id, state, reasons)


def merge(command: Command, body: MergeImportBody) -> ImportDecided:
    """Adds the sources of an import to another event, and sets the import aside without using its
    text.

    Raises:
        as `_lock_import_to_decide` does.
        InvalidBody: there is no such event, or it is the import itself.
        Conflict: the event is withdrawn, or has another origin while the origin of the import is
            not public.
    """
    session, event_id = command.session, command.target
    row = _lock_import_to_decide(command, body)
    into = events.locked_event(session, body.event_id) if body.event_id != event_id else None
    if into is None:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no other event with this id.")])
    if into.state == "withdrawn":
        raise Conflict("The event is withdrawn. Restore it first.")
    if into.origin != row.origin and not session.scalar(select(Origin.public).where(Origin.slug == row.origin)):
        raise Conflict(Translatable("The origin {slug} is not public.", slug=row.origin))
    act_as_member(session, command.member, body.reason)
    last = select(func.coalesce(func.max(EventSource.position), -1)).where(EventSource.event_id == into.id)
    session.execute(
        insert(EventSource)
        .from_select(
            ["event_id", "source_id", "role", "position"],
            select(
                select(Event.id).where(Event.id == into.id).scalar_subquery(),
                EventSource.source_id,
                EventSource.role,
                last.scalar_subquery() + 1 + func.row_number().over(order_by=EventSource.position),
            ).where(EventSource.event_id == event_id),
        )
        .on_conflict_do_nothing()
    )
    saved = save_event(session, into)
    _set_aside(command, row, body.reason, merged_into=into.id)
    return _result(session, event_id, saved.state, [])


def reject(command: Command, body: ReasonBody) -> ImportDecided:
    """Sets an import aside. The row stays, so that a later import of the same file does not add it
    again.
    """
    row = _lock_import_to_decide(command, body)
    act_as_member(command.session, command.member, body.reason)
    _set_aside(command, row, body.reason)
    return _result(command.session, row.id, row.state, [])


def reopen(command: Command, body: ReasonBody) -> ImportDecided:
    """Makes an import that was set aside wait again. Sources that were merged stay with the other
    event.

    Raises:
        as `_lock_import` does.
        Conflict: the import is not set aside.
    """
    row = _lock_import(command, body)
    if row.set_aside_at is None:
        raise Conflict("This import is not set aside.")
    act_as_member(command.session, command.member, body.reason)
    row.set_aside_at = row.set_aside_by = row.set_aside_by_name = row.set_aside_reason = row.merged_into = None
    save_event(command.session, row)
    return _result(command.session, row.id, row.state, [])


def is_unchanged(event: DeskEvent, body: EventBody) -> bool:
    """Tells whether a body has the same values as an event."""
    # A client does not change a field that it does not know.
    unknown = set(EVENT.names(editable=True, plain=True)) - body.model_fields_set
    sent = body.model_dump(exclude={"why", "geometry", "origin", *unknown})
    stored = event.model_dump(include=set(sent))
    for values in (sent, stored):
        values["sensitivity"] = sorted(values["sensitivity"])
    one, other = (shapely.from_geojson(json.dumps(geometry)) for geometry in (body.geometry, event.geometry))
    return sent == stored and bool(shapely.equals_exact(one, other, tolerance=1e-7))


def describe_change(current: DeskImport) -> Translatable:
    """Returns a message about what somebody else did with an import."""
    if current.decided_at is not None:
        outcome: Outcome = "rejected" if current.merged_into is None else "merged"
        return decision_message(outcome, current.decided_by, current.decided_at, current.decision_reason)
    if current.state != "draft":
        return Translatable("Somebody has accepted it; it is {state} now.", state=current.state)
    return change_message()


def _lock_import(command: Command, body: BaseModel) -> Event:
    """Locks the import of a command until the transaction ends, and returns its event.

    Raises:
        NotFound: there is no such import.
        PreconditionRequired: the request names no version.
        PreconditionFailed: somebody has changed the import; the message says what they did.
    """
    versions = command.versions
    row = events.locked_event(command.session, command.target)
    if row is None or row.import_digest is None:
        raise NotFound("There is no import with this id.")
    if row.version not in versions:
        current = read_import(command.session, command.target)
        problem = PreconditionFailed(current=current.model_dump(mode="json"), yours=sent_fields(body))
        problem.detail = describe_change(current)
        raise problem
    return row


def _lock_import_to_decide(command: Command, body: BaseModel) -> Event:
    """Locks an import that waits for a decision, as `_lock_import` does.

    Raises:
        Conflict: the import is already decided.
    """
    row = _lock_import(command, body)
    if row.state != "draft" or row.set_aside_at is not None:
        raise Conflict(describe_change(read_import(command.session, command.target)))
    return row


def _set_aside(command: Command, row: Event, reason: str | None, *, merged_into: uuid.UUID | None = None) -> None:
    # The member becomes an author, so that no later import publishes the event.
    add_author(row, command.member)
    row.set_aside_at = func.now()
    row.set_aside_by, row.set_aside_by_name = command.member.id, command.member.name
    row.set_aside_reason = reason
    row.merged_into = merged_into
    _unassign(command.session, row.id)
    save_event(command.session, row)


def _unassign(session: ReadWriteSession, event_id: uuid.UUID) -> None:
    session.execute(delete(Assignment).where(Assignment.item_id == event_id))


def _result(session: ReadWriteSession, event_id: uuid.UUID, state: str, waits_for: list[Reason]) -> ImportDecided:
    members: dict[str, Any] = {"item": read_import(session, event_id), "event_state": state, "waits_for": waits_for}
    return ImportDecided.model_validate(members | {"version": members["item"].version})
