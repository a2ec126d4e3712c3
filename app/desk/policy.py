"""When one member is not enough: the policy of the theatre's file, asked before something is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoalchemy2 import Geography, Geometry
from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.models import Assessment, ControlArea, Event, Origin

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.theatre import Theatre


def second_person_for(session: Session, event_id: uuid.UUID, theatre: Theatre) -> list[str]:
    """Say why a second person must publish an event; nothing: one is enough.

    Returns:
        Of `confirmed`, `always`, `near_line`, `origin` (it is not public, so nobody can).
    """
    event = session.get_one(Event, event_id)
    policy = theatre.desk
    near = policy.second_person_near_line_km > 0 and is_near_line(
        session, event_id, policy.second_person_near_line_km * 1000
    )
    public = session.scalar(select(Origin.public).where(Origin.slug == event.origin))
    found = {
        "confirmed": event.verification == "confirmed",
        "always": policy.second_person_always,
        "near_line": near,
        "origin": not public,
    }
    return [reason for reason, holds in found.items() if holds]


def is_near_line(session: Session, event_id: uuid.UUID, metres: float) -> bool:
    """Tell whether an event lies within a distance of an edge of some area in its assessor's newest assessment."""
    newest = (
        select(Assessment.id)
        .ext(distinct_on(Assessment.assessor))
        .where(Assessment.state == "published")
        .order_by(Assessment.assessor, Assessment.valid_from.desc())
        .subquery()
    )
    exact = func.coalesce(Event.exact_shape, Event.shape)
    around = cast(func.ST_Buffer(cast(exact, Geography), metres), Geometry)
    question = (
        select(literal(True))
        .select_from(ControlArea)
        .join(newest, newest.c.id == ControlArea.assessment_id)
        .join(Event, Event.id == event_id)
        .where(ControlArea.shape.op("&&")(around), func.ST_Intersects(func.ST_Boundary(ControlArea.shape), around))
        .limit(1)
    )
    return session.scalar(question) is not None
