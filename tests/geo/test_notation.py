"""Coordinates in the notations that people copy; the page's scripts are tested with the same
examples.
"""

from __future__ import annotations

import json

import pytest

from app.geo.coordinates import parse_place
from app.geo.measure import length_m
from app.geo.notation import format_decimal, format_dms, format_grid
from app.settings import PROJECT_DIRECTORY

VECTORS = json.loads((PROJECT_DIRECTORY / "tests" / "js" / "vectors" / "mgrs.json").read_text("utf-8"))


@pytest.mark.parametrize(("longitude", "latitude", "reference"), VECTORS)
def test_grid_references_match_the_scripts(longitude: float, latitude: float, reference: str) -> None:
    grid = format_grid(longitude, latitude)
    assert grid is not None
    assert grid.replace(" ", "") == reference


def test_grid_reference_has_spaces() -> None:
    assert format_grid(37.12966, 48.24819) == "37U CP 61154 45577"
    assert format_grid(-177.5, 10.0) == "01P DM 45201 05454"


@pytest.mark.parametrize("latitude", [84.1, -80.1, 90.0])
def test_no_grid_reference_near_the_poles(latitude: float) -> None:
    assert format_grid(20.0, latitude) is None


def test_latitude_comes_first_and_there_is_no_negative_zero() -> None:
    assert format_decimal(37.12966, 48.24819) == "48.24819, 37.12966"
    assert format_decimal(-1e-8, -34.6) == "-34.60000, 0.00000"


@pytest.mark.parametrize(
    ("longitude", "latitude", "words"),
    [
        (37.12966, 48.24819, "48°14\u203253.5\u2033N 37°07\u203246.8\u2033E"),
        (-0.99999999, 59.99999999, "60°00\u203200.0\u2033N 1°00\u203200.0\u2033W"),
        (-180.0, -90.0, "90°00\u203200.0\u2033S 180°00\u203200.0\u2033W"),
        (-1e-6, -1e-6, "0°00\u203200.0\u2033N 0°00\u203200.0\u2033E"),
    ],
)
def test_minutes_and_seconds_are_carried(longitude: float, latitude: float, words: str) -> None:
    assert format_dms(longitude, latitude) == words


def test_notations_round_trip() -> None:
    for longitude, latitude in ((37.12966, 48.24819), (-58.4, -34.6), (151.2, -33.9)):
        for notation in (format_decimal, format_dms, format_grid):
            written = notation(longitude, latitude)
            assert written is not None
            place = parse_place(written)
            assert abs(place.longitude - longitude) < 3e-5
            assert abs(place.latitude - latitude) < 3e-5


def test_length_of_a_line_is_ellipsoidal() -> None:
    assert length_m([[37.0, 48.0], [38.0, 48.0], [38.0, 49.0]]) == pytest.approx(74_624.8 + 111_200.0, abs=1)
    assert length_m([[37.0, 48.0]]) == 0
