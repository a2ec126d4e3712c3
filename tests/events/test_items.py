"""The list of events and single events, through the API on a real database."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.models import EventPlace, Place, PlaceName

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

ITEMS = "/api/collections/events/items"


def titles(client: TestClient, **params: Any) -> list[str]:
    response = client.get(ITEMS, params=params)
    assert response.status_code == 200, response.text
    return [feature["properties"]["title"] for feature in response.json()["features"]]


def test_event_is_a_geojson_feature_with_sources_and_claims(client: TestClient, build: Builder) -> None:
    build.session.add(
        Place(geonameid=686799, name="Zvirove", country="UA", population=10, in_theatre=True, spot="POINT(37.1 48.2)")
    )
    build.session.flush()
    build.session.add(PlaceName(geonameid=686799, spelling="Звірове", folded="zvirove", kind="name", language="uk"))
    event = build.event(
        "Advance",
        actor="ru",
        sensitivity=["graphic"],
        places=[EventPlace(position=0, geonameid=686799, as_spelled="Zverovo")],
    )
    post = build.source(event, "https://x.com/a/status/1", platform="x")
    build.claim(event, "ISW", party_kind="think_tank", chain=["article", "ISW"], source_id=post)
    build.claim(event, "General Syrskyi", party_kind="official", stance="denies")

    response = client.get(f"{ITEMS}/{event}")

    assert response.headers["content-type"] == "application/geo+json"
    feature = response.json()
    assert feature["type"] == "Feature"
    assert feature["id"] == str(event)
    assert feature["geometry"] == {"type": "Point", "coordinates": [37.12966, 48.24819]}
    properties = feature["properties"]
    assert properties["happened_from"] == "2025-07-21T00:00:00Z"
    assert properties["happened_to"] == "2025-07-22T00:00:00Z"
    assert properties["actor"] == "ru"
    assert properties["affected"] is None
    assert properties["sensitivity"] == ["graphic"]
    assert properties["licence"] == "CC BY 4.0"
    assert properties["places"] == [
        {"geonameid": 686799, "name": "Zvirove", "as_spelled": "Zverovo", "names": {"uk": "Звірове"}}
    ]
    (source,) = properties["sources"]
    assert (source["url"], source["kind"], source["status"]) == ("https://x.com/a/status/1", "footage", "unknown")
    assert {(claim["party"], claim["stance"]) for claim in properties["claims"]} == {
        ("ISW", "asserts"),
        ("General Syrskyi", "denies"),
    }
    assert [claim["source_id"] for claim in properties["claims"] if claim["party"] == "ISW"] == [str(post)]
    assert {link["rel"] for link in feature["links"]} == {"self", "alternate", "collection"}


def test_events_are_newest_first_and_paged_by_cursor(client: TestClient, build: Builder) -> None:
    for day in range(1, 8):
        for copy in "ab":  # two events at the same moment: the id decides
            build.event(f"{day}{copy}", happened=(f"2025-07-0{day}", f"2025-07-0{day + 1}"))

    seen: list[str] = []
    url: str | None = f"{ITEMS}?limit=3"
    while url:
        page = client.get(url).json()
        seen += [feature["properties"]["title"] for feature in page["features"]]
        assert page["numberReturned"] == len(page["features"]) <= 3
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)

    assert [title[0] for title in seen] == sorted((title[0] for title in seen), reverse=True)
    assert sorted(seen) == [f"{day}{copy}" for day in range(1, 8) for copy in "ab"]


@pytest.mark.parametrize(
    ("datetime", "is_found"),
    [
        ("2025-07-21", True),  # a date means the whole UTC day
        ("2025-07-20", False),
        ("2025-07-22", False),  # the event's end is exclusive
        ("2025-07-15/2025-07-21", True),  # a date interval includes both its days
        ("2025-07-15/2025-07-20", False),
        ("2025-07-22/..", False),
        ("../2025-07-21", True),
        ("../2025-07-20", False),
        ("2025-07-20T12:00:00Z/2025-07-21T00:00:00Z", True),  # a moment interval is closed
        ("2025-07-20T12:00:00Z/2025-07-20T23:59:59Z", False),
        ("2025-07-22T00:00:00Z/..", False),
        ("2025-07-21T23:59:59.5Z", True),
        ("2025-07-22T01:00:00+02:00", True),  # 21 July 23:00 UTC
        ("2025-07-22T03:00:00+02:00", False),
    ],
)
def test_datetime_selects_intersecting_events(
    client: TestClient, build: Builder, datetime: str, is_found: bool
) -> None:
    build.event("here")
    assert titles(client, datetime=datetime) == (["here"] if is_found else [])


def test_box_may_cross_the_antimeridian(client: TestClient, build: Builder) -> None:
    build.event("east", at=(179.5, 10))
    build.event("west", at=(-179.5, 10))
    build.event("zero", at=(0, 10))
    assert sorted(titles(client, bbox="179,0,-179,20")) == ["east", "west"]
    assert titles(client, bbox="-1,0,1,20") == ["zero"]
    assert titles(client, bbox="-1,0,-100,1,20,100") == ["zero"]  # six numbers: heights are ignored


def test_box_finds_a_line_that_only_passes_through(client: TestClient, build: Builder) -> None:
    build.event("road", wkt="LINESTRING(37 48, 38 49)")
    assert titles(client, bbox="37.4,48.4,37.6,48.6") == ["road"]
    assert titles(client, bbox="37.0,48.8,37.2,49") == []


@pytest.mark.parametrize(("metres", "is_found"), [(1500, True), (1400, False)])
def test_near_measures_metres_not_degrees(client: TestClient, build: Builder, metres: int, is_found: bool) -> None:
    # 0.02 degrees of longitude are 1 488 m at 48 degrees north, and would be 2 226 m at the
    # equator.
    build.event("east of it", at=(37.02, 48.0))
    assert titles(client, near=f"37.0,48.0,{metres}") == (["east of it"] if is_found else [])


def test_near_works_across_the_antimeridian_and_at_the_pole(client: TestClient, build: Builder) -> None:
    build.event("beyond", at=(-179.99, 0))
    build.event("pole", at=(90, 89.999))
    assert titles(client, near="179.99,0,5000") == ["beyond"]
    assert titles(client, near="-90,89.999,5000") == ["pole"]


def test_filters_select_matching_events(client: TestClient, build: Builder) -> None:
    build.event("drone", category="strike.drone", actor="ru", affected="ua", verification="confirmed")
    build.event("strike", category="strike", actor="ua", verification="reported")
    build.event("clash", category="clash", verification="disputed")
    assert sorted(titles(client, category="strike")) == ["drone", "strike"]
    assert titles(client, category="strike.drone") == ["drone"]
    assert sorted(titles(client, category="strike.drone,clash")) == ["clash", "drone"]
    assert sorted(titles(client, side="ua")) == ["drone", "strike"]
    assert titles(client, side="ru") == ["drone"]
    assert sorted(titles(client, verification="confirmed,disputed")) == ["clash", "drone"]
    assert titles(client, side="ua", verification="reported") == ["strike"]


def test_text_search_requires_all_words_and_has_no_wildcards(client: TestClient, build: Builder) -> None:
    build.event("Footage of the E50", description="100% sure, near Звірове")
    build.event("Another", description="Nothing of it")
    assert titles(client, q="footage звірове") == ["Footage of the E50"]
    assert titles(client, q="100%") == ["Footage of the E50"]
    assert titles(client, q="%") == ["Footage of the E50"]
    assert titles(client, q="_") == []
    assert titles(client, q="footage nothing") == []


def test_ids_select_only_these_events(client: TestClient, build: Builder) -> None:
    one, _, three = (build.event(title) for title in ("one", "two", "three"))
    assert sorted(titles(client, ids=f"{one},{three}")) == ["one", "three"]


def test_unknown_event_is_404_and_withdrawn_event_is_410(client: TestClient, build: Builder) -> None:
    gone = build.event(state="withdrawn", withdrawn_reason="The footage is of 2023.")
    draft = build.event(state="draft")
    response = client.get(f"{ITEMS}/{gone}")
    assert response.status_code == 410
    assert response.json()["id"] == str(gone)
    assert response.json()["detail"] == "The footage is of 2023."
    absent = client.get(f"{ITEMS}/{uuid.uuid4()}")
    hidden = client.get(f"{ITEMS}/{draft}")
    assert absent.status_code == hidden.status_code == 404
    assert absent.json() == hidden.json()


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"datetime": "yesterday"}, "datetime"),
        ({"datetime": "2024-02-30"}, "datetime"),
        ({"datetime": "2025-07-21/2025-07-15"}, "datetime"),
        ({"datetime": "../.."}, "datetime"),
        ({"datetime": "2025-07-21T06:00:00"}, "datetime"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "nan,2,3,4"}, "bbox"),
        ({"bbox": "1,2,3,1e400"}, "bbox"),
        ({"bbox": "1,50,3,40"}, "bbox"),
        ({"bbox": "1,2,999,4"}, "bbox"),
        ({"near": "37,48"}, "near"),
        ({"near": "37,48,-5"}, "near"),
        ({"category": "party"}, "category"),
        ({"side": "xx"}, "side"),
        ({"verification": "maybe"}, "verification"),
        ({"origin": "No slug"}, "origin"),
        ({"source_class": "maybe"}, "source_class"),
        ({"place": "0"}, "place"),
        ({"q": "x" * 201}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"limit": "0"}, "limit"),
        ({"limit": "10001"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "WyJhIiwiYiJd"}, "cursor"),
        ({"ids": "1"}, "ids"),
        ({"fbclid": "1"}, "fbclid"),
    ],
)
def test_invalid_parameter_is_named(client: TestClient, params: dict[str, str], parameter: str) -> None:
    response = client.get(ITEMS, params=params)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/invalid-parameter"
    assert problem["parameter"] == parameter
    assert parameter in problem["detail"]
