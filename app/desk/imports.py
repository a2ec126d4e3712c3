"""Imports at the desk: a draft that a file brought waits for a member, who accepts it, merges it, or sets it aside.

A program is nobody: whoever accepts an import is its first person. Where policy asks for two, another member publishes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.desk import happened
from app.desk.hand_on import hand_on
from app.desk.policy import second_person_for
from app.desk.queue import IMPORT_WAITS
from app.desk.schemas import DeskImport, ImportDecided, Near
from app.desk.work import event_work
from app.fields import EVENT
from app.http.conditional import meant_versions
from app.messages import Translatable
from app.models import Assignment, Event, EventSource, Origin
from app.problems import Conflict, FieldError, InvalidBody, NotFound, PreconditionFailed
from app.publication.acting import act_as_member
from app.review import edit
from app.review import queries as events
from app.review.near import near_duplicates
from app.review.writing import note_author, settle
from app.review.writing import shown as shown_event

if TYPE_CHECKING:
    import uuid

    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import AcceptImportBody, MergeImportBody, ReasonBody
    from app.fields.words import Outcome
    from app.review.schemas import DeskEvent, EventBody
    from app.theatre import Theatre


def shown(session: ReadWriteSession, event_id: uuid.UUID) -> DeskImport:
    """Show an import to members.

    Raises:
        NotFound: there is none.
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
            "event": shown_event(session, event_id),
            "near": [Near.model_validate(one.model_dump()) for one in near_duplicates(session, event_id)],
            "needs_second": second_person_for(session, event_id),
        }
    )


def waits(session: ReadWriteSession, event_id: uuid.UUID) -> bool:
    """Tell whether an event is an import that nobody has decided about."""
    found = select(Event.id).where(Event.id == event_id, Event.state == "draft", *IMPORT_WAITS)
    return session.scalar(found) is not None


def accept(
    session: ReadWriteSession,
    member: Member,
    event_id: uuid.UUID,
    body: AcceptImportBody,
    if_match: str | None,
    theatre: Theatre,
) -> ImportDecided:
    """Take an import up: it waits in review for a second person, or is published where one is enough.

    Who changes its fields has written it, and so does not publish it.

    Raises:
        as `_import_to_decide` does.
        InvalidBody: its fields cannot be used.
    """
    event = _import_to_decide(session, event_id, if_match, body)
    act_as_member(session, member, body.reason)
    changed = body.event is not None and not same(shown_event(session, event_id), body.event)
    if changed and body.event is not None:
        edit.change_event(session, member, event_id, body.event, theatre, f'"{event.version}"')
    why = [*second_person_for(session, event_id), *(["changed"] if event.authors else [])]
    waits_for = why if body.then == "published" else []
    state = hand_on(session, member, event_id, "in_review" if waits_for else body.then)
    _unassign(session, event_id)
    return _told(session, event_id, state, waits_for)


def merge(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: MergeImportBody, if_match: str | None
) -> ImportDecided:
    """Let another event rest on the sources of an import, too; the import is set aside, and its text goes nowhere.

    Raises:
        as `_import_to_decide` does.
        InvalidBody: there is no such event, or it is the import itself.
        Conflict: the event is withdrawn, or the import's origin is not public and the event is of another one.
    """
    row = _import_to_decide(session, event_id, if_match, body)
    into = events.locked_event(session, body.event_id) if body.event_id != event_id else None
    if into is None:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no other event with this id.")])
    if into.state == "withdrawn":
        raise Conflict("The event was withdrawn. Restore it first.")
    if into.origin != row.origin and not session.scalar(select(Origin.public).where(Origin.slug == row.origin)):
        raise Conflict(Translatable("The origin {slug} is not public.", slug=row.origin))
    act_as_member(session, member, body.reason)
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
    settled = settle(session, into)
    _set_aside(session, member, row, body.reason, merged_into=into.id)
    return _told(session, event_id, settled.state, [])


def reject(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: ReasonBody, if_match: str | None
) -> ImportDecided:
    """Set an import aside, with the reason. It stays, so that the same row of a file is not taken for a new one."""
    row = _import_to_decide(session, event_id, if_match, body)
    act_as_member(session, member, body.reason)
    _set_aside(session, member, row, body.reason)
    return _told(session, event_id, row.state, [])


def reopen(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: ReasonBody, if_match: str | None
) -> ImportDecided:
    """Let an import that was set aside wait again. What was merged stays where it went.

    Raises:
        as `_import_to_decide` does, but that it waits.
        Conflict: it was not set aside.
    """
    row = _import_to_change(session, event_id, if_match, body)
    if row.set_aside_at is None:
        raise Conflict("It was not set aside.")
    act_as_member(session, member, body.reason)
    row.set_aside_at = row.set_aside_by = row.set_aside_by_name = row.set_aside_reason = row.merged_into = None
    settle(session, row)
    return _told(session, event_id, row.state, [])


def same(event: DeskEvent, body: EventBody) -> bool:
    """Tell whether a body says of an event what is there."""
    # What a client does not know, it does not change.
    unknown = set(EVENT.names(editable=True, plain=True)) - body.model_fields_set
    ours = body.model_dump(exclude={"why", "geometry", "origin", *unknown})
    theirs = event.model_dump(include=set(ours))
    for told in (ours, theirs):
        told["sensitivity"] = sorted(told["sensitivity"])
    one, other = (shapely.from_geojson(json.dumps(drawn)) for drawn in (body.geometry, event.geometry))
    return ours == theirs and bool(shapely.equals_exact(one, other, tolerance=1e-7))


def what_happened(current: DeskImport) -> Translatable:
    """Say in words what somebody did to an import meanwhile."""
    if current.decided_at is not None:
        outcome: Outcome = "rejected" if current.merged_into is None else "merged"
        return happened.decided(outcome, current.decided_by, current.decided_at, current.decision_reason)
    if current.state != "draft":
        return Translatable("Somebody took it up meanwhile: it is {state}.", state=current.state)
    return happened.changed()


def _import_to_change(session: ReadWriteSession, event_id: uuid.UUID, if_match: str | None, yours: BaseModel) -> Event:
    versions = meant_versions(if_match)
    row = events.locked_event(session, event_id)
    if row is None or row.import_digest is None:
        raise NotFound("There is no import with this id.")
    if row.version not in versions:
        current = shown(session, event_id)
        problem = PreconditionFailed(
            current=current.model_dump(mode="json"), yours=yours.model_dump(mode="json", exclude_unset=True)
        )
        problem.detail = what_happened(current)
        raise problem
    return row


def _import_to_decide(session: ReadWriteSession, event_id: uuid.UUID, if_match: str | None, yours: BaseModel) -> Event:
    """Give the import that a member decides about; nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none.
        PreconditionRequired: the request does not say which version it means.
        PreconditionFailed: somebody did something meanwhile; what they did is told.
        Conflict: it is decided already.
    """
    row = _import_to_change(session, event_id, if_match, yours)
    if row.state != "draft" or row.set_aside_at is not None:
        raise Conflict(what_happened(shown(session, event_id)))
    return row


def _set_aside(
    session: ReadWriteSession, member: Member, row: Event, reason: str | None, *, merged_into: uuid.UUID | None = None
) -> None:
    # Who has worked on it stands among its authors: no later import publishes it.
    note_author(row, member)
    row.set_aside_at = func.now()
    row.set_aside_by, row.set_aside_by_name, row.set_aside_reason = member.id, member.name, reason
    row.merged_into = merged_into
    _unassign(session, row.id)
    settle(session, row)


def _unassign(session: ReadWriteSession, event_id: uuid.UUID) -> None:
    session.execute(delete(Assignment).where(Assignment.item_id == event_id))


def _told(session: ReadWriteSession, event_id: uuid.UUID, state: str, waits_for: list[str]) -> ImportDecided:
    found: dict[str, Any] = {"item": shown(session, event_id), "event_state": state, "waits_for": waits_for}
    return ImportDecided.model_validate(found | {"version": found["item"].version})
