"""When one member is not enough: the policy of the theatre's file, asked before something is published.

The database holds to the same (`app/database/sql/two_persons.sql`), whoever publishes by whatever way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import Event, Origin

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def second_person_for(session: Session, event_id: uuid.UUID) -> list[str]:
    """Say why a second person must publish an event; nothing: one is enough.

    Returns:
        Of `confirmed`, `always`, `near_line`, `origin` (it is not public, so nobody can).
    """
    place = func.coalesce(Event.exact_shape, Event.shape)
    row = session.execute(
        select(func.frontline.why_two_persons(Event.verification, place).label("why"), Origin.public)
        .join(Origin, Origin.slug == Event.origin)
        .where(Event.id == event_id)
    ).one()
    return [*row.why, *([] if row.public else ["origin"])]
