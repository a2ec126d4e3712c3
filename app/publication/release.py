"""Ends embargoes that are due, updates what depends on them, and deletes old submissions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.database import locks
from app.derived.line_history import outdated_histories, update_line_history, without_ground
from app.models import Assessment, ContentRevision, Event, Submission
from app.publication.acting import act_as_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from app.geo.front_line import Ground

# Interval between checks: an embargo ends at most this much late.
EVERY_SECONDS: Final = 15.0


@dataclass(frozen=True)
class ReleaseResult:
    """How many events and assessments became public, and the content revision since then; 0 if none
    did.
    """

    events: int = 0
    assessments: int = 0
    number: int = 0


def release_due(engine: Engine, ground: Callable[[], Ground | None] = without_ground) -> ReleaseResult:
    """Ends the embargoes that are due in one transaction; does nothing while another process does
    so.

    Writing a row releases it (the trigger `before_4_set_released_at`); other triggers update the
    derived tables.

    Args:
        engine: connects as the role that writes, without a statement timeout.
        ground: returns the land, where front lines end.
    """
    with Session(engine) as session, session.begin():
        released = release_due_in(session, ground)
        outdated = outdated_histories(session)
    # After an upgrade: up to a second for each assessment. Until then, readers get the old history.
    for assessor in outdated:
        with Session(engine) as session, session.begin():
            if session.scalar(select(func.pg_try_advisory_xact_lock(locks.RELEASE))):
                update_line_history(session, assessor, ground=ground, rebuild=True)
    return released


def release_due_in(session: Session, ground: Callable[[], Ground | None] = without_ground) -> ReleaseResult:
    """Ends the embargoes that are due, in a transaction of the caller."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(locks.RELEASE))):
        return ReleaseResult()
    act_as_program(session, "releaser", "the embargo ended")
    events = session.scalars(
        update(Event)
        .where(
            Event.state == "published",
            Event.released_at.is_(None),
            or_(Event.public_from.is_(None), Event.public_from <= func.app_now()),
            ~Event.barred,
            ~Event.misdated,
            Event.hidden_at.is_(None),
        )
        .values(released_at=func.app_now())
        .returning(Event.id),
        execution_options={"synchronize_session": False},
    ).all()
    assessors = session.scalars(
        update(Assessment)
        .where(
            Assessment.state == "published",
            Assessment.released_at.is_(None),
            or_(Assessment.public_from.is_(None), Assessment.public_from <= func.app_now()),
        )
        .values(released_at=func.app_now())
        .returning(Assessment.assessor),
        execution_options={"synchronize_session": False},
    ).all()
    for assessor in sorted({*assessors}):
        update_line_history(session, assessor, ground=ground)
    if not events and not assessors:
        return ReleaseResult()
    return ReleaseResult(len(events), len(assessors), session.scalar(select(func.max(ContentRevision.number))) or 0)


def delete_old_submissions(engine: Engine, *, retention_days: float) -> int:
    """Deletes submissions that were not accepted, some days after the decision. Returns how many.

    Args:
        engine: connects as the role that writes.
        retention_days: how long they are kept after the decision.
    """
    with Session(engine) as session, session.begin():
        act_as_program(session, "retention", "kept as long as the operator's guide says")
        gone = session.scalars(
            delete(Submission)
            .where(
                Submission.state == "rejected",
                Submission.decided_at < func.app_now() - dt.timedelta(days=retention_days),
            )
            .returning(Submission.id),
            execution_options={"synchronize_session": False},
        )
        return len(gone.all())
