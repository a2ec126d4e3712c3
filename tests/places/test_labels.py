"""Place names for the map: in the reader's language, ordered by weight, cacheable."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

LABELS = "/api/collections/places/labels"


def labels(client: TestClient, language: str = "en") -> dict[str, Any]:
    answer = client.get(LABELS, params={"lang": language})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_every_settlement_has_a_name_and_a_position(places: TestClient) -> None:
    columns = labels(places)
    assert columns["count"] > 5_000
    assert {len(columns[name]) for name in ("longitude", "latitude", "weight", "name")} == {columns["count"]}
    assert "GeoNames" in columns["attribution"]
    row = columns["name"].index("Zvirove")
    assert abs(columns["longitude"][row] - 371_288) <= 1
    assert abs(columns["latitude"][row] - 482_506) <= 1


def test_labels_are_ordered_by_weight(places: TestClient) -> None:
    columns = labels(places)
    assert columns["weight"] == sorted(columns["weight"], reverse=True)
    assert columns["name"][0] == "Kyiv"
    assert columns["name"].index("Pokrovsk") < columns["name"].index("Zvirove")


def test_city_districts_weigh_less_than_cities(places: TestClient) -> None:
    columns = labels(places)
    assert columns["name"].index("Saltivka") > columns["name"].index("Poltava")
    assert columns["name"].index("Pravyi Bereh") > columns["name"].index("Mariupol")
    assert columns["name"].index("Makiivka") < 40, "a city near a larger city is still a city"
    assert columns["name"].index("Voznesenskyi") > columns["name"].index("Makiivka")
    assert columns["weight"][columns["name"].index("Voznesenskyi")] < 2_000, "a district of Donetsk"
    assert columns["weight"][columns["name"].index("Avdiivka")] > 8_000, "a town beside Donetsk"


def test_names_are_those_of_the_language(places: TestClient) -> None:
    english, ukrainian = labels(places, "en"), labels(places, "uk")
    assert ukrainian["name"][english["name"].index("Pokrovsk")] == "Покровськ"
    assert ukrainian["count"] == english["count"]


def test_unknown_language_is_refused_by_name(places: TestClient) -> None:
    refused = places.get(LABELS, params={"lang": "xx"})
    assert refused.status_code == 400
    assert refused.json()["parameter"] == "lang"
    assert "en, uk" in refused.json()["detail"]


def test_labels_are_cacheable_and_revalidated(places: TestClient) -> None:
    answer = places.get(LABELS)
    assert answer.headers["cache-control"] == "public, max-age=86400"
    again = places.get(LABELS, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    plain = places.get(LABELS, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    assert len(gzip.compress(answer.content, 9)) < 80_000


def test_empty_gazetteer_is_not_cached(client: TestClient) -> None:
    answer = client.get(LABELS)
    assert answer.json()["count"] == 0
    assert answer.headers["cache-control"] == "no-cache"
