"""The assessments of the ground at one position, by assessor, with the claims about their areas."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

GROUND = "/api/territory/ground"
DAY = dt.datetime(2025, 7, 20, tzinfo=dt.UTC)


def ground(client: TestClient, position: str = "37.08,48.03", **params: Any) -> dict[str, Any]:
    response = client.get(GROUND, params={"position": position, "state_at": "2025-07-21"} | params)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_area_has_its_claims_with_sources(client: TestClient, build: Builder) -> None:
    area = build.area(valid_from=DAY)
    event = build.event()
    source = build.source(event, "https://example.org/statement", name="A statement")
    build.claim(None, "General Staff", statement="It is ours.", stance="denies", area_id=area, about="area")
    build.claim(None, "Ministry", statement="It was taken.", source_id=source, area_id=area, about="area", position=1)
    build.session.commit()
    body = ground(client)
    assert (body["longitude"], body["latitude"]) == (37.08, 48.03)
    (assessment,) = body["assessments"]
    assert (assessment["assessor"], assessment["valid_from"]) == ("desk", "2025-07-20T00:00:00Z")
    assert assessment["covers"] == ["occupied"]
    (there,) = assessment["areas"]
    assert (there["id"], there["status"], there["label"]) == (str(area), "occupied", "Held")
    assert [(one["party"], one["stance"], one["source_id"]) for one in there["claims"]] == [
        ("General Staff", "denies", None),
        ("Ministry", "asserts", str(source)),
    ]
    assert [(one["id"], one["url"]) for one in there["sources"]] == [(str(source), "https://example.org/statement")]


def test_position_outside_all_areas_differs_from_no_assessment(client: TestClient, build: Builder) -> None:
    build.area(valid_from=DAY)
    build.session.commit()
    (assessment,) = ground(client, "37.02,48.08")["assessments"]
    assert (assessment["areas"], assessment["covers"]) == ([], ["occupied"])
    assert ground(client, state_at="2025-07-19")["assessments"] == []


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"position": "48.03"}, "position"),
        ({"position": "181,48"}, "position"),
        ({}, "position"),
        ({"position": "37,48", "assessor": "nobody"}, "assessor"),
        ({"position": "37,48", "state_at": "20 July"}, "state_at"),
    ],
)
def test_invalid_parameters_are_refused(client: TestClient, params: dict[str, str], parameter: str) -> None:
    response = client.get(GROUND, params=params)
    assert (response.status_code, response.json()["parameter"]) == (400, parameter)
