"""Files of areas with one error each: accepted, repaired, or refused with a message."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import shapely

from app.exchange.territory.drawings import FileRefused, Snapshot
from app.exchange.territory.polygons import NOT_CLOSED
from app.exchange.territory.preparing import EMPTY_AFTERWARDS, Preparation
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from app.theatre import Theatre

SHAPES = PROJECT_DIRECTORY / "tests" / "shapes"
NOW = dt.datetime(2025, 8, 1, tzinfo=dt.UTC)
SQUARE_KM2 = 331.1


def read(name: str, theatre: Theatre, *, accept_repairs: bool = False) -> Snapshot:
    preparation = Preparation("areas-geojson", theatre, NOW, accept_repairs=accept_repairs)
    (snapshot,) = preparation.snapshots(f"{name}.geojson", (SHAPES / f"{name}.geojson").read_bytes())
    return snapshot


def area_km2(snapshot: Snapshot) -> float:
    return sum(area.area_km2 for area in snapshot.areas)


@pytest.mark.parametrize(
    ("name", "areas", "km2", "repaired"),
    [
        ("square", 1, 1.0, 0),
        ("heights", 1, 1.0, 0),
        ("not-closed", 1, 1.0, 0),
        ("null-geometry", 1, 1.0, 0),
        ("collection", 2, 2.0, 0),
        ("hole-touching-at-a-point", 1, 0.875, 0),
        ("hole-touching-shell", 1, 0.9375, 1),
        ("sliver", 1, 1.0, 1),
        ("bowtie-small", 2, 1.00005, 1),
        ("hole-outside-shell", 1, 1.0, 1),
        ("duplicate-ring", 1, 0.9999875, 1),
        ("elsewhere", 1, 36.57, 0),
    ],
)
def test_valid_and_repairable_shapes_are_accepted_and_repairs_counted(
    theatre: Theatre, name: str, areas: int, km2: float, repaired: int
) -> None:
    snapshot = read(name, theatre)
    assert len(snapshot.areas) == areas
    assert area_km2(snapshot) / SQUARE_KM2 == pytest.approx(km2, rel=2e-3)
    assert snapshot.repaired == repaired
    shapes = [shapely.from_wkb(area.wkb) for area in snapshot.areas]
    assert all(shape.is_valid and shape.geom_type == "MultiPolygon" for shape in shapes)


def test_repairs_report_the_change_of_the_area(theatre: Theatre) -> None:
    assert read("sliver", theatre).repaired_km2 == pytest.approx(0, abs=1e-9)
    assert read("bowtie-small", theatre).repaired_km2 == pytest.approx(0.0166, rel=0.01)
    assert read("bowtie", theatre, accept_repairs=True).repaired_km2 == pytest.approx(SQUARE_KM2 / 2, rel=0.01)
    assert read("duplicate-polygon", theatre, accept_repairs=True).repaired_km2 == pytest.approx(SQUARE_KM2, rel=0.01)
    assert area_km2(read("duplicate-polygon", theatre, accept_repairs=True)) == pytest.approx(SQUARE_KM2, rel=0.01)


def test_every_omission_and_repair_is_reported(theatre: Theatre) -> None:
    assert read("not-closed", theatre).notes == {NOT_CLOSED: 1}
    assert read("sliver", theatre).notes == {EMPTY_AFTERWARDS: 1}
    assert read("null-geometry", theatre).notes == {"features without a geometry": 1}
    assert read("collection", theatre).notes == {"points and lines left out": 1}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bowtie", r"invalid shapes \(1\), .* would change 165\.\d of 165\.\d km², more than 0\.1%.*--accept-repairs"),
        ("duplicate-polygon", r"--accept-repairs"),
        ("null-only", "has no areas"),
        ("empty", "has no areas"),
        ("points-only", "has no areas"),
        ("antimeridian", "feature 1 crosses the antimeridian: cut it there"),
        ("swapped-axes", r"inside with their axes swapped\. Is latitude before longitude\?"),
        ("future", r"is valid from 2202-07-18 00:00\+00:00\. Date is in the future\."),
        ("type-no-text", "feature 1 has an unsupported geometry type: ''"),
        ("two-positions", "feature 1 has a ring of fewer than three"),
        ("off-the-globe", r"feature 1 has a position .*: 37\.2, 148\.0"),
        ("text-for-numbers", "feature 1 has a ring with a position that is not two or three numbers"),
        ("true-for-a-number", "feature 1 has a ring with a position that is not two or three numbers"),
        ("unknown-status", "feature 1 has the unknown status 'contested'. Must be one of: occupied, "),
        ("not-covered", "the status gray_zone, which its assessment does not cover"),
        ("since-before-of-gray", "since_before, which only occupied ground may have"),
        ("no-moment", "feature 1 has no valid_from, nor has the collection"),
        ("other-reference-system", "another coordinate reference system than WGS 84"),
    ],
)
def test_invalid_shapes_are_refused_with_place_and_reason(theatre: Theatre, name: str, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read(name, theatre)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not valid JSON"),
        (b"{", "is not valid JSON"),
        (b"[]", "is not a GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "has no list of features"),
        (b'{"type": "FeatureCollection", "features": [1]}', "feature 1 is not a GeoJSON feature"),
        (
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": 1}]}',
            "feature 1 has an invalid geometry",
        ),
        (
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": [1], "geometry": null}]}',
            "feature 1 has properties that are not an object",
        ),
        (
            b'{"type":"FeatureCollection","assessor":"x","valid_from":"2025-07-18","covers":["x"],"features":'
            b'[{"type":"Feature","properties":{"status":"occupied"},"geometry":null}]}',
            "feature 1 has an invalid `covers`",
        ),
    ],
)
def test_invalid_geojson_is_refused(theatre: Theatre, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        Preparation("areas-geojson", theatre, NOW).snapshots("a.geojson", content)


@pytest.mark.parametrize(
    "geometry",
    [
        '{"type":"Polygon","coordinates":[[[37,48],[38,48],[1e400,49],[37,48]]]}',
        '{"type":"Polygon","coordinates":[[[37,48],[38,48],null,[37,48]]]}',
        '{"type":"Polygon","coordinates":[[[37,48],[38,48],[38],[37,48]]]}',
        '{"type":"Polygon","coordinates":[[[37,48],[38,48],{},[37,48]]]}',
        '{"type":"Polygon","coordinates":[7]}',
        '{"type":"Polygon","coordinates":[[]]}',
        '{"type":"MultiPolygon","coordinates":[7]}',
        '{"type":"Circle"}',
        '{"type":"GeometryCollection","geometries":[7]}',
    ],
)
def test_broken_geometry_is_refused_with_its_feature(theatre: Theatre, geometry: str) -> None:
    feature = f'{{"type":"Feature","properties":{{"status":"occupied"}},"geometry":{geometry}}}'
    content = f'{{"type":"FeatureCollection","assessor":"x","valid_from":"2025-07-18","features":[{feature}]}}'
    with pytest.raises(FileRefused, match=r"feature 1 |is not valid JSON"):
        Preparation("areas-geojson", theatre, NOW).snapshots("a.geojson", content.encode())
