"""The front line is where occupied ground meets ground that is not occupied, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from app.geo.front_line import FrontLine, Ground, front_line

if TYPE_CHECKING:
    from collections.abc import Sequence

HELD = shapely.box(37.0, 48.0, 37.2, 48.1)
NORTH_KM, EAST_KM = 14.9, 11.12  # the lengths of the northern and the eastern edge


def ground(*lines: Sequence[tuple[float, float]]) -> Ground:
    return Ground([shapely.LineString(line) for line in lines])


def line_of(*held: shapely.Polygon, others: Sequence[shapely.Polygon] = (), ground: Ground | None = None) -> FrontLine:
    return front_line([*held], [*others], ground)


def test_without_coasts_and_borders_the_line_is_the_whole_edge() -> None:
    line = line_of(HELD)
    assert line.length_km == pytest.approx(2 * NORTH_KM + 2 * EAST_KM, abs=0.1)
    assert (line.seams_km, line.removed_km) == (0, None)
    # An edge that was cut for the analysis is joined again, without extra vertices.
    assert [len(part.coords) for part in line.line.geoms] == [5]


def test_edge_between_occupied_areas_is_not_part_of_the_line() -> None:
    line = line_of(HELD, shapely.box(37.2, 48.0, 37.4, 48.1))
    assert line.length_km == pytest.approx(4 * NORTH_KM + 2 * EAST_KM, abs=0.1)


def test_coast_without_ground_beyond_is_removed_and_measured() -> None:
    coast = ground([(36.5, 48.001), (37.8, 48.001)])
    line = line_of(HELD, ground=coast)
    assert line.removed_km == pytest.approx(NORTH_KM, abs=0.6)
    assert line.length_km == pytest.approx(NORTH_KM + 2 * EAST_KM, abs=0.6)


def test_tolerance_is_in_metres_in_both_directions() -> None:
    # 0.0045 degrees of longitude are 335 m at 48 degrees north, 0.0035 are 260 m.
    assert line_of(HELD, ground=ground([(37.2045, 47), (37.2045, 49)])).removed_km == 0
    assert line_of(HELD, ground=ground([(37.2035, 47), (37.2035, 49)])).removed_km == pytest.approx(EAST_KM, abs=0.6)


def test_border_is_part_of_the_line_where_ground_beyond_is_assessed() -> None:
    border = ground([(36.5, 48.1), (37.8, 48.1)])
    beyond = shapely.box(37.0, 48.1, 37.1, 48.2)
    line = line_of(HELD, others=[beyond], ground=border)
    assert line.removed_km == pytest.approx(NORTH_KM / 2, abs=0.6)
    assert line.line.intersects(shapely.Point(37.05, 48.1))
    assert not line.line.intersects(shapely.Point(37.18, 48.1).buffer(0.001))


def test_edge_that_crosses_a_border_is_not_cut() -> None:
    line = line_of(HELD, ground=ground([(36.5, 48.05), (37.8, 48.05)]))
    assert line.removed_km == 0
    assert line.length_km == pytest.approx(2 * NORTH_KM + 2 * EAST_KM, abs=0.1)


def test_gap_between_occupied_areas_is_no_line_and_corners_stay() -> None:
    seam = line_of(HELD, shapely.box(37.2005, 48.0, 37.4, 48.1))
    assert seam.seams_km == pytest.approx(2 * EAST_KM, abs=0.5)
    assert seam.length_km == pytest.approx(4 * NORTH_KM + 2 * EAST_KM, abs=0.5)
    corner = shapely.Polygon([(37, 48), (37.2, 48), (37.2, 48.05), (37.1, 48.05), (37.1, 48.1), (37, 48.1)])
    assert line_of(corner).seams_km == 0


def test_pocket_inside_is_part_of_the_front() -> None:
    pocket = shapely.Polygon(HELD.exterior, [shapely.box(37.05, 48.04, 37.1, 48.06).exterior])
    assert line_of(pocket).length_km - line_of(HELD).length_km == pytest.approx(2 * 3.73 + 2 * 2.22, abs=0.1)


def test_without_occupied_ground_there_is_no_line() -> None:
    line = line_of(others=[HELD], ground=ground([(36.5, 48.1), (37.8, 48.1)]))
    assert line.line.is_empty
    assert (line.length_km, line.seams_km, line.removed_km) == (0, 0, 0)
