"""Answers with numbers of an assessment have its moments and its age; changes have bounds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.exchange.territory.importing import TerritoryOptions, import_territory
from app.geo.tiles import Tile
from tests.conftest import cloned, make_settings
from tests.territory.conftest import area, areas_file, box, importing, open_client
from tests.tiles.reading import features_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre

NOW = dt.datetime(2026, 8, 5, tzinfo=dt.UTC)
WEST, EAST = box(37.0, 48.0, 37.1, 48.1), box(37.1, 48.0, 37.2, 48.1)
IN_WEST, IN_EAST = "37.05,48.05", "37.15,48.05"


@pytest.fixture(scope="module")
def api(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """2 March 2023: west occupied. 30 March: east as well; seen again unchanged on 10 April."""
    folder = tmp_path_factory.mktemp("areas")
    both = (area("occupied", WEST), area("occupied", EAST))
    areas_file(folder, "2023-03-02", both[0])
    areas_file(folder, "2023-03-30T20:00:00Z", *both)
    areas_file(folder, "2023-04-10", *both)
    with cloned(cluster, template) as urls:
        with importing(urls) as engine:
            options = TerritoryOptions(public=True)
            report = import_territory(engine, theatre, [folder], "areas-geojson", options, now=NOW)
            assert report.outcomes == {"added": 2, "observed": 1}
        with open_client(urls, theatre, make_settings(folder)) as client:
            yield client


def answer(api: TestClient, path: str, **params: Any) -> dict[str, Any]:
    response = api.get(path, params=params)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.parametrize("collection", ["control-areas", "front-lines"])
@pytest.mark.parametrize(
    ("params", "age_days"),
    [
        ({"state_at": "2023-04-05"}, 0),  # seen again on 10 April, unchanged
        ({"state_at": "2023-04-17"}, 7),
        ({"state_at": "2024-04-09T12:00:00Z"}, 365),
        ({"state_at": "2023-03-29"}, 27),
        ({"datetime": "2023-04-17"}, None),
        ({}, (dt.datetime.now(dt.UTC).date() - dt.date(2023, 4, 10)).days),
    ],
)
def test_features_have_the_age_of_the_assessment(
    api: TestClient, collection: str, params: dict[str, str], age_days: int | None
) -> None:
    for feature in answer(api, f"/api/collections/{collection}/items", **params)["features"]:
        assert feature["properties"]["age_days"] == age_days
        assert {"valid_from", "last_seen_at"} <= set(feature["properties"])


def test_tiles_have_the_age_of_the_assessment(api: TestClient) -> None:
    for state_at, age_days in (("2023-04-05", 0), ("2023-04-17", 7), ("2023-03-29", 27)):
        url = "/api/collections/control-areas/tiles/WebMercatorQuad/8/88/154"
        content = api.get(url, params={"state_at": state_at}).content
        ages = {one["age_days"] for one in features_of(content, Tile(8, 154, 88), "control-areas")}
        assert ages == {age_days}, state_at


@pytest.mark.parametrize(
    ("position", "state_at", "status", "after", "by"),
    [
        (IN_EAST, "2023-04-20", "occupied", "2023-03-02T00:00:00Z", "2023-03-30T20:00:00Z"),
        (IN_EAST, "2023-03-29", None, None, "2023-03-02T00:00:00Z"),
        (IN_WEST, "2023-04-20", "occupied", None, "2023-03-02T00:00:00Z"),
    ],
)
def test_ground_has_the_bounds_of_the_change(
    api: TestClient, position: str, state_at: str, status: str | None, after: str | None, by: str
) -> None:
    (there,) = answer(api, "/api/territory/ground", position=position, state_at=state_at)["assessments"]
    assert (there["status"], there["since"]) == (status, {"after": after, "by": by})
    assert there["age_days"] == (10 if state_at == "2023-04-20" else 27)


def test_bounds_are_found_beyond_the_first_batch(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.territory.queries.FIRST_BATCH", 1)
    (there,) = answer(api, "/api/territory/ground", position=IN_WEST, state_at="2023-04-20")["assessments"]
    assert there["since"] == {"after": None, "by": "2023-03-02T00:00:00Z"}


def test_change_has_the_days_that_are_really_compared(api: TestClient) -> None:
    change = answer(api, "/api/territory/change", **{"from": "2023-03-15", "to": "2023-04-20"})
    assert change["age_days"] == [13, 10]
    assert change["compared_days"] == ["2023-03-02", "2023-04-10"]
    assert change["last_seen_at"] == ["2023-03-02T00:00:00Z", "2023-04-10T00:00:00Z"]
    same = answer(api, "/api/territory/change", **{"from": "2023-03-10", "to": "2023-03-20"})
    assert same["compared_days"] == ["2023-03-02", "2023-03-02"]
    unchanged = answer(api, "/api/territory/change", **{"from": "2023-04-01", "to": "2023-04-08"})
    assert unchanged["compared_days"] == ["2023-04-01", "2023-04-08"]
    assert unchanged["age_days"] == [0, 0]


def test_series_and_history_have_the_moments_of_the_last_sight(api: TestClient) -> None:
    series = answer(api, "/api/territory/series")
    assert series["last_seen_at"] == ["2023-03-02T00:00:00Z", "2023-04-10T00:00:00Z"]
    history = answer(api, "/api/territory/history")
    assert history["observed"] == [{"valid_from": "2023-03-30T20:00:00Z", "last_seen_at": "2023-04-10T00:00:00Z"}]
