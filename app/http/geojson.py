"""GeoJSON responses in the form of OGC API Features."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import orjson
from pydantic import BaseModel

GEOJSON: Final = "application/geo+json"


class Link(BaseModel):
    """A link in the form of OGC API."""

    rel: str
    href: str
    type: str


def to_json(value: object) -> bytes:
    """Encodes JSON; times in UTC end in Z (RFC 3339)."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def link(rel: str, href: str, media_type: str = GEOJSON) -> dict[str, str]:
    """Builds a link in the form of OGC API."""
    return {"rel": rel, "href": href, "type": media_type}


def collection(features: list[dict[str, Any]], links: list[dict[str, str]]) -> dict[str, Any]:
    """Builds a feature collection in the form of OGC API Features."""
    return {
        "type": "FeatureCollection",
        "features": features,
        "numberReturned": len(features),
        "timeStamp": dt.datetime.now(dt.UTC).replace(microsecond=0),
        "links": links,
    }
