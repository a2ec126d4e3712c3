"""The demo areas agree with published maps and are always marked as schematic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from shapely.geometry import shape

from tests.conftest import make_settings
from tests.territory.conftest import open_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

ZVIROVE_EDGE, ZVIROVE = (37.12966, 48.24819), (37.12879, 48.25057)
NOWHERE = {"Pokrovsk": (37.17706, 48.28014), "Udachne": (36.99243, 48.24099), "Myrnohrad": (37.26513, 48.3099)}
HELD = (36.987, 48.206)


@pytest.fixture(scope="module")
def client(
    demo_database: DatabaseUrls, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    with open_client(demo_database, theatre, make_settings(tmp_path_factory.mktemp("demo"))) as client:
        yield client


def statuses(client: TestClient, day: str, place: tuple[float, float]) -> set[str]:
    features = client.get("/api/collections/control-areas/items", params={"state_at": day}).json()["features"]
    assert features
    return {f["properties"]["status"] for f in features if shape(f["geometry"]).covers(shapely.Point(place))}


@pytest.mark.parametrize("day", [f"2025-07-{day}" for day in range(15, 25)])
def test_each_day_shows_the_known_statuses(client: TestClient, day: str) -> None:
    assert statuses(client, day, ZVIROVE_EDGE) == ({"gray_zone"} if day >= "2025-07-19" else set())
    assert statuses(client, day, ZVIROVE) == ({"gray_zone"} if day >= "2025-07-20" else set())
    assert statuses(client, day, HELD) == {"occupied"}
    for name, place in NOWHERE.items():
        assert statuses(client, day, place) == set(), name


def test_demo_areas_are_always_marked_as_schematic(client: TestClient) -> None:
    (assessor,) = client.get("/api/territory/assessors").json()["assessors"]
    assert (assessor["slug"], assessor["name"]) == ("schematic", "Schematic (demo)")
    assert assessor["definition"].startswith("A schematic drawing for the demo")
    assert assessor["assessments"] == 3
    features = client.get("/api/collections/control-areas/items", params={"state_at": "2025-07-20"}).json()["features"]
    for feature in features:
        properties = feature["properties"]
        assert properties["label"] == "Schematic"
        assert properties["attribution"] == "Frontline, schematic"
        assert properties["last_seen_at"] == "2025-07-23T20:00:00Z"
    manifest = client.get("/api/territory/history").json()
    assert (manifest["name"], manifest["assessments"]) == ("Schematic (demo)", 3)
