"""The front line is where held ground meets ground that is not held, on land, and nowhere else.

Each file of `front_shapes` has one difficulty: land, areas, and which lengths are right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from app.geo.front_line import BESIDE, FRONT, INNER, FrontLine, Ground, front_line, kinds_of_rings
from app.models.control_area import HELD_STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPES = sorted(Path(__file__).parents[1].joinpath("shapes", "front").glob("*.json"))

HELD = shapely.box(37.0, 48.0, 37.2, 48.1)
# A degree of latitude here is 111.2 km, of longitude 74.5 km; `HELD` is 14.9 km by 11.12 km.
NORTH_KM, EAST_KM = 14.9, 11.12


def line_of(*held: shapely.Polygon, others: Sequence[shapely.Polygon] = (), ground: Ground | None = None) -> FrontLine:
    return front_line([*held], [*others], ground)


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_lengths_of_a_difficulty(file: Path) -> None:
    drawn: dict[str, Any] = json.loads(file.read_text("utf-8"))
    land = shapely.from_wkt(drawn["land"])
    home = shapely.from_wkt(drawn.get("home", drawn["land"]))
    areas = [(status, shapely.from_wkt(shape)) for status, shape in drawn["areas"]]
    held = [shape for status, shape in areas if status in HELD_STATUSES]
    line = line_of(
        *held, others=[shape for status, shape in areas if status not in HELD_STATUSES], ground=Ground(home, land)
    )
    for name in ("length_km", "removed_km", "seams_km"):
        assert getattr(line, name) == pytest.approx(drawn[name], abs=drawn.get("within_km", 0.6)), name
    whole = shapely.union_all(held)
    edge_km = line.length_km + line.seams_km + (line.removed_km or 0)
    assert shapely.length(line.line) + shapely.length(line.rest) == pytest.approx(shapely.length(whole.boundary))
    assert edge_km > 0


def test_without_ground_the_coast_is_front() -> None:
    line = line_of(HELD)
    assert (line.seams_km, line.removed_km, line.tolerance_m) == (0, None, None)
    assert line.length_km == pytest.approx(2 * NORTH_KM + 2 * EAST_KM, abs=0.1)


def test_corners_of_a_shape_are_no_seam() -> None:
    corner = shapely.Polygon([(37, 48), (37.2, 48), (37.2, 48.05), (37.1, 48.05), (37.1, 48.1), (37, 48.1)])
    assert line_of(corner).seams_km == 0


def test_pocket_inside_is_part_of_the_front() -> None:
    pocket = shapely.Polygon(HELD.exterior, [shapely.box(37.05, 48.04, 37.1, 48.06).exterior])
    assert line_of(pocket).length_km - line_of(HELD).length_km == pytest.approx(2 * 3.73 + 2 * 2.22, abs=0.1)


def test_without_occupied_ground_there_is_no_line() -> None:
    line = line_of(others=[HELD], ground=Ground(HELD, HELD))
    assert line.line.is_empty
    assert (line.length_km, line.seams_km) == (0, 0)


def test_each_edge_that_was_drawn_has_a_kind() -> None:
    """Two held areas at a coast: the browser draws what the API counts."""
    land = shapely.box(36.0, 48.0, 39.0, 49.0)
    west, east = HELD, shapely.box(37.2, 48.0, 37.4, 48.1)
    line = line_of(west, east, ground=Ground(land, land))
    rings = np.array([west.exterior, east.exterior], dtype=object)
    first, second = kinds_of_rings(rings, line)
    # `box` begins in the south-east and goes north: east, north, west, south.
    assert first.tolist() == [INNER, FRONT, FRONT, BESIDE]
    assert second.tolist() == [FRONT, FRONT, INNER, BESIDE]
    assert line.length_km == pytest.approx(2 * NORTH_KM + 2 * EAST_KM, abs=0.1)
