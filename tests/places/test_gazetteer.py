"""The public place search over the whole GeoNames extract of the theatre."""

# ruff: noqa: RUF001 - spellings in several scripts are what is tested here

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text

from app.places.load import Gazetteer
from tests.places.conftest import store_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.database.engines import DatabaseUrls
    from app.places.load import LoadReport

ITEMS = "/api/collections/places/items"
ZVIROVE, ZVEREVO, POKROVSK = 686799, 461910, 704422


def ask(client: TestClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get(ITEMS, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    body: dict[str, Any] = answer.json()
    return body


def first(client: TestClient, **parameters: Any) -> dict[str, Any]:
    properties: dict[str, Any] = ask(client, **parameters)["features"][0]["properties"]
    return properties


def test_whole_country_and_its_margin_are_loaded(gazetteer: tuple[DatabaseUrls, LoadReport]) -> None:
    urls, loaded = gazetteer
    engine = create_engine(urls.public)
    with engine.connect() as connection:
        at_home, abroad = connection.execute(
            text(
                "SELECT count(*) FILTER (WHERE in_theatre), count(*) FILTER (WHERE NOT in_theatre)"
                " FROM frontline.public_place"
            )
        ).one()
        farthest = connection.scalar(
            text(
                "SELECT max(ST_Distance(spot::geography,"
                " ST_Segmentize(ST_MakeEnvelope(21, 43.5, 41.5, 53.5, 4326), 0.1)::geography))"
                " FROM frontline.public_place WHERE NOT in_theatre"
            )
        )
    engine.dispose()
    assert at_home > 5400
    assert loaded.places == at_home + abroad
    assert 145_000 < farthest < 150_500
    assert loaded.aliases_unused == 0


def test_storing_again_changes_nothing(database: DatabaseUrls, built: Gazetteer) -> None:
    some = built.settlements[::50]
    ids = {settlement.geonameid for settlement in some}
    part = Gazetteer(some, [spelling for spelling in built.spellings if spelling.geonameid in ids], built.report)
    stored = []
    for _ in range(2):
        assert store_in(database, part) == built.report
        engine = create_engine(database.app)
        with engine.connect() as connection:
            stored.append(
                [
                    connection.execute(text("SELECT to_jsonb(place) FROM frontline.place ORDER BY geonameid")).all(),
                    connection.execute(
                        text(
                            "SELECT to_jsonb(place_name) - 'id' AS row FROM frontline.place_name"
                            " ORDER BY to_jsonb(place_name) - 'id'"
                        )
                    ).all(),
                ]
            )
        engine.dispose()
    assert len(stored[0][0]) == len(some)
    assert len(stored[0][1]) == len(part.spellings)
    assert stored[0] == stored[1]


def test_newspaper_spelling_finds_the_village(places: TestClient) -> None:
    body = ask(places, q="Zverovo")
    place = body["features"][0]
    assert place["properties"]["geonameid"] == ZVIROVE
    assert place["properties"]["matched"] == "Zverovo"
    assert place["properties"]["matched_kind"] == "alias"
    assert place["properties"]["likeness"] == "same"
    assert place["properties"]["names"] == {"uk": "Звірове"}
    assert place["geometry"] == {"type": "Point", "coordinates": [37.12879, 48.25057]}
    # The larger town with nearly the same name, near the theatre, comes after it.
    assert [feature["id"] for feature in body["features"]].index(ZVEREVO) > 0


@pytest.mark.parametrize(
    "spelling", ["Звірове", "звирове", "ЗВЕРЕВО", "Swirowe", "zvirove", "с. Звірове", "Zvirove, Donetsk oblast"]
)
def test_every_spelling_finds_the_place(places: TestClient, spelling: str) -> None:
    assert first(places, q=spelling)["geonameid"] == ZVIROVE


def test_misspelt_name_is_found_and_marked(places: TestClient) -> None:
    place = first(places, q="Kramatrosk")
    assert place["name"] == "Kramatorsk"
    assert place["likeness"] == "alike"


@pytest.mark.parametrize(
    ("query", "context", "wanted"),
    [
        ("Lyman", "", 704204),
        ("Lyman", "south of Kharkiv", 703071),
        ("Лиман", "південніше Харкова", 703071),
        ("Lyman, Kharkiv oblast", "", 703071),
        ("Zverevo", "Rostov oblast, Russia", ZVEREVO),
        ("Zverevo", "Ростовская область", ZVEREVO),
        ("Shevchenko", "к югу от Покровска", 694167),
        ("Zolochiv", "у Харківській області", 686895),
        ("Petropavlivka", "Pavlohrad-Pokrovsk road", 697423),
    ],
)
def test_context_distinguishes_places_of_the_same_name(
    places: TestClient, query: str, context: str, wanted: int
) -> None:
    parameters = {"q": query} | ({"context": context} if context else {})
    body = ask(places, **parameters)
    assert [feature["id"] for feature in body["features"]][:1] == [wanted]
    if context:
        assert body["context"], "the response contains the parsed context"


def test_unknown_context_is_ignored_and_not_returned(places: TestClient) -> None:
    body = ask(places, q="Pokrovsk", context="heard from a friend")
    assert body["context"] == []
    assert body["features"][0]["id"] == POKROVSK


def test_near_excludes_distant_places_of_the_same_name(places: TestClient) -> None:
    everywhere = ask(places, q="Pokrovske", limit=100)["numberReturned"]
    near = ask(places, q="Pokrovske", near="38.0,48.6", limit=100)
    assert near["features"][0]["id"] == 696718
    assert 0 < near["numberReturned"] < everywhere
    assert all(place["properties"]["distance_m"] <= 100_000 for place in near["features"])
    assert ask(places, q="Pokrovske", near="38.0,48.6", metres=5)["features"] == []


def test_missing_place_is_not_replaced_by_a_namesake(places: TestClient) -> None:
    body = ask(places, q="Pishchane")
    assert body["features"] == []
    assert body["lacking"][0]["of"] == "Pokrovsk"
    assert len(body["namesakes"]) > 2
    assert first(places, q="Pishchane", context="Poltava oblast")["admin1"] == "18"


def test_unknown_name_is_not_found(places: TestClient) -> None:
    assert ask(places, q="Xyzzy Qwrtz")["features"] == []
    assert ask(places, q="!?")["features"] == []


@pytest.mark.parametrize(
    ("longitude", "latitude", "name", "metres", "bearing"),
    [(37.12966, 48.24819, "Zvirove", 272.4, 166.3), (37.17706, 48.29014, "Pokrovsk", 1112.1, 0.0)],
)
def test_nearest_settlement_with_distance_and_bearing(
    places: TestClient, longitude: float, latitude: float, name: str, metres: float, bearing: float
) -> None:
    place = first(places, near=f"{longitude},{latitude}", limit=1)
    assert place["name"] == name
    assert place["distance_m"] == pytest.approx(metres, abs=1)
    assert place["bearing"] == pytest.approx(bearing, abs=0.5)


def test_nearest_places_are_ordered_by_metres_not_degrees(places: TestClient) -> None:
    distances = [
        feature["properties"]["distance_m"] for feature in ask(places, near="36.2,48.9", limit=100)["features"]
    ]
    assert len(distances) == 100
    assert distances == sorted(distances)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "a" * 500}, "q"),
        ({"q": "Zvi\x00rove"}, "q"),
        ({"context": "Kharkiv oblast"}, "q"),
        ({"near": "37.1"}, "near"),
        ({"near": "nan,48"}, "near"),
        ({"near": "37,95"}, "near"),
        ({"near": "37,48", "metres": "10"}, "metres"),
        ({"q": "Zvirove", "metres": "10"}, "metres"),
        ({"q": "Zvirove", "near": "37,48", "metres": "nan"}, "metres"),
        ({"q": "Zvirove", "limit": "0"}, "limit"),
        ({"q": "Zvirove", "limit": "101"}, "limit"),
        ({"q": "Zvirove", "fbclid": "1"}, "fbclid"),
    ],
)
def test_invalid_parameters_are_named(places: TestClient, parameters: dict[str, str], named: str) -> None:
    answer = places.get(ITEMS, params=parameters)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == named


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(params=["made", pytest.param("real", marks=pytest.mark.long)])
def spellings(request: pytest.FixtureRequest) -> Path:
    """Returns the folder of the lists of spellings; in `make long` also longer lists, which are not
    part of the project.
    """
    folder: Path = request.getfixturevalue("shared_data") if request.param == "real" else Path(__file__).parent
    return folder


def test_listed_spellings_find_their_place(places: TestClient, spellings: Path) -> None:
    missed = []
    rows = read_rows(spellings / "spellings.csv")
    for row in rows:
        parameters = {"q": row["query"]} | ({"context": row["context"]} if row["context"] else {})
        features = ask(places, **parameters)["features"]
        if not features or features[0]["id"] != int(row["expected_geonameid"]):
            missed.append(
                f"{row['query']} ({row['context']}) -> {features[0]['properties']['name'] if features else 'nothing'}"
            )
    assert len(missed) <= 0.05 * len(rows), f"{len(missed)} of {len(rows)}: {missed}"


def test_places_outside_the_gazetteer_are_not_found(places: TestClient, spellings: Path) -> None:
    for row in read_rows(spellings / "spellings_absent.csv"):
        for parameters in ({"q": row["query"]}, {"q": row["query"], "context": row["wanted"]}):
            assert ask(places, **parameters)["features"] == [], parameters
