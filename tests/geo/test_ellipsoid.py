"""Areas and lengths agree with GeographicLib, which is slow, and with known values."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from app.geo.ellipsoid import areas_km2, lengths_km

WGS84 = Geodesic.WGS84


def geodesic_km2(ring: list[tuple[float, float]]) -> float:
    polygon = WGS84.Polygon()
    for longitude, latitude in ring:
        polygon.AddPoint(latitude, longitude)
    return abs(float(polygon.Compute()[2])) / 1e6


def geodesic_km(line: list[tuple[float, float]]) -> float:
    return sum(float(WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"]) / 1e3 for a, b in pairwise(line))


def km2(*shapes: shapely.Geometry) -> list[float]:
    return [float(area) for area in areas_km2(np.array(shapes, dtype=object))]


def test_area_of_a_degree_at_48_north() -> None:
    square = [(37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0)]
    assert km2(shapely.Polygon(square)) == pytest.approx([geodesic_km2(square)], rel=1e-6)
    assert km2(shapely.Polygon(square)) == pytest.approx([8217.59], abs=0.01)


def test_area_of_an_octant_is_an_eighth_of_the_ellipsoid() -> None:
    ellipsoid_km2 = 510_065_621.724
    octant = shapely.Polygon([(lon, 0) for lon in range(91)] + [(90, 90), (0, 90)])
    assert km2(octant) == pytest.approx([ellipsoid_km2 / 8], rel=1e-9)


@settings(deadline=None)
@given(
    longitude=st.floats(-170, 170),
    latitude=st.floats(-80, 80),
    size=st.floats(0.001, 0.5),
    turns=st.lists(st.floats(0.2, 1), min_size=3, max_size=12),
)
def test_areas_agree_with_geographiclib(longitude: float, latitude: float, size: float, turns: list[float]) -> None:
    # An edge is straight in degrees, a geodesic is not: areas differ with the square of the size,
    # by 1e-5 at one degree.
    angles = np.linspace(0, 2 * math.pi, len(turns), endpoint=False)
    ring = [
        (longitude + size * reach * math.cos(angle), latitude + size * reach * math.sin(angle))
        for angle, reach in zip(angles, turns, strict=True)
    ]
    expected = geodesic_km2(ring)
    assert km2(shapely.Polygon(ring))[0] == pytest.approx(expected, rel=1e-5, abs=1e-9)
    assert km2(shapely.Polygon(ring[::-1]))[0] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_holes_are_subtracted_in_any_direction_and_parts_are_added() -> None:
    shell = [(37.0, 48.0), (37.2, 48.0), (37.2, 48.2), (37.0, 48.2)]
    hole = [(37.05, 48.05), (37.1, 48.05), (37.1, 48.1), (37.05, 48.1)]
    expected = geodesic_km2(shell) - geodesic_km2(hole)
    one, other = shapely.Polygon(shell, [hole]), shapely.Polygon(shell, [hole[::-1]])
    assert km2(one, other, shapely.MultiPolygon([one, shapely.box(30, 48, 30.1, 48.1)]), shapely.MultiPolygon()) == (
        pytest.approx(
            [expected, expected, expected + geodesic_km2([*shapely.box(30, 48, 30.1, 48.1).exterior.coords][:-1]), 0],
            rel=1e-7,
        )
    )


@settings(deadline=None)
@given(
    start=st.tuples(st.floats(-170, 170), st.floats(-85, 85)),
    steps=st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=8),
)
def test_lengths_agree_with_geographiclib(start: tuple[float, float], steps: list[tuple[float, float]]) -> None:
    line = [start]
    for east, north in steps:
        line.append((line[-1][0] + east, max(-89.0, min(89.0, line[-1][1] + north))))
    (length,) = lengths_km(np.array([shapely.LineString(line)], dtype=object))
    assert length == pytest.approx(geodesic_km(line), rel=2e-6, abs=1e-6)


def test_length_of_a_multi_line_is_the_sum_of_its_parts() -> None:
    parts = [[(37.0, 48.0), (37.1, 48.0)], [(37.5, 48.0), (37.5, 48.1)]]
    lengths = lengths_km(np.array([shapely.MultiLineString(parts), shapely.MultiLineString()], dtype=object))
    assert lengths == pytest.approx([sum(map(geodesic_km, parts)), 0], rel=1e-8)
