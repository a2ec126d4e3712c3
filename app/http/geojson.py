"""Answers in GeoJSON, as OGC API Features words them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import orjson
from pydantic import BaseModel

GEOJSON: Final = "application/geo+json"


class Link(BaseModel):
    """A link, as OGC API words it."""

    rel: str
    href: str
    type: str


def to_json(value: object) -> bytes:
    """Encode an answer: moments in UTC end in Z, as RFC 3339 likes them."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def link(rel: str, href: str, media_type: str = GEOJSON) -> dict[str, str]:
    """Make a link, as OGC API words it."""
    return {"rel": rel, "href": href, "type": media_type}


def collection(made: list[dict[str, Any]], links: list[dict[str, str]]) -> dict[str, Any]:
    """Make a GeoJSON collection, as OGC API Features words it."""
    return {
        "type": "FeatureCollection",
        "features": made,
        "numberReturned": len(made),
        "timeStamp": dt.datetime.now(dt.UTC).replace(microsecond=0),
        "links": links,
    }
