"""Turns rows of the public views into GeoJSON features."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.events import queries
from app.fields import EVENT
from app.publication.evidence import claim_to_json, source_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.geo.countries import Surroundings

_PROPERTIES: Final = EVENT.names(exported=True)


def _source(row: Row[Any]) -> dict[str, Any]:
    return source_to_json(row, row.source_id, row.role)


def _place(row: Row[Any]) -> dict[str, Any]:
    return {
        "geonameid": row.geonameid,
        "name": row.name or row.as_spelled or "",
        "as_spelled": row.as_spelled,
        "names": row.names or {},
    }


def _doubt(row: Row[Any]) -> dict[str, Any]:
    if row.away_m is None:
        return {"reason": "far-outside", "distance_m": round(row.outside_m), "place": None}
    place = {"geonameid": row.geonameid, "name": row.name, "as_spelled": None, "names": row.names or {}}
    return {"reason": "far-from-name", "distance_m": round(row.away_m), "place": place}


def features(session: PublicReadSession, rows: Sequence[Row[Any]], surroundings: Surroundings) -> list[dict[str, Any]]:
    """Returns the features of events, each with its sources, claims and places, and what is known
    against its place.

    Args:
        session: reads the sources, claims and places, with four queries for any number of events.
        rows: events with `queries.EVENT_COLUMNS`.
        surroundings: of the theatre.
    """
    ids = [row.id for row in rows]
    doubts = (
        {row.event_id: _doubt(row) for row in queries.fetch_doubts(session, ids, surroundings.extent)} if ids else {}
    )
    belonging: dict[str, dict[uuid.UUID, list[dict[str, Any]]]] = {}
    for name, ask, show in (
        ("places", queries.fetch_places, _place),
        ("sources", queries.fetch_sources, _source),
        ("claims", queries.fetch_claims, claim_to_json),
    ):
        of_event = belonging[name] = defaultdict(list)
        for row in ask(session, ids) if ids else ():
            of_event[row.event_id].append(show(row))
    return [
        {
            "type": "Feature",
            "id": row.id,
            "geometry": orjson.Fragment(row.geometry),
            "properties": {key: getattr(row, key) for key in _PROPERTIES}
            | {name: of_event.get(row.id, []) for name, of_event in belonging.items()}
            | {"doubt": doubts.get(row.id), "outside": surroundings.describe(row.longitude, row.latitude)},
        }
        for row in rows
    ]
