"""Writes generated snapshots in the formats of other maps: simple boxes with the difficulties of
the real files.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.territory.conftest import Ring, box

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS: Final = (
    *("20250718T200804Z", "20250719T205006Z", "20250720T195858Z"),
    *("20250721T194936Z", "20250722T202211Z", "20250723T201140Z"),
)
EARLIER: Final = "1651041499.geojson"  # 27 April 2022
DAYS: Final = ("20250720", "20250721", "20250722", "20250723")
ISW_DAY: Final = "20230715"
# Two units in each snapshot; the real ones have hundreds.
UNITS: Final = 2

HELD_BEFORE: Final = box(33.5, 45.0, 35.0, 46.0)
TRANSNISTRIA: Final = box(29.0, 46.8, 29.4, 47.2)
# Ground south of Zvirove's edge; it becomes part of the gray zone first, the village a day later.
GRAY_FROM: Final = {1: box(37.10, 48.23, 37.16, 48.2495), 2: box(37.10, 48.23, 37.16, 48.26)}
LAYERS: Final = {
    "VIEW_RussiaCoTinUkraine_V3": box(37.0, 47.0, 39.0, 48.0),
    "MDS_AssessedRussianAdvanceInUkraine": box(36.8, 47.0, 37.0, 48.0),
    "VIEW_ClaimedRussianTerritoryinUkraine_V2": box(36.7, 47.0, 36.8, 48.0),
    "VIEW_ClaimedUkrainianCounteroffensives_V2": box(36.65, 47.0, 36.7, 48.0),
}
# An invalid ring, whose repair changes no area.
SPIKED: Final = [(36.0, 47.0), (36.5, 47.0), (36.6, 47.0), (36.5, 47.0), (36.5, 47.5), (36.0, 47.5), (36.0, 47.0)]
WITHOUT_GEOMETRY: Final = 3


def occupied_ring(day: int) -> Ring:
    """Returns the occupied ground on one of `MOMENTS`; it grows to the north-west."""
    return box(36.95 - 0.01 * day, 48.10, 37.05, 48.21 + 0.002 * day)


def write_deepstate(folder: Path) -> list[Path]:
    """Writes six full snapshots of July 2025."""
    files = []
    for number, moment in enumerate(MOMENTS):
        features = [*_everywhere(), _feature(occupied_ring(number), _name("Occupied", "occupied"), "#a52714")]
        if number:
            gray = GRAY_FROM[min(number, 2)]
            features.append(_feature(gray, _name("Unknown status", "unknown"), "#bcaaa4"))
        files.append(_write(folder / f"deepstate_{moment}.geojson", features))
    return files


def write_earlier_deepstate(folder: Path) -> Path:
    """Writes a snapshot of 2022, with an invalid shape."""
    features = [*_everywhere(), _feature(SPIKED, _name("Occupied", "occupied"), "#a52714")]
    return _write(folder / EARLIER, features)


def write_deepstate_daily(folder: Path) -> list[Path]:
    """Writes four daily files with only occupied ground and without properties."""
    return [
        _write(
            folder / f"deepstatemap_data_{day}.geojson",
            [_feature(occupied_ring(number), None, None), _feature(HELD_BEFORE, None, None)],
        )
        for number, day in enumerate(DAYS, 1)
    ]


def write_isw(folder: Path) -> Path:
    """Writes the layers of a day: two invalid shapes, and some features without a geometry."""
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"layer": layer}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for layer, ring in LAYERS.items()
    ]
    for shift in (0, -1.5):
        ring = [(longitude + shift, latitude) for longitude, latitude in SPIKED]
        features.append(
            {
                "type": "Feature",
                "properties": {"layer": "VIEW_RussiaCoTinUkraine_V3"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    nothing = {"type": "Feature", "properties": {"layer": "VIEW_RussiaCoTinUkraine_V3"}, "geometry": None}
    return _write(folder / f"{ISW_DAY}.geojson", [*features, *[nothing] * WITHOUT_GEOMETRY])


def _everywhere() -> list[dict[str, Any]]:
    """Returns the features of every full snapshot: ground occupied before 2022, ground of another
    war, and units.
    """
    units = [
        {
            "type": "Feature",
            "properties": {"name": "A brigade"},
            "geometry": {"type": "Point", "coordinates": [37.0 + 0.1 * number, 48.0]},
        }
        for number in range(UNITS)
    ]
    return [
        _feature(HELD_BEFORE, "Крим /// Crimea /// geoJSON.territories.crimea", "#880e4f"),
        _feature(TRANSNISTRIA, "Придністров'я /// Transnistria /// geoJSON.territories.transnistria", "#880e4f"),
        *units,
    ]


def _name(words: str, key: str) -> str:
    return f"{words} /// {words} /// geoJSON.status.{key}"


def _feature(ring: Ring, name: str | None, fill: str | None) -> dict[str, Any]:
    given = {"name": name, "fill": fill}
    properties = {key: value for key, value in given.items() if value is not None}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _write(path: Path, features: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path
