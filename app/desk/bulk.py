"""Bulk changes: one change of many events, first as a preview, then for all of them or none, and
undone as one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from app.desk.bulk_schemas import BulkActs, BulkItem, BulkResult, BulkShown
from app.messages import Translatable, translate_message
from app.models import BulkAct, Event, Origin
from app.problems import Conflict, FieldError, InvalidBody, NotFound, PreconditionFailed, Problem
from app.publication.acting import act_as_member
from app.publication.second_person import check_may_confirm
from app.publication.states import STEPS
from app.review import steps
from app.review.schemas import PublishBody, StepBody
from app.review.writing import add_author, check_constraints, sent_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.bulk_schemas import BulkBody
    from app.messages import Translate
    from app.theatre import Theatre

ACTS_LIMIT: Final = 50
# Reloads rows that the session has already read, after locking them.
_FRESH: Final = {"populate_existing": True}


def change_many(
    session: ReadWriteSession, member: Member, body: BulkBody, theatre: Theatre, translate: Translate
) -> BulkResult:
    """Previews a change of many events; with `apply`, changes all events or none.

    Raises:
        InvalidBody: the body has not exactly one change, or names something unknown.
        PreconditionFailed: some events have changed since the member saw them.
        Conflict: the change was to be applied, and one event cannot be changed.
    """
    change = _read_change(session, body, theatre)
    (field, value), *_ = change.items()
    events = _lock_events(session, body)
    attempt = session.begin_nested()
    before = {one.id: (one.title, _value(one, field)) for one in events.values()}
    guessed = {one.id for one in events.values() if one.category_guessed}
    refusals = _change(session, member, dict.fromkeys(events.values(), value), field, body.reason)
    after = STEPS[value].after if field == "step" else value
    items = [
        BulkItem(
            id=selected.id,
            title=before[selected.id][0],
            before=before[selected.id][1],
            after=after,
            refusal=translate_message(refusals[selected.id], translate) if selected.id in refusals else None,
        )
        for selected in body.events
    ]
    if not body.apply:
        attempt.rollback()
        return BulkResult(applied=False, items=items)
    attempt.commit()
    refused = [item for item in items if item.refusal]
    if refused:
        raise Conflict(
            Translatable(
                "Nothing was changed: {refused} of {all} events cannot be changed.",
                refused=len(refused),
                all=len(items),
            ),
            items=[item.model_dump(mode="json") for item in refused],
        )
    versions = _versions(session, list(events))
    act = BulkAct(
        id=uuid.uuid4(),
        member_id=member.id,
        made_by=member.name,
        reason=body.reason,
        change=change,
        items=[
            {"id": str(item.id), "before": item.before, "version": versions[item.id], "guessed": item.id in guessed}
            for item in items
        ],
        created_at=func.clock_timestamp(),
    )
    session.add(act)
    session.flush()
    return BulkResult(id=act.id, applied=True, items=items)


def undo(session: ReadWriteSession, member: Member, act_id: uuid.UUID) -> BulkResult:
    """Undoes a bulk change for all of its events. If one of them has changed since, nothing is
    undone.

    Raises:
        NotFound: there is no such bulk change.
        Conflict: it is undone already, some events have changed since, or one of them cannot be
            changed back.
    """
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None:
        raise NotFound("There is no bulk change with this id.")
    if act.undone_at is not None:
        raise Conflict(Translatable("{name} has already undone this change.", name=act.undone_by_name))
    (field, value), *_ = act.change.items()
    recorded = {uuid.UUID(one["id"]): one for one in act.items}
    rows = session.scalars(
        select(Event).where(Event.id.in_(recorded)).order_by(Event.id).with_for_update(), execution_options=_FRESH
    ).all()
    if changed := next((row for row in rows if row.version != recorded[row.id]["version"]), None):
        raise Conflict(Translatable("Nothing was undone: “{title}” has changed since.", title=changed.title))
    old_values = {row: STEPS[value].undo if field == "step" else recorded[row.id]["before"] for row in rows}
    items = [
        BulkItem(id=row.id, title=row.title, before=_value(row, field), after=recorded[row.id]["before"])
        for row in rows
    ]
    for item_id, refusal in _change(session, member, old_values, field, f"Undone: {act.reason}").items():
        title = next(one.title for one in items if one.id == item_id)
        raise Conflict(
            Translatable(
                "Nothing was undone: “{title}” cannot be changed back. {refusal}", title=title, refusal=refusal
            )
        )
    if field == "category":
        for row in rows:
            row.category_guessed = recorded[row.id].get("guessed", False)
    act.undone_at = func.now()
    act.undone_by_name = member.name
    session.flush()
    return BulkResult(id=act.id, applied=True, items=items)


def list_acts(session: ReadWriteSession) -> BulkActs:
    """Returns the last bulk changes, newest first."""
    rows = session.scalars(select(BulkAct).order_by(BulkAct.created_at.desc(), BulkAct.id).limit(ACTS_LIMIT))
    return BulkActs(
        acts=[
            BulkShown(
                id=row.id,
                made_by=row.made_by,
                reason=row.reason,
                change=row.change,
                events=len(row.items),
                created_at=row.created_at,
                undone_at=row.undone_at,
                undone_by=row.undone_by_name,
            )
            for row in rows
        ]
    )


def _read_change(session: ReadWriteSession, body: BulkBody, theatre: Theatre) -> dict[str, Any]:
    """Returns the change of a body as one field and its value; checks that the value is known."""
    change = body.change.model_dump(exclude_none=True)
    if len(change) != 1:
        raise InvalidBody([FieldError("/change", "one", "Give exactly one of step, category, verification, origin.")])
    if "category" in change and change["category"] not in theatre.category_slugs:
        known = ", ".join(sorted(theatre.category_slugs))
        message = Translatable("Must be one of: {slugs}.", slugs=known)
        raise InvalidBody([FieldError("/change/category", "unknown-slug", message)])
    if "origin" in change and session.get(Origin, change["origin"]) is None:
        raise InvalidBody([FieldError("/change/origin", "unknown-slug", "This origin does not exist.")])
    return change


def _lock_events(session: ReadWriteSession, body: BulkBody) -> dict[uuid.UUID, Event]:
    """Locks the events in the order of their ids, so that two bulk changes cannot deadlock, and
    returns the events.
    """
    versions = {one.id: one.version for one in body.events}
    rows = session.scalars(select(Event).where(Event.id.in_(versions)).order_by(Event.id).with_for_update()).all()
    missing = versions.keys() - {row.id for row in rows}
    if missing or len(versions) < len(body.events):
        raise InvalidBody([FieldError("/events", "unknown-event", "An id is unknown or is listed twice.")])
    stale = [row for row in rows if row.version != versions[row.id]]
    if stale:
        raise PreconditionFailed(
            current=[{"id": str(row.id), "version": row.version, "title": row.title} for row in stale],
            yours=sent_fields(body),
        )
    return {row.id: row for row in rows}


def _value(event: Event, field: str) -> Any:
    return event.state if field == "step" else getattr(event, field)


def _change(
    session: ReadWriteSession, member: Member, values: dict[Event, Any], field: str, reason: str
) -> dict[uuid.UUID, str]:
    """Changes locked events; returns why the others cannot be changed, by id. Those stay as they
    are.

    All events are changed together. If a constraint of the database fails, they are changed one by
    one, to find the events that fail.
    """
    act_as_member(session, member, reason)
    together = session.begin_nested()
    refusals = {}
    for event, value in values.items():
        event_id = event.id
        try:
            _set_value(session, member, event, field, value, reason)
        except Problem as problem:
            refusals[event_id] = problem.detail or problem.title
            session.expire(event)
    try:
        check_constraints(session)
    except Problem:
        together.rollback()
        return _change_each(session, member, values, field, reason)
    together.commit()
    return refusals


def _change_each(
    session: ReadWriteSession, member: Member, values: dict[Event, Any], field: str, reason: str
) -> dict[uuid.UUID, str]:
    refusals = {}
    for event, value in values.items():
        event_id = event.id
        alone = session.begin_nested()
        try:
            _set_value(session, member, event, field, value, reason)
            check_constraints(session)
        except Problem as problem:
            alone.rollback()
            refusals[event_id] = problem.detail or problem.title
            continue
        alone.commit()
    return refusals


def _set_value(session: ReadWriteSession, member: Member, event: Event, field: str, value: Any, reason: str) -> None:
    """Checks that a member may make the change, and makes it."""
    if field == "step":
        body = PublishBody(reason=reason) if value == "publish" else StepBody(reason=reason)
        steps.apply_step(session, member, event, value, body)
    else:
        add_author(event, member)
        check_may_confirm(event, member, value if field == "verification" else event.verification)
        setattr(event, field, value)
        if field == "category":
            event.category_guessed = False  # a member states it
    event.updated_at = dt.datetime.now(dt.UTC)


def _versions(session: ReadWriteSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    session.flush()
    return {row.id: row.version for row in session.execute(select(Event.id, Event.version).where(Event.id.in_(ids)))}
