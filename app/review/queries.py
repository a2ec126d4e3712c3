"""Database queries for events, sources and claims in any state. Their results are never public."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, func, select

from app.models import Assessment, Claim, ControlArea, Event, EventPlace, EventSource, Party, Revision, Source
from app.review.schemas import DeskClaim, DeskEvent, DeskSource

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_SHAPE_DIGITS = 7
# Columns that are returned unchanged. `precision_m` is not one of them: policy may have made it
# coarser.
_EVENT: Final = tuple(name for name in DeskEvent.model_fields if name in Event.__table__.c and name != "precision_m")
_SOURCE: Final = tuple(name for name in DeskSource.model_fields if name in Source.__table__.c)
_CLAIM: Final = tuple(name for name in DeskClaim.model_fields if name in Claim.__table__.c)


def locked_event(session: Session, event_id: uuid.UUID) -> Event | None:
    """Returns an event, locked until the transaction ends; None if it does not exist."""
    return session.get(Event, event_id, with_for_update=True, populate_existing=True)


def locked_source(session: Session, source_id: uuid.UUID) -> Source | None:
    """Returns a source, locked until the transaction ends; None if it does not exist."""
    return session.get(Source, source_id, with_for_update=True, populate_existing=True)


def locked_assessment_of(session: Session, area_id: uuid.UUID) -> Assessment | None:
    """Returns the assessment of an area, locked until the transaction ends; None if the area does
    not exist.
    """
    query = (
        select(Assessment)
        .join(ControlArea, ControlArea.assessment_id == Assessment.id)
        .where(ControlArea.id == area_id)
        .with_for_update(of=Assessment)
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def described_event(session: Session, event_id: uuid.UUID) -> dict[str, Any] | None:
    """Returns the members of `schemas.DeskEvent` of an event; None if it does not exist."""
    found = described_events(session, [event_id])
    return found[0] if found else None


def described_events(session: Session, ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Returns the members of `schemas.DeskEvent` of events, in the order of `ids`."""
    exact = func.coalesce(Event.exact_shape, Event.shape)
    query = select(
        *(getattr(Event, name) for name in _EVENT),
        func.ST_AsGeoJSON(exact, _SHAPE_DIGITS).label("geometry"),
        func.ST_AsGeoJSON(Event.shape, _SHAPE_DIGITS).label("public_shape"),
        Event.precision_m,
        Event.exact_precision_m,
        Event.exact_shape.is_not(None).label("coarsened"),
    ).where(Event.id.in_(ids))
    rows = {row.id: row for row in session.execute(query)}
    return [_event_members(session, rows[one]) for one in ids if one in rows]


def _event_members(session: Session, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _EVENT} | {
        "geometry": json.loads(row.geometry),
        "public_geometry": json.loads(row.public_shape) if row.coarsened else None,
        "precision_m": row.exact_precision_m if row.coarsened else row.precision_m,
        "places": [
            {"geonameid": place.geonameid, "as_spelled": place.as_spelled}
            for place in session.scalars(
                select(EventPlace).where(EventPlace.event_id == row.id).order_by(EventPlace.position)
            )
        ],
        "sources": [
            described_source(source) | {"role": role}
            for source, role in session.execute(
                select(Source, EventSource.role)
                .join(EventSource, EventSource.source_id == Source.id)
                .where(EventSource.event_id == row.id)
                .order_by(EventSource.position, Source.name, Source.id)
            )
        ],
        "claims": claims_about(session, Claim.event_id == row.id),
    }


def described_source(source: Source) -> dict[str, Any]:
    """Returns the members of `schemas.DeskSource` of a source."""
    return {name: getattr(source, name) for name in _SOURCE} | {"first_seen_at": source.created_at}


def claims_about(session: Session, condition: Any) -> list[dict[str, Any]]:
    """Returns the members of `schemas.DeskClaim` of the claims that meet a condition."""
    query = (
        select(Claim, Party)
        .join(Party, Party.id == Claim.party_id)
        .where(condition)
        .order_by(Claim.position, Claim.created_at, Claim.id)
    )
    return [
        {name: getattr(claim, name) for name in _CLAIM} | {"party": party.name, "party_kind": party.kind}
        for claim, party in session.execute(query)
    ]


def events_in_state(session: Session, state: str, limit: int) -> list[dict[str, Any]]:
    """Returns the events in a state, most recently changed first."""
    ids = session.scalars(
        select(Event.id).where(Event.state == state).order_by(Event.updated_at.desc(), Event.id).limit(limit)
    ).all()
    return described_events(session, ids)


def revisions_of(session: Session, subject_ids: Sequence[uuid.UUID], limit: int) -> Sequence[Revision]:
    """Returns the changes of events, sources or assessments, newest first."""
    query = select(Revision).where(Revision.subject_id.in_(subject_ids)).order_by(Revision.id.desc()).limit(limit)
    return session.scalars(query).all()
