"""Reads a GeoJSON file: its bytes, its features, and the date in its name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.exchange.garbage_collection import without_garbage_collection
from app.exchange.territory.drawings import FileRefused
from app.parsing.days import parse_time, start_of
from app.parsing.geojson import geometry_type

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES: Final = 50 * 1024 * 1024
_CRS84: Final = re.compile(r"CRS84|EPSG:+(\d*:)?4326|WGS ?84", re.IGNORECASE)
_UNIX: Final = re.compile(r"\d{9,11}", re.ASCII)
_STAMP: Final = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z(?!\d)", re.ASCII)
_DAY: Final = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a file; `number` counts from 1."""

    number: int
    properties: dict[str, Any]
    geometry: dict[str, Any] | None


@dataclass(frozen=True)
class Document:
    """A collection of features, and its other members."""

    name: str
    features: list[Feature]
    members: dict[str, Any]


def read_bytes(file: Path) -> bytes:
    """Reads a whole file.

    Raises:
        FileRefused: the file is missing, too large, empty, or not readable.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise FileRefused(f"is larger than {MAX_BYTES // 1024**2} MiB")
        content = file.read_bytes()
    except OSError as error:
        raise FileRefused(f"cannot be read: {error.strerror}") from error
    if not content.strip():
        raise FileRefused("is empty")
    return content


def read_document(name: str, content: bytes) -> Document:
    """Parses a FeatureCollection.

    Raises:
        FileRefused: the content is not GeoJSON, or not in longitude and latitude on WGS 84.
    """
    try:
        with without_garbage_collection():
            read = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "memory" in error.msg:
            raise MemoryError(error.msg) from error
        raise FileRefused(f"is not valid JSON: {error}") from error
    if not isinstance(read, dict) or read.get("type") != "FeatureCollection":
        raise FileRefused("is not a GeoJSON FeatureCollection")
    features = read.pop("features", None)
    if not isinstance(features, list):
        raise FileRefused("has no list of features")
    crs = read.get("crs")
    if crs is not None and not _CRS84.search(str(crs)):
        raise FileRefused("has another coordinate reference system than WGS 84 (EPSG:4326). Reproject it first")
    return Document(name, [*_features(features)], read)


def _features(given: list[Any]) -> Iterator[Feature]:
    for number, feature in enumerate(given, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise FileRefused(f"feature {number} is not a GeoJSON feature")
        properties, geometry = feature.get("properties") or {}, feature.get("geometry")
        if not isinstance(properties, dict):
            raise FileRefused(f"feature {number} has properties that are not an object")
        if geometry is not None and not geometry_type(geometry):
            raise FileRefused(f"feature {number} has an invalid geometry")
        yield Feature(number, properties, geometry)


def text_property(feature: Feature, name: str) -> str:
    """Returns a property as text with ordinary spaces; empty if it is absent."""
    value = feature.properties.get(name)
    return "" if value is None else " ".join(str(value).split())


def moment_in_name(name: str) -> dt.datetime | None:
    """Parses the moment in a file's name: seconds since 1970, or `20250718T200804Z`; None if there
    is neither.
    """
    stem = name.split(".")[0]
    if stamp := _STAMP.search(stem):
        return _parse_moment(name, "{}-{}-{}T{}:{}:{}Z".format(*stamp.groups()))
    return dt.datetime.fromtimestamp(int(stem), dt.UTC) if _UNIX.fullmatch(stem) else None


def day_in_name(name: str) -> dt.datetime | None:
    """Returns the start of the UTC day in a file's name (`20240708`, `2024-07-08`); None if there
    is none.
    """
    day = _DAY.search(name)
    return _parse_moment(name, "-".join(day.groups())) if day else None


def _parse_moment(name: str, text: str) -> dt.datetime:
    try:
        return start_of(parse_time(text))
    except ValueError as error:
        raise FileRefused(f"has the date {text} in its name {name}. {error}") from None
