"""GeoJSON responses in the form of OGC API Features."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import orjson
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping

GEOJSON: Final = "application/geo+json"


class Link(BaseModel):
    """A link in the form of OGC API."""

    rel: str
    href: str
    type: str


def to_json(value: object) -> bytes:
    """Encodes JSON; times in UTC end in Z (RFC 3339)."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def add_members(encoded: bytes, members: Mapping[str, object]) -> bytes:
    """Adds members to an encoded JSON object that has some, without decoding it."""
    return encoded[:-1] + b"," + to_json(members)[1:]


def add_properties(feature: bytes, properties: Mapping[str, object]) -> bytes:
    """Adds properties to an encoded feature whose last member is `properties`."""
    return add_members(feature[:-1], properties) + b"}"


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
