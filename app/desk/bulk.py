"""Changing many events in one reviewed step: first told, then done with a reason, and undone as one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from app.desk.schemas import BulkActs, BulkItem, BulkResult, BulkShown
from app.messages import Translatable, translate_message
from app.models import BulkAct, Event, Origin
from app.problems import Conflict, FieldError, InvalidBody, NotFound, PreconditionFailed, Problem
from app.publication.acting import act_as_member
from app.publication.states import STEPS
from app.review import decide
from app.review.schemas import PublishBody, StepBody
from app.review.writing import ask_rules, check_confirming, note_author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import BulkBody
    from app.messages import Translate
    from app.publication.states import StepName
    from app.theatre import Theatre

ACTS_LIMIT: Final = 50
_BACK: Final[dict[StepName, StepName]] = {
    "submit": "return",
    "return": "submit",
    "publish": "withdraw",
    "withdraw": "restore",
    "restore": "withdraw",
}


_ANEW: Final = {"populate_existing": True}


def change_many(
    session: ReadWriteSession, member: Member, body: BulkBody, theatre: Theatre, translate: Translate
) -> BulkResult:
    """Tell what a change would do to each of some events; with `apply` do it, to all or to none.

    Raises:
        InvalidBody: it is not exactly one change, or of something that is not there.
        PreconditionFailed: some of them were changed since they were seen.
        Conflict: one of them refuses it, and it was to be done.
    """
    change = _one_change(session, body, theatre)
    (field, value), *_ = change.items()
    events = _locked(session, body)
    told = session.begin_nested()
    before = {one.id: (one.title, _value(one, field)) for one in events.values()}
    refusals = _change(session, member, dict.fromkeys(events.values(), value), field, body.reason)
    after = STEPS[value].after if field == "step" else value
    items = [
        BulkItem(
            id=meant.id,
            title=before[meant.id][0],
            before=before[meant.id][1],
            after=after,
            refusal=translate_message(refusals[meant.id], translate) if meant.id in refusals else None,
        )
        for meant in body.events
    ]
    if not body.apply:
        told.rollback()
        return BulkResult(applied=False, items=items)
    told.commit()
    refused = [item for item in items if item.refusal]
    if refused:
        raise Conflict(
            Translatable("{refused} of {all} refuse it, so nothing was changed.", refused=len(refused), all=len(items)),
            items=[item.model_dump(mode="json") for item in refused],
        )
    versions = _versions(session, list(events))
    act = BulkAct(
        id=uuid.uuid4(),
        member_id=member.id,
        made_by=member.name,
        reason=body.reason,
        change=change,
        items=[{"id": str(item.id), "before": item.before, "version": versions[item.id]} for item in items],
        created_at=func.clock_timestamp(),
    )
    session.add(act)
    session.flush()
    return BulkResult(id=act.id, applied=True, items=items)


def undo(session: ReadWriteSession, member: Member, act_id: uuid.UUID) -> BulkResult:
    """Undo a change of many as one. What somebody has changed since stays as it is, and then nothing is undone.

    Raises:
        NotFound: there was no such change.
        Conflict: it is undone already, some events were changed since, or one of them refuses it.
    """
    act = session.get(BulkAct, act_id, with_for_update=True)
    if act is None:
        raise NotFound("There is no such change.")
    if act.undone_at is not None:
        raise Conflict(Translatable("{name} undid it already.", name=act.undone_by_name))
    (field, value), *_ = act.change.items()
    reason = f"Undone: {act.reason}"
    kept = {uuid.UUID(one["id"]): one for one in act.items}
    rows = session.scalars(
        select(Event).where(Event.id.in_(kept)).order_by(Event.id).with_for_update(), execution_options=_ANEW
    ).all()
    if changed := next((row for row in rows if row.version != kept[row.id]["version"]), None):
        raise Conflict(Translatable("“{title}” was changed since, so nothing was undone.", title=changed.title))
    back = {row: _BACK[value] if field == "step" else kept[row.id]["before"] for row in rows}
    items = [
        BulkItem(id=row.id, title=row.title, before=_value(row, field), after=kept[row.id]["before"]) for row in rows
    ]
    for item, refusal in _change(session, member, back, field, reason).items():
        title = next(one.title for one in items if one.id == item)
        raise Conflict(
            Translatable("“{title}” refuses it, so nothing was undone: {refusal}", title=title, refusal=refusal)
        )
    act.undone_at = func.now()
    act.undone_by_name = member.name
    session.flush()
    return BulkResult(id=act.id, applied=True, items=items)


def acts(session: ReadWriteSession) -> BulkActs:
    """Give the last changes of many, the newest first."""
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


def _one_change(session: ReadWriteSession, body: BulkBody, theatre: Theatre) -> dict[str, Any]:
    change = body.change.model_dump(exclude_none=True)
    if len(change) != 1:
        raise InvalidBody([FieldError("/change", "one", "Give exactly one of step, category, verification, origin.")])
    if change.get("category", "other") not in theatre.category_slugs and "category" in change:
        known = ", ".join(sorted(theatre.category_slugs))
        raise InvalidBody(
            [FieldError("/change/category", "unknown-slug", Translatable("This is none of {slugs}.", slugs=known))]
        )
    if "origin" in change and session.get(Origin, change["origin"]) is None:
        raise InvalidBody([FieldError("/change/origin", "unknown-slug", "There is no such origin.")])
    return change


def _locked(session: ReadWriteSession, body: BulkBody) -> dict[uuid.UUID, Event]:
    """Give the events, locked in the order of their ids: two changes of many wait for each other, and do not tangle."""
    wanted = {one.id: one.version for one in body.events}
    rows = session.scalars(select(Event).where(Event.id.in_(wanted)).order_by(Event.id).with_for_update()).all()
    missing = wanted.keys() - {row.id for row in rows}
    if missing or len(wanted) < len(body.events):
        raise InvalidBody(
            [FieldError("/events", "unknown-event", "There is no event with one of the ids, or it is twice.")]
        )
    stale = [row for row in rows if row.version != wanted[row.id]]
    if stale:
        raise PreconditionFailed(
            current=[{"id": str(row.id), "version": row.version, "title": row.title} for row in stale],
            yours=body.model_dump(mode="json", exclude_unset=True),
        )
    return {row.id: row for row in rows}


def _value(event: Event, field: str) -> Any:
    return event.state if field == "step" else getattr(event, field)


def _change(
    session: ReadWriteSession, member: Member, wanted: dict[Event, Any], field: str, reason: str
) -> dict[uuid.UUID, str]:
    """Change events that are locked; give why those refuse that do, which stay as they are.

    All at once; only where a rule of the database refuses one of them, one by one, to learn which.
    """
    act_as_member(session, member, reason)
    together = session.begin_nested()
    refusals = {}
    for event, value in wanted.items():
        event_id = event.id
        try:
            _set(session, member, event, field, value, reason)
        except Problem as problem:
            refusals[event_id] = problem.detail or problem.title
            session.expire(event)
    try:
        ask_rules(session)
    except Problem:
        together.rollback()
        return _change_each(session, member, wanted, field, reason)
    together.commit()
    return refusals


def _change_each(
    session: ReadWriteSession, member: Member, wanted: dict[Event, Any], field: str, reason: str
) -> dict[uuid.UUID, str]:
    refusals = {}
    for event, value in wanted.items():
        event_id = event.id
        alone = session.begin_nested()
        try:
            _set(session, member, event, field, value, reason)
            ask_rules(session)
        except Problem as problem:
            alone.rollback()
            refusals[event_id] = problem.detail or problem.title
            continue
        alone.commit()
    return refusals


def _set(session: ReadWriteSession, member: Member, event: Event, field: str, value: Any, reason: str) -> None:
    """Set what is to be written of an event, after what forbids it."""
    if field == "step":
        body = PublishBody(reason=reason) if value == "publish" else StepBody(reason=reason)
        decide.step_event(session, member, event, value, body)
    else:
        note_author(event, member)
        check_confirming(event, member, value if field == "verification" else event.verification)
        setattr(event, field, value)
    event.updated_at = dt.datetime.now(dt.UTC)


def _versions(session: ReadWriteSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    session.flush()
    return {row.id: row.version for row in session.execute(select(Event.id, Event.version).where(Event.id.in_(ids)))}
