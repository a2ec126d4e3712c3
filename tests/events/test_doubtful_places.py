"""Readers see which places should be checked: in the API, on the page, in the columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.derived.event_columns_query import select_rows
from app.geo.countries import Surroundings
from app.geo.event_columns import decode
from app.geo.ground import GROUND_FILE
from app.models import EventPlace
from tests.places.settlements import SETTLEMENTS, insert_settlements

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.theatre import Theatre
    from tests.builders import Builder

ITEMS = "/api/collections/events/items"
# Squares of ten degrees with sides of two arcs, as scripts/ground.mjs writes countries.
GROUND = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[60, 40], [10, 0], [0, 10]], [[70, 50], [-10, 0], [0, -10]], [[70, 40], [10, 0], [0, 10], [-10, 0]]],
    "objects": {
        "countries": {
            "geometries": [{"id": "398", "arcs": [[[0, 1]]]}, {"id": "156", "arcs": [[[2, -1]]]}],
        }
    },
}


def properties(client: TestClient) -> dict[str, dict[str, Any]]:
    found = client.get(ITEMS).json()["features"]
    return {one["properties"]["title"]: one["properties"] for one in found}


def build_events(build: Builder) -> dict[str, Any]:
    insert_settlements(build.session)
    longitude, latitude = SETTLEMENTS["Pokrovsk"]
    places = [EventPlace(position=0, as_spelled="Pokrovsk")]
    return {
        "near": build.event("near", at=(longitude + 0.3, latitude), places=places),
        "Yakutia": build.event("Yakutia", at=(129.15, 61.48), places=[EventPlace(position=0, as_spelled="Pokrovsk")]),
        "imprecise": build.event(
            "imprecise",
            at=(longitude + 1.35, latitude),
            places=[EventPlace(position=0, geonameid=1)],
            precision_m=60_000,
        ),
        "Moscow": build.event("Moscow", at=(37.6, 55.75)),
    }


def test_api_has_the_distances(client: TestClient, build: Builder) -> None:
    build_events(build)
    found = properties(client)
    doubt = found["Yakutia"]["doubt"]
    assert (doubt["reason"], doubt["place"]["name"]) == ("far-from-name", "Pokrovsk")
    assert 5_400_000 < doubt["distance_m"] < 5_700_000
    assert {title: one["doubt"] for title, one in found.items() if title != "Yakutia"} == {
        "near": None,
        "imprecise": None,
        "Moscow": None,
    }
    assert {title for title, one in found.items() if one["outside"] is None} == {"near", "imprecise"}
    assert 240_000 < found["Moscow"]["outside"]["distance_m"] < 260_000


def test_page_says_it(client: TestClient, build: Builder) -> None:
    events = build_events(build)
    texts = {title: client.get(f"/events/{id_}").text for title, id_ in events.items()}
    assert "Check the place: the nearest Pokrovsk that we know is 5," in texts["Yakutia"]
    assert "outside the area of this map" in texts["Moscow"]
    assert "of Zvirove" not in texts["Moscow"]
    assert "Check the place" not in texts["Moscow"] + texts["near"]
    ukrainian = client.get(f"/events/{events['Yakutia']}?lang=uk").text
    assert "Перевірте місце: найближчий відомий нам населений пункт Покровськ" in ukrainian


def test_columns_have_a_flag(client: TestClient, build: Builder, theatre: Theatre) -> None:
    build_events(build)
    columns = decode(client.get("/api/collections/events/columns", headers={"accept-encoding": "identity"}).content)
    longitudes, _ = columns.degrees
    assert sorted(zip(longitudes.round(1).tolist(), columns.flags.tolist(), strict=True)) == [
        (37.5, 0),
        (37.6, 0),
        (38.5, 0),
        (129.1, 1),
    ]
    # Many events are encoded from COPY.
    rows = build.session.execute(select_rows(columns.dictionary, theatre.extent, [])).all()
    assert np.count_nonzero([row.flags for row in rows]) == 1


def test_countries_are_named_away_from_borders(tmp_path: Path, theatre: Theatre) -> None:
    file = tmp_path / "ground.json"
    file.write_text(json.dumps(GROUND))
    surroundings = Surroundings(file, theatre.extent)
    assert surroundings.describe(37.1, 48.2) is None
    assert [surroundings.country_at(*place) for place in ((65, 45), (75, 45), (70.1, 45), (90, 45))] == [
        "KZ",
        "CN",
        None,
        None,
    ]
    assert Surroundings(tmp_path / "missing.json", theatre.extent).country_at(65, 45) is None


def test_background_map_has_the_countries_of_the_world(theatre: Theatre) -> None:
    surroundings = Surroundings(GROUND_FILE, theatre.extent)
    assert [surroundings.country_at(*place) for place in ((132.0, 43.4), (45.01, 3.23), (18.0, 59.4), (-40, 30))] == [
        "RU",
        "SO",
        "SE",
        None,
    ]
