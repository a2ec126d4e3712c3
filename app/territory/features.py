"""Turns rows of the public views into GeoJSON features of areas and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import shapely

from app.http.geojson import to_json
from app.models.control_area import AREA_STATUSES
from app.parsing.cursors import encode_cursor
from app.territory.ages import age_in_days
from app.territory.queries import SHAPE_DIGITS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Row

    from app.geo.front_line import FrontLine

_ASSESSMENT = ("assessor", "valid_from", "valid_to", "attribution", "licence", "skipped")
_AREA = ("status", "since_before", "label")
_ASSESSOR = ("slug", "name", "home_page", "licence", "attribution", "definition")
_ASSESSMENTS = ("assessments", "first_valid_from", "last_valid_from")


def _sort_statuses(covers: list[str] | None) -> list[str]:
    return [status for status in AREA_STATUSES if status in (covers or ())]


def assessor_shown(row: Row[Any]) -> dict[str, Any]:
    """Returns the properties of an assessor."""
    return {name: getattr(row, name) for name in (*_ASSESSOR, *_ASSESSMENTS)} | {"covers": _sort_statuses(row.covers)}


def assessment_properties(row: Row[Any]) -> dict[str, Any]:
    """Returns the properties of a row's assessment: the assessor, and the time in which it is
    valid.
    """
    return {name: getattr(row, name) for name in _ASSESSMENT} | {
        "last_seen_at": row.last_seen_at,
        "covers": _sort_statuses(row.covers),
    }


def age_properties(row: Row[Any], day: dt.date | None) -> dict[str, int | None]:
    """Returns the age of a row's assessment on the requested day; None: no single day is
    requested.
    """
    return {"age_days": None if day is None else age_in_days(row.last_seen_at, day)}


def area_facts(row: Row[Any]) -> dict[str, Any]:
    """Returns the properties of an area."""
    return {name: getattr(row, name) for name in _AREA} | {"area_km2": round(row.area_km2, 6)}


def area_feature(row: Row[Any], day: dt.date | None) -> dict[str, Any]:
    """Returns the feature of an area, for the requested day."""
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": orjson.Fragment(row.geometry),
        "properties": area_facts(row) | assessment_properties(row) | age_properties(row, day),
    }


def line_feature(row: Row[Any], line: FrontLine, held: tuple[str, ...]) -> bytes:
    """Returns the feature of an assessment's front line."""
    removed = line.removed_km
    return to_json(
        {
            "type": "Feature",
            "id": row.assessment_id,
            "geometry": geometry(line.line),
            "properties": assessment_properties(row)
            | {
                "held": held,
                "length_km": round(line.length_km, 3),
                "seams_km": round(line.seams_km, 3),
                "removed_km": None if removed is None else round(removed, 3),
                "tolerance_m": None if line.tolerance_m is None else round(line.tolerance_m),
            },
        }
    )


def geometry(shape: shapely.Geometry) -> orjson.Fragment:
    """Encodes a shape as GeoJSON, to a tenth of a metre."""
    return orjson.Fragment(shapely.to_geojson(shapely.transform(shape, lambda places: places.round(SHAPE_DIGITS))))


def cursor_after(row: Row[Any], position: int = 0) -> str:
    """Returns the cursor of the page that starts after a row."""
    return encode_cursor(row.assessor, row.valid_from.isoformat().replace("+00:00", "Z"), str(position))
