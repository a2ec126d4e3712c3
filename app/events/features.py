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


def features(session: PublicReadSession, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Returns the features of events, each with its sources, claims and places.

    Args:
        session: reads the sources, claims and places, with three queries for any number of events.
        rows: events with `queries.EVENT_COLUMNS`.
    """
    ids = [row.id for row in rows]
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
            | {name: of_event.get(row.id, []) for name, of_event in belonging.items()},
        }
        for row in rows
    ]
