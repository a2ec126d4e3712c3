"""The assessors' areas at one position, side by side, with the claims about its
areas.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.publication.evidence import claim_to_json, source_to_json
from app.territory import queries
from app.territory.ages import last_change
from app.territory.features import age_properties, area_facts, assessment_properties

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.territory.schemas import GroundQuery


def describe_ground(session: PublicReadSession, parameters: GroundQuery) -> dict[str, Any]:
    """Returns the areas at a position, and since when each assessor's status is unchanged."""
    longitude, latitude = parameters.position
    day = parameters.day()
    assessments = queries.assessments_at(session, parameters)
    areas = queries.areas_containing(session, [row.assessment_id for row in assessments], longitude, latitude)
    claims: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in queries.claims_about(session, [area.id for area in areas]) if areas else ():
        claims[row.area_id].append(claim_to_json(row))
    named = {claim["source_id"] for area_claims in claims.values() for claim in area_claims} - {None}
    sources = {row.id: row for row in queries.sources_by_id(session, list(named))} if named else {}
    there: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for area in areas:
        area_claims = claims[area.id]
        rests_on = [
            sources[id_] for id_ in dict.fromkeys(claim["source_id"] for claim in area_claims) if id_ in sources
        ]
        there[area.assessment_id].append(
            area_facts(area)
            | {
                "id": area.id,
                "sources": [source_to_json(row, row.id, "statement") for row in rests_on],
                "claims": area_claims,
            }
        )
    return {
        "longitude": longitude,
        "latitude": latitude,
        "assessments": [
            assessment_properties(row)
            | age_properties(row, day)
            | {"name": row.name}
            | _describe_status(session, row, longitude, latitude)
            | {"areas": there[row.assessment_id]}
            for row in assessments
        ],
    }


def _describe_status(
    session: PublicReadSession, assessment: Row[Any], longitude: float, latitude: float
) -> dict[str, Any]:
    status, since = last_change(queries.statuses_before(session, assessment, longitude, latitude))
    return {"status": status, "since": {"after": since.after, "by": since.by}}
