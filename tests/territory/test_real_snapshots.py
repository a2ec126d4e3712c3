"""Real snapshots, which are not part of the project: what they are known to say comes out of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.geometry import shape

from app.exchange.territory.importing import TerritoryOptions, TerritoryReport, import_territory
from tests.conftest import cloned, make_settings
from tests.territory.conftest import NOW, asking, importing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre

ZVIROVE_EDGE, ZVIROVE = (37.12966, 48.24819), (37.12879, 48.25057)
HELD = (36.9869, 48.2058)
DAYS = [f"2025-07-{day}" for day in range(18, 24)]


@pytest.fixture(scope="module")
def imported(
    cluster: EmbeddedCluster,
    template: str,
    theatre: Theatre,
    shared_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[TestClient, dict[str, TerritoryReport]]]:
    """The snapshots of 18 to 23 July 2025, the daily files of those days, four days of layers, and a client."""
    july = shared_data / "pokrovsk_2025-07"
    files = {
        "deepstate": [*july.glob("deepstate_*"), *(shared_data / "territory/deepstate-history").glob("165104*")],
        "deepstate-daily": [*july.glob("deepstatemap_data_*")],
        "isw": [shared_data / "territory/isw/20230715.geojson"],
    }
    with cloned(cluster, template) as urls:
        with importing(urls) as engine:
            options = TerritoryOptions(public=True)
            reports = {
                format_: import_territory(engine, theatre, sorted(given), format_, options, now=NOW)
                for format_, given in files.items()
            }
        with asking(urls, theatre, make_settings(tmp_path_factory.mktemp("real"))) as client:
            yield client, reports


@pytest.fixture
def client(imported: tuple[TestClient, dict[str, TerritoryReport]]) -> TestClient:
    return imported[0]


def statuses(client: TestClient, assessor: str, day: str, place: tuple[float, float]) -> set[str]:
    """The statuses of a place on the map of a day."""
    params = {"assessor": assessor, "state_at": day}
    features = client.get("/api/collections/control-areas/items", params=params).json()["features"]
    assert features
    point = shapely.Point(place)
    return {f["properties"]["status"] for f in features if shape(f["geometry"]).covers(point)}


@pytest.mark.parametrize("day", DAYS)
def test_what_is_known_of_each_day(client: TestClient, shared_data: Path, day: str) -> None:
    settlements = json.loads((shared_data / "pokrovsk_2025-07/settlements_geonames.geojson").read_text("utf-8"))
    places = {f["properties"]["name"]: tuple(f["geometry"]["coordinates"]) for f in settlements["features"]}
    edge, village = ("gray_zone" if day >= since else None for since in ("2025-07-19", "2025-07-20"))
    assert statuses(client, "deepstate", day, ZVIROVE_EDGE) == ({edge} if edge else set())
    assert statuses(client, "deepstate", day, ZVIROVE) == ({village} if village else set())
    assert statuses(client, "deepstate", day, HELD) == {"occupied"}
    for name in ("Pokrovsk", "Udachne"):
        assert statuses(client, "deepstate", day, places[name]) == set(), name


def test_the_hour_of_a_snapshot_counts(client: TestClient) -> None:
    assert statuses(client, "deepstate", "2025-07-19T20:50:05Z", ZVIROVE_EDGE) == set()
    assert statuses(client, "deepstate", "2025-07-19T20:50:06Z", ZVIROVE_EDGE) == {"gray_zone"}


def test_the_sums_are_those_that_are_known(client: TestClient) -> None:
    series = client.get("/api/territory/series", params={"assessor": "deepstate"}).json()
    occupied = series["km2"]["occupied"]
    before = [whole - since for whole, since in zip(occupied["in_all"], occupied["since_first_day"], strict=True)]
    assert before[-1] == pytest.approx(43_983, abs=1)
    assert occupied["since_first_day"][-1] == pytest.approx(70_207, abs=1)
    assert occupied["since_first_day"] == sorted(occupied["since_first_day"][:1]) + sorted(
        occupied["since_first_day"][1:]
    )


def test_the_daily_file_of_a_day_shows_occupied_ground_alone(client: TestClient) -> None:
    for day in DAYS[2:]:
        assert statuses(client, "deepstate-daily", day, HELD) == {"occupied"}
        assert statuses(client, "deepstate-daily", day, ZVIROVE) == set()
    series = client.get("/api/territory/series", params={"assessor": "deepstate-daily"}).json()
    assert set(series["km2"]) == {"occupied"}
    assert series["km2"]["occupied"]["since_first_day"] is None
    assert all(moment.endswith("T00:00:00Z") for moment in series["valid_from"])


def test_layers_become_statuses(client: TestClient) -> None:
    series = client.get("/api/territory/series", params={"assessor": "isw"}).json()["km2"]
    sums = {status: one["in_all"][0] for status, one in series.items()}
    assert set(sums) == {"occupied", "advance", "claimed", "counteroffensive"}
    assert sums["occupied"] > 100_000 > sums["advance"] > sums["claimed"]


def test_what_was_left_out_and_mended_is_told(imported: tuple[TestClient, dict[str, TerritoryReport]]) -> None:
    deepstate, daily, isw = imported[1].values()
    assert deepstate.outcomes == {"added": 7}
    assert deepstate.notes["points of units left out"] > 2000
    elsewhere = {name: km2 for (name, why), (_, km2) in deepstate.left_out.items() if why == "not of this theatre"}
    assert any("Transnistria" in name for name in elsewhere)
    # The six snapshots of July 2025 each, and the one of 2022, which has Transnistria alone.
    assert sum(elsewhere.values()) == pytest.approx(6 * 139_647 + 3_534, abs=20)
    ((file, shapes, km2),) = deepstate.repaired
    assert (file.name, shapes) == ("1651041499.geojson", 1)
    assert km2 < 0.001
    assert daily.outcomes["added"] + daily.outcomes["observed"] == 4
    assert isw.notes == {"features without a geometry": 11}
    assert [shapes for _, shapes, _ in isw.repaired] == [2]


def test_change_and_line_of_a_day_are_plausible(client: TestClient) -> None:
    params: dict[str, Any] = {"assessor": "deepstate", "from": "2025-07-18", "to": "2025-07-23"}
    change = client.get("/api/territory/change", params=params).json()
    series = client.get("/api/territory/series", params={"assessor": "deepstate"}).json()["km2"]
    assert change["total"]["net_km2"] == pytest.approx(
        series["occupied"]["in_all"][-1] - series["occupied"]["in_all"][1], abs=0.1
    )
    assert change["by_status"]["gray_zone"]["net_km2"] == pytest.approx(
        series["gray_zone"]["in_all"][-1] - series["gray_zone"]["in_all"][1], abs=0.1
    )
    params = {"assessor": "deepstate", "state_at": "2025-07-21"}
    (line,) = client.get("/api/collections/front-lines/items", params=params).json()["features"]
    assert 1_000 < line["properties"]["length_km"] < 10_000
