"""Snapshots in the formats of other maps: the API returns their known content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from shapely.geometry import shape

from app.exchange.territory.importing import TerritoryOptions, TerritoryReport, import_territory
from tests.conftest import cloned, make_settings
from tests.territory import made_snapshots as made
from tests.territory.conftest import NOW, importing, open_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.territory.conftest import Ring

ZVIROVE_EDGE, ZVIROVE = (37.12966, 48.24819), (37.12879, 48.25057)
HELD = (36.9869, 48.2058)
FREE = {"Pokrovsk": (37.17706, 48.28014), "Udachne": (36.99243, 48.24099)}
DAYS = [f"2025-07-{day}" for day in range(18, 24)]


@dataclass(frozen=True)
class Snapshots:
    """Snapshot files by format, and their expected values.

    Attributes:
        files: the files of each format.
        occupied_km2: occupied before the theatre's first day, occupied since then, on the last day;
            and the tolerance.
        units: the least number of points of units.
        elsewhere_km2: the ground of other wars in all snapshots, and the tolerance.
        without_geometry: the number of layer features without a geometry.
        layers_km2: a number between the sums of the first and second layer.
        line_km: the shortest and longest plausible front line.
    """

    files: dict[str, list[Path]]
    occupied_km2: tuple[float, float, float]
    units: int
    elsewhere_km2: tuple[float, float]
    without_geometry: int
    layers_km2: float
    line_km: tuple[float, float]


def real_snapshots(shared_data: Path) -> Snapshots:
    """Returns the snapshots of 18 to 23 July 2025, one of 2022, the daily files of those days, and
    the layers of a day.
    """
    july = shared_data / "pokrovsk_2025-07"
    return Snapshots(
        {
            "deepstate": [*july.glob("deepstate_*"), *(shared_data / "territory/deepstate-history").glob("165104*")],
            "deepstate-daily": [*july.glob("deepstatemap_data_*")],
            "isw": [shared_data / "territory/isw/20230715.geojson"],
        },
        occupied_km2=(43_983, 70_207, 1),
        units=2001,
        # Each of the six snapshots of July 2025, and the one of 2022, which has only Transnistria.
        elsewhere_km2=(6 * 139_647 + 3_534, 20),
        without_geometry=11,
        layers_km2=100_000,
        line_km=(1_000, 10_000),
    )


def made_snapshots(folder: Path) -> Snapshots:
    """Returns generated small files of the same kinds."""
    files = {
        "deepstate": [*made.write_deepstate(folder), made.write_earlier_deepstate(folder)],
        "deepstate-daily": made.write_deepstate_daily(folder),
        "isw": [made.write_isw(folder)],
    }
    return Snapshots(
        files,
        occupied_km2=(km2(made.HELD_BEFORE), km2(made.occupied_ring(len(made.MOMENTS) - 1)), 0.1),
        units=made.UNITS * 7,
        elsewhere_km2=(7 * km2(made.TRANSNISTRIA), 0.1),
        without_geometry=made.WITHOUT_GEOMETRY,
        layers_km2=5_000,
        line_km=(100, 1_000),
    )


def km2(ring: Ring) -> float:
    """Returns the area of a ring on the ellipsoid."""
    polygon = Geodesic.WGS84.Polygon()
    for longitude, latitude in ring[:-1]:
        polygon.AddPoint(latitude, longitude)
    area_m2: float = polygon.Compute()[2]
    return abs(area_m2) / 1e6


@pytest.fixture(scope="module", params=["made", pytest.param("real", marks=pytest.mark.long)])
def snapshots(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    """Generated snapshots; in `make long` also real ones, which are not part of the project."""
    if request.param == "real":
        return real_snapshots(request.getfixturevalue("shared_data"))
    return made_snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="module")
def imported(
    cluster: EmbeddedCluster,
    template: str,
    theatre: Theatre,
    snapshots: Snapshots,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[TestClient, dict[str, TerritoryReport]]]:
    """A client over the imported snapshots, and the reports of the import."""
    with cloned(cluster, template) as urls:
        with importing(urls) as engine:
            options = TerritoryOptions(public=True)
            reports = {
                format_: import_territory(engine, theatre, sorted(given), format_, options, now=NOW)
                for format_, given in snapshots.files.items()
            }
        with open_client(urls, theatre, make_settings(tmp_path_factory.mktemp("snapshots"))) as client:
            yield client, reports


@pytest.fixture
def client(imported: tuple[TestClient, dict[str, TerritoryReport]]) -> TestClient:
    return imported[0]


def statuses(client: TestClient, assessor: str, day: str, place: tuple[float, float]) -> set[str]:
    """Returns the statuses of a place on the map of a day."""
    params = {"assessor": assessor, "state_at": day}
    features = client.get("/api/collections/control-areas/items", params=params).json()["features"]
    assert features
    point = shapely.Point(place)
    return {f["properties"]["status"] for f in features if shape(f["geometry"]).covers(point)}


@pytest.mark.parametrize("day", DAYS)
def test_known_statuses_of_each_day(client: TestClient, day: str) -> None:
    edge, village = ("gray_zone" if day >= since else None for since in ("2025-07-19", "2025-07-20"))
    assert statuses(client, "deepstate", day, ZVIROVE_EDGE) == ({edge} if edge else set())
    assert statuses(client, "deepstate", day, ZVIROVE) == ({village} if village else set())
    assert statuses(client, "deepstate", day, HELD) == {"occupied"}
    for name, place in FREE.items():
        assert statuses(client, "deepstate", day, place) == set(), name


def test_snapshot_holds_from_its_hour(client: TestClient) -> None:
    assert statuses(client, "deepstate", "2025-07-19T20:50:05Z", ZVIROVE_EDGE) == set()
    assert statuses(client, "deepstate", "2025-07-19T20:50:06Z", ZVIROVE_EDGE) == {"gray_zone"}


def test_sums_match_the_known_areas(client: TestClient, snapshots: Snapshots) -> None:
    series = client.get("/api/territory/series", params={"assessor": "deepstate"}).json()
    occupied = series["km2"]["occupied"]
    before = [whole - since for whole, since in zip(occupied["in_all"], occupied["since_first_day"], strict=True)]
    held_before, taken_since, tolerance = snapshots.occupied_km2
    assert before[-1] == pytest.approx(held_before, abs=tolerance)
    assert occupied["since_first_day"][-1] == pytest.approx(taken_since, abs=tolerance)
    assert occupied["since_first_day"] == sorted(occupied["since_first_day"][:1]) + sorted(
        occupied["since_first_day"][1:]
    )


def test_daily_file_contains_only_occupied_ground(client: TestClient) -> None:
    for day in DAYS[2:]:
        assert statuses(client, "deepstate-daily", day, HELD) == {"occupied"}
        assert statuses(client, "deepstate-daily", day, ZVIROVE) == set()
    series = client.get("/api/territory/series", params={"assessor": "deepstate-daily"}).json()
    assert set(series["km2"]) == {"occupied"}
    assert series["km2"]["occupied"]["since_first_day"] is None
    assert all(moment.endswith("T00:00:00Z") for moment in series["valid_from"])


def test_layers_become_statuses(client: TestClient, snapshots: Snapshots) -> None:
    series = client.get("/api/territory/series", params={"assessor": "isw"}).json()["km2"]
    sums = {status: one["in_all"][0] for status, one in series.items()}
    assert set(sums) == {"occupied", "advance", "claimed", "counteroffensive"}
    assert sums["occupied"] > snapshots.layers_km2 > sums["advance"] > sums["claimed"]


def test_omissions_and_repairs_are_reported(
    imported: tuple[TestClient, dict[str, TerritoryReport]], snapshots: Snapshots
) -> None:
    deepstate, daily, isw = imported[1].values()
    assert deepstate.outcomes == {"added": 7}
    assert deepstate.notes["points of units left out"] >= snapshots.units
    elsewhere = {name: km2 for (name, why), (_, km2) in deepstate.left_out.items() if why == "not of this theatre"}
    assert any("Transnistria" in name for name in elsewhere)
    area_km2, tolerance = snapshots.elsewhere_km2
    assert sum(elsewhere.values()) == pytest.approx(area_km2, abs=tolerance)
    ((file, shapes, km2),) = deepstate.repaired
    assert (file.name, shapes) == ("1651041499.geojson", 1)
    assert km2 < 0.001
    assert daily.outcomes["added"] + daily.outcomes["observed"] == 4
    assert isw.notes == {"features without a geometry": snapshots.without_geometry}
    assert [shapes for _, shapes, _ in isw.repaired] == [2]


def test_change_and_line_of_a_day_are_plausible(client: TestClient, snapshots: Snapshots) -> None:
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
    shortest, longest = snapshots.line_km
    assert shortest < line["properties"]["length_km"] < longest
