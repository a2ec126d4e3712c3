"""Names for the map: in the reader's language, the weightiest first, kept by caches."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

LABELS = "/api/collections/places/labels"


def labels(client: TestClient, language: str = "en") -> dict[str, Any]:
    answer = client.get(LABELS, params={"lang": language})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_every_settlement_of_the_theatre_has_a_name_and_a_place(places: TestClient) -> None:
    told = labels(places)
    assert told["count"] > 5_000
    assert {len(told[name]) for name in ("longitude", "latitude", "weight", "name")} == {told["count"]}
    assert "GeoNames" in told["attribution"]
    row = told["name"].index("Zvirove")
    assert abs(told["longitude"][row] - 371_288) <= 1
    assert abs(told["latitude"][row] - 482_506) <= 1


def test_the_weightiest_come_first(places: TestClient) -> None:
    told = labels(places)
    assert told["weight"] == sorted(told["weight"], reverse=True)
    assert told["name"][0] == "Kyiv"
    assert told["name"].index("Pokrovsk") < told["name"].index("Zvirove")


def test_a_part_of_a_city_is_no_city(places: TestClient) -> None:
    told = labels(places)
    assert told["name"].index("Saltivka") > told["name"].index("Poltava")
    assert told["name"].index("Pravyi Bereh") > told["name"].index("Mariupol")
    assert told["name"].index("Makiyivka") < 40, "a city beside a bigger one stays one"


def test_names_are_those_of_the_language(places: TestClient) -> None:
    english, ukrainian = labels(places, "en"), labels(places, "uk")
    assert ukrainian["name"][english["name"].index("Pokrovsk")] == "Покровськ"
    assert ukrainian["count"] == english["count"]


def test_a_language_that_the_theatre_lacks_is_refused_by_name(places: TestClient) -> None:
    refused = places.get(LABELS, params={"lang": "xx"})
    assert refused.status_code == 400
    assert refused.json()["parameter"] == "lang"
    assert "en, uk" in refused.json()["detail"]


def test_caches_may_keep_them_and_revalidate_them(places: TestClient) -> None:
    answer = places.get(LABELS)
    assert answer.headers["cache-control"] == "public, max-age=86400"
    again = places.get(LABELS, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    plain = places.get(LABELS, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    assert len(gzip.compress(answer.content, 9)) < 80_000


def test_an_empty_gazetteer_is_asked_again(client: TestClient) -> None:
    answer = client.get(LABELS)
    assert answer.json()["count"] == 0
    assert answer.headers["cache-control"] == "no-cache"
