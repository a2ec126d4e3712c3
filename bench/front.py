"""The front line of real days: its length, and how much of it is wrong.

Two comparisons measure the error. A line drawn by hand along the front of one day tells which
stretches are front. And two assessors draw the same days: what one calls front far from the front
of the other is looked at as if it were wrong.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from app.exchange.territory.preparing import Preparation
from app.geo.ellipsoid import lengths_km
from app.geo.front_line import FrontLine, front_line
from app.geo.ground import ground_reader
from app.models.control_area import HELD_STATUSES
from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre
from bench.report import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATA: Final = PROJECT_DIRECTORY.parent / "shared" / "data" / "territory"
# Longitude and latitude, drawn by eye on a picture of the areas of 24 June 2023, from the mouth of
# the Dnipro to the Russian border.
BY_HAND: Final = [
    (32.42, 46.49), (32.8, 46.68), (33.3, 46.76), (33.6, 46.85), (33.65, 47.0), (34.0, 47.4), (34.6, 47.52),
    (34.95, 47.4), (35.3, 47.5), (35.85, 47.46), (36.1, 47.57), (36.6, 47.75), (36.7, 47.8), (37.4, 47.75),
    (37.5, 47.95), (37.6, 48.1), (37.8, 48.15), (37.9, 48.3), (37.95, 48.5), (37.93, 48.7), (38.25, 48.77),
    (38.3, 48.95), (38.0, 49.05), (38.0, 49.4), (37.9, 49.75), (37.7, 49.83), (37.88, 50.0),
]  # fmt: skip
BY_HAND_KM: Final = 12
AGREE_KM: Final = 10
_KM_PER_DEGREE: Final = 111.2
# The issue that asked for this counted 3 296 km on 20 June 2023.
MOST_KM: Final = 1_300


def measure() -> Iterator[Measurement]:
    """Yields the measurements, if the real data exists."""
    if not DATA.is_dir():
        return
    # The assessment of 28 May is the one that is valid on 20 June 2023.
    for file, about, most in (("1685290853", "20 June 2023", MOST_KM), ("1753563288", "26 July 2025", None)):
        line = _line("deepstate", DATA / "deepstate-history" / f"{file}.geojson")
        yield Measurement(f"DeepState, {about}: front", line.length_km, "km", most)
        yield Measurement(f"DeepState, {about}: coast and outer border", line.removed_km or 0, "km")
        yield Measurement(f"DeepState, {about}: seams", line.seams_km, "km")
        yield Measurement(f"DeepState, {about}: tolerance at the shore", line.tolerance_m or 0, "m")
    june = _line("deepstate", DATA / "deepstate-history" / "1687591202.geojson")
    near = _around(shapely.LineString(BY_HAND), BY_HAND_KM)
    yield Measurement("24 June 2023, drawn by hand: front elsewhere", _km(june.line.difference(near)), "km")
    # Where the front meets the shore, both lie within the distance.
    missing = june.rest.intersection(_around(shapely.LineString(BY_HAND[2:-2]), BY_HAND_KM))
    yield Measurement("24 June 2023, drawn by hand: front taken for shore or seam", _km(missing), "km")
    july = _line("deepstate", DATA / "deepstate-history" / "1690302848.geojson")
    isw = _line("isw", DATA / "isw" / "20230731.geojson")
    yield Measurement("ISW, 31 July 2023: front", isw.length_km, "km")
    for name, one, other in (("DeepState", july, isw), ("ISW", isw, july)):
        alone = _km(one.line.difference(_around(other.line, AGREE_KM)))
        yield Measurement(f"July 2023: front of {name} over {AGREE_KM} km from the other's", alone, "km")


def _line(format_: str, file: Path) -> FrontLine:
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    preparation = Preparation(format_, theatre, dt.datetime.now(dt.UTC), accept_repairs=True)
    (snapshot,) = preparation.snapshots(file.name, file.read_bytes())
    shapes = shapely.from_wkb([area.wkb for area in snapshot.areas])
    held = np.array([area.status in HELD_STATUSES for area in snapshot.areas])
    return front_line(shapes[held], shapes[~held], ground_reader(theatre)())


def _around(line: Any, km: float) -> shapely.Geometry:
    return _squeeze(shapely.buffer(_squeeze(line, 0.66), km / _KM_PER_DEGREE), 1 / 0.66)


def _squeeze(shape: shapely.Geometry, share: float) -> shapely.Geometry:
    """Returns a shape with degrees of longitude as long as those of latitude at 48.7 degrees."""
    return shapely.transform(shape, lambda places: places * (share, 1))


def _km(shape: shapely.Geometry) -> float:
    lines = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return float(lengths_km(np.array(lines, dtype=object)).sum()) if lines else 0.0
