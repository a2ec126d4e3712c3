"""Territory through the API: the map of a day or a period, the front line, changes, and the curve
of areas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.exchange.origins import OriginTerms
from app.exchange.territory.importing import TerritoryOptions, import_territory
from tests.conftest import cloned, make_settings
from tests.territory.conftest import NOW, area, areas_file, box, importing, open_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.territory.conftest import Import

AREAS = "/api/collections/control-areas/items"
LINES = "/api/collections/front-lines/items"

WEST, MIDDLE, EAST = box(37.0, 48.0, 37.1, 48.1), box(37.1, 48.0, 37.2, 48.1), box(37.2, 48.0, 37.3, 48.1)
BOX_KM2 = 82.897


@pytest.fixture(scope="module")
def three_days(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """Assessments of three days. 18 July: west occupied, middle gray. 20: west and middle occupied.
    22: only west. 19 and 21: no change.
    """
    held_west = area("occupied", WEST, since_before=True, label="West")
    days = {
        "2025-07-18T20:00:00Z": (held_west, area("gray_zone", MIDDLE)),
        "2025-07-19": (held_west, area("gray_zone", MIDDLE)),
        "2025-07-20": (held_west, area("occupied", MIDDLE)),
        "2025-07-21": (held_west, area("occupied", MIDDLE)),
        "2025-07-22": (held_west,),
    }
    folder = tmp_path_factory.mktemp("areas")
    for moment, drawn in days.items():
        areas_file(folder, moment, *drawn)
    with cloned(cluster, template) as urls:
        with importing(urls) as engine:
            report = import_territory(
                engine, theatre, [folder], "areas-geojson", TerritoryOptions(public=True), now=NOW
            )
            assert report.outcomes == {"added": 3, "observed": 2}
        with open_client(urls, theatre, make_settings(folder)) as client:
            yield client


def features(api: TestClient, address: str = AREAS, **params: Any) -> list[dict[str, Any]]:
    response = api.get(address, params=params)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    collection: list[dict[str, Any]] = response.json()["features"]
    return collection


def day_and_status(api: TestClient, **params: Any) -> list[str]:
    return [f"{f['properties']['valid_from'][8:10]} {f['properties']['status']}" for f in features(api, **params)]


class TestMapOfADay:
    @pytest.mark.parametrize(
        ("state_at", "expected"),
        [
            ("2025-07-17", []),
            ("2025-07-18", ["18 occupied", "18 gray_zone"]),  # a date means the end of the day
            ("2025-07-18T19:59:59Z", []),
            ("2025-07-18T20:00:00Z", ["18 occupied", "18 gray_zone"]),  # a moment means this moment
            ("2025-07-19", ["18 occupied", "18 gray_zone"]),  # the same areas do not create a new assessment
            ("2025-07-19T23:59:59Z", ["18 occupied", "18 gray_zone"]),
            ("2025-07-20T00:00:00Z", ["20 occupied", "20 occupied"]),
            ("2025-07-20T02:00:00+03:00", ["18 occupied", "18 gray_zone"]),
            ("2025-07-21", ["20 occupied", "20 occupied"]),
            ("2025-07-22", ["22 occupied"]),
            ("2030-01-01", ["22 occupied"]),
            ("9999-12-31", ["22 occupied"]),
        ],
    )
    def test_date_selects_the_latest_assessment_before_its_end(
        self, three_days: TestClient, state_at: str, expected: list[str]
    ) -> None:
        assert day_and_status(three_days, state_at=state_at) == expected

    @pytest.mark.parametrize(
        ("datetime", "expected"),
        [
            ("2025-07-18", ["18 occupied", "18 gray_zone"]),
            ("2025-07-20", ["20 occupied", "20 occupied"]),  # the earlier assessment ends when the day begins
            ("2025-07-19/2025-07-20", ["18 occupied", "18 gray_zone", "20 occupied", "20 occupied"]),
            ("../2025-07-17", []),
            ("2025-07-22/..", ["22 occupied"]),
            (
                "2025-07-19T12:00:00Z/2025-07-20T00:00:00Z",
                ["18 occupied", "18 gray_zone", "20 occupied", "20 occupied"],
            ),
        ],
    )
    def test_datetime_selects_all_valid_assessments(
        self, three_days: TestClient, datetime: str, expected: list[str]
    ) -> None:
        assert day_and_status(three_days, datetime=datetime) == expected

    def test_without_time_the_current_assessment_is_returned(self, three_days: TestClient) -> None:
        assert day_and_status(three_days) == ["22 occupied"]

    def test_feature_has_all_properties(self, three_days: TestClient) -> None:
        west, middle = features(three_days, state_at="2025-07-19", assessor="us")
        assert west["geometry"] == {"type": "MultiPolygon", "coordinates": [[[list(place) for place in WEST]]]}
        properties = west["properties"]
        assert properties.pop("area_km2") == pytest.approx(BOX_KM2, abs=0.01)
        assert properties == {
            "assessor": "us",
            "status": "occupied",
            "since_before": True,
            "label": "West",
            "valid_from": "2025-07-18T20:00:00Z",
            "valid_to": "2025-07-20T00:00:00Z",
            "last_seen_at": "2025-07-19T00:00:00Z",
            "age_days": 0,
            "covers": ["occupied", "gray_zone"],
            "attribution": None,
            "licence": "CC BY 4.0",
            "skipped": [],
        }
        assert middle["properties"]["since_before"] is False
        assert features(three_days, state_at="2025-07-22")[0]["properties"]["valid_to"] is None

    def test_bbox_and_status_filter_areas(self, three_days: TestClient) -> None:
        assert day_and_status(three_days, state_at="2025-07-19", bbox="37.15,48.05,37.16,48.06") == ["18 gray_zone"]
        assert day_and_status(three_days, state_at="2025-07-19", bbox="37.25,48.05,37.26,48.06") == []
        assert day_and_status(three_days, state_at="2025-07-19", status="gray_zone,claimed") == ["18 gray_zone"]

    def test_pages_contain_each_area_once(self, three_days: TestClient) -> None:
        seen: list[str] = []
        url: str | None = f"{AREAS}?datetime=2025-07-18/..&limit=2"
        while url:
            page = three_days.get(url).json()
            seen += [feature["id"] for feature in page["features"]]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize(
        ("params", "parameter"),
        [
            ({"state_at": "yesterday"}, "state_at"),
            ({"state_at": "2025-07-21T06:00:00"}, "state_at"),
            ({"state_at": "2025-07-18/2025-07-20"}, "state_at"),
            ({"state_at": "2025-07-18", "datetime": "2025-07-18"}, "state_at"),
            ({"assessor": "nobody"}, "assessor"),
            ({"assessor": "No Body"}, "assessor"),
            ({"status": "contested"}, "status"),
            ({"limit": "2001"}, "limit"),
            ({"cursor": "abc"}, "cursor"),
            ({"as_of": "2025-07-18"}, "as_of"),
        ],
    )
    def test_invalid_parameter_is_named(self, three_days: TestClient, params: dict[str, str], parameter: str) -> None:
        response = three_days.get(AREAS, params=params)
        assert response.status_code == 400
        assert response.json()["parameter"] == parameter


class TestFrontLine:
    def test_line_is_the_edge_of_occupied_ground(self, three_days: TestClient) -> None:
        (line,) = features(three_days, LINES, state_at="2025-07-20")
        assert line["geometry"]["type"] == "MultiLineString"
        # Two adjacent boxes: 0.4 degrees of longitude and 0.2 degrees of latitude.
        assert line["properties"]["length_km"] == pytest.approx(4 * 7.45 + 2 * 11.12, abs=0.1)
        assert line["properties"]["held"] == ["occupied"]
        assert line["properties"]["removed_km"] in (None, 0)  # null without coasts and borders

    def test_period_has_several_lines(self, three_days: TestClient) -> None:
        collection = features(three_days, LINES, datetime="2025-07-18/2025-07-22")
        assert [line["properties"]["valid_from"][8:10] for line in collection] == ["18", "20", "22"]
        first = three_days.get(LINES, params={"datetime": "2025-07-18/2025-07-22", "limit": 2}).json()
        (onward,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
        assert [line["properties"]["valid_from"][8:10] for line in three_days.get(onward).json()["features"]] == ["22"]

    def test_operations_count_as_occupied_on_request(
        self, api: TestClient, import_areas: Import, tmp_path: Path
    ) -> None:
        drawn = (area("occupied", WEST), area("advance", MIDDLE))
        import_areas(areas_file(tmp_path, "2025-07-18", *drawn, assessor="them", covers=[]))
        (without,) = features(api, LINES, assessor="them")
        (with_it,) = features(api, LINES, assessor="them", advance="true")
        assert without["properties"]["held"] == ["occupied"]
        assert with_it["properties"]["held"] == ["occupied", "advance"]
        assert with_it["properties"]["length_km"] - without["properties"]["length_km"] == pytest.approx(14.9, abs=0.1)


class TestChange:
    def change(self, api: TestClient, first: str, last: str, **params: Any) -> dict[str, Any]:
        response = api.get("/api/territory/change", params={"from": first, "to": last} | params)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def test_change_has_gains_and_losses_in_total_and_by_status(self, three_days: TestClient) -> None:
        change = self.change(three_days, "2025-07-19", "2025-07-20")
        km2 = pytest.approx(BOX_KM2, abs=0.01)
        assert change["total"] == {"gained_km2": km2, "lost_km2": 0, "net_km2": km2}
        assert change["by_status"]["occupied"]["gained_km2"] == km2
        assert change["by_status"]["gray_zone"] == {
            "gained_km2": 0,
            "lost_km2": km2,
            "net_km2": -change["total"]["net_km2"],
        }
        assert change["valid_from"] == ["2025-07-18T20:00:00Z", "2025-07-20T00:00:00Z"]
        changes = {(f["properties"]["status"], f["properties"]["change"]) for f in change["features"]}
        assert changes == {("occupied", "gained"), ("gray_zone", "lost")}

    def test_reversed_interval_swaps_gains_and_losses(self, three_days: TestClient) -> None:
        change = self.change(three_days, "2025-07-20", "2025-07-19")
        assert change["total"]["lost_km2"] == pytest.approx(BOX_KM2, abs=0.01)
        assert change["total"]["gained_km2"] == 0

    def test_same_assessment_has_no_change(self, three_days: TestClient) -> None:
        change = self.change(three_days, "2025-07-20", "2025-07-21")
        assert change["total"] == {"gained_km2": 0, "lost_km2": 0, "net_km2": 0}
        assert change["features"] == []

    def test_moved_area_is_partly_gained_and_partly_lost(
        self, api: TestClient, import_areas: Import, tmp_path: Path
    ) -> None:
        import_areas(
            areas_file(tmp_path, "2025-07-18", area("occupied", box(37.0, 48.0, 37.15, 48.1)), assessor="them")
        )
        import_areas(
            areas_file(tmp_path, "2025-07-19", area("occupied", box(37.05, 48.0, 37.2, 48.1)), assessor="them")
        )
        change = self.change(api, "2025-07-18", "2025-07-19", assessor="them")
        assert change["total"]["gained_km2"] == pytest.approx(BOX_KM2 / 2, abs=0.01)
        assert change["total"]["lost_km2"] == pytest.approx(BOX_KM2 / 2, abs=0.01)
        gained = next(f for f in change["features"] if f["properties"]["change"] == "gained")
        assert gained["geometry"]["type"] == "MultiPolygon"
        assert sorted(map(tuple, gained["geometry"]["coordinates"][0][0]))[0] == (37.15, 48.0)

    def test_uncovered_status_is_unknown(self, api: TestClient, import_areas: Import, tmp_path: Path) -> None:
        import_areas(areas_file(tmp_path, "2025-07-18", area("gray_zone", WEST), assessor="them", covers=["gray_zone"]))
        import_areas(areas_file(tmp_path, "2025-07-19", area("occupied", WEST), assessor="them", covers=["occupied"]))
        change = self.change(api, "2025-07-18", "2025-07-19", assessor="them")
        assert change["total"] is None
        assert change["by_status"] == {"occupied": None, "gray_zone": None}
        series = api.get("/api/territory/series", params={"assessor": "them"}).json()
        assert series["km2"]["occupied"]["in_all"] == [None, pytest.approx(BOX_KM2, abs=0.01)]

    @pytest.mark.parametrize(
        ("params", "parameter"),
        [
            ({"from": "2025-07-17", "to": "2025-07-19"}, "from"),
            ({"from": "2025-07-18", "to": "2025-07-17"}, "to"),
            ({"from": "2025-07-18"}, "to"),
            ({"from": "soon", "to": "2025-07-17"}, "from"),
            ({"from": "2025-07-18", "to": "2025-07-19", "assessor": "nobody"}, "assessor"),
        ],
    )
    def test_invalid_parameter_is_named(self, three_days: TestClient, params: dict[str, str], parameter: str) -> None:
        response = three_days.get("/api/territory/change", params=params)
        assert response.status_code == 400, response.text
        assert response.json()["parameter"] == parameter

    def test_assessor_is_required_if_there_are_several(
        self, api: TestClient, import_areas: Import, tmp_path: Path
    ) -> None:
        for slug in ("them", "us"):
            import_areas(areas_file(tmp_path, "2025-07-18", area("occupied", WEST), assessor=slug))
        response = api.get("/api/territory/change", params={"from": "2025-07-18", "to": "2025-07-19"})
        assert response.status_code == 400
        assert "Must be one of: them, us." in response.json()["detail"]


def test_curve_has_a_point_for_each_assessment_and_separates_earlier_occupation(three_days: TestClient) -> None:
    series = three_days.get("/api/territory/series").json()
    assert series["valid_from"] == ["2025-07-18T20:00:00Z", "2025-07-20T00:00:00Z", "2025-07-22T00:00:00Z"]
    km2 = pytest.approx(BOX_KM2, abs=0.01)
    both = pytest.approx(2 * BOX_KM2, abs=0.02)
    assert series["km2"]["occupied"] == {"in_all": [km2, both, km2], "since_first_day": [0, km2, 0]}
    assert series["km2"]["gray_zone"] == {"in_all": [km2, 0, 0], "since_first_day": [km2, 0, 0]}
    assert set(series["km2"]) == {"occupied", "gray_zone"}


def test_since_first_day_is_null_without_earlier_occupation(
    api: TestClient, import_areas: Import, tmp_path: Path
) -> None:
    import_areas(areas_file(tmp_path, "2025-07-18", area("occupied", WEST)))
    assert api.get("/api/territory/series").json()["km2"]["occupied"]["since_first_day"] is None


def test_assessors_are_described(three_days: TestClient) -> None:
    (us,) = three_days.get("/api/territory/assessors").json()["assessors"]
    assert us == {
        "slug": "us",
        "name": "us",
        "home_page": None,
        "licence": "CC BY 4.0",
        "attribution": None,
        "definition": "As the file drew it; it gives no definition of control.",
        "covers": ["occupied", "gray_zone"],
        "assessments": 3,
        "first_valid_from": "2025-07-18T20:00:00Z",
        "last_valid_from": "2025-07-22T00:00:00Z",
    }


def test_private_areas_are_in_no_response(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(areas_file(tmp_path, "2025-07-18", area("occupied", WEST)), public=False)
    assert features(api) == []
    assert features(api, LINES) == []
    assert api.get("/api/territory/assessors").json() == {"assessors": []}
    assert api.get("/api/territory/series").status_code == 404
    assert api.get("/api/territory/series", params={"assessor": "us"}).status_code == 400
    # A later import publishes the areas, although they are the same.
    import_areas(areas_file(tmp_path, "2025-07-18", area("occupied", WEST)))
    assert day_and_status(api) == ["18 occupied"]


def test_unknown_parameters_are_refused(three_days: TestClient) -> None:
    for address in ("/api/territory/assessors", f"/api/territory/history/{'0' * 32}", "/api/territory/series"):
        response = three_days.get(address, params={"fbclid": "1"})
        assert (response.status_code, response.json()["parameter"]) == (400, "fbclid"), address


def test_api_output_can_be_imported_again(
    three_days: TestClient, api: TestClient, import_areas: Import, tmp_path: Path
) -> None:
    file = tmp_path / "copy.geojson"
    file.write_bytes(three_days.get(AREAS, params={"datetime": "2025-07-18/.."}).content)
    report = import_areas(file, terms=OriginTerms(licence="CC BY 4.0"))
    assert report.outcomes == {"added": 3}
    for day in ("2025-07-18", "2025-07-20", "2025-07-22"):
        there, here = (features(client, state_at=day) for client in (three_days, api))
        for feature in (*there, *here):
            del feature["id"], feature["properties"]["last_seen_at"], feature["properties"]["age_days"]
        assert here == there
    there, here = (client.get("/api/territory/series").json() for client in (three_days, api))
    assert there.pop("last_seen_at") != here.pop("last_seen_at"), "the copy lacks the later observations"
    assert here == there
