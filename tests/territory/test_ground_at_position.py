"""What is said of the ground at one place: each assessor beside the others, with the claims about
their areas.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

GROUND = "/api/territory/ground"
DAY = dt.datetime(2025, 7, 20, tzinfo=dt.UTC)


def ground(client: TestClient, position: str = "37.08,48.03", **asked: Any) -> dict[str, Any]:
    response = client.get(GROUND, params={"position": position, "state_at": "2025-07-21"} | asked)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def test_the_claims_about_an_area_are_told_with_their_sources(client: TestClient, build: Builder) -> None:
    area = build.area(valid_from=DAY)
    event = build.event()
    source = build.source(event, "https://example.org/statement", name="A statement")
    build.claim(None, "General Staff", statement="It is ours.", stance="denies", area_id=area, about="area")
    build.claim(None, "Ministry", statement="It was taken.", source_id=source, area_id=area, about="area", position=1)
    build.session.commit()
    told = ground(client)
    assert (told["longitude"], told["latitude"]) == (37.08, 48.03)
    (said,) = told["assessments"]
    assert (said["assessor"], said["valid_from"], said["covers"]) == ("desk", "2025-07-20T00:00:00Z", ["occupied"])
    (there,) = said["areas"]
    assert (there["id"], there["status"], there["label"]) == (str(area), "occupied", "Held")
    assert [(one["party"], one["stance"], one["source_id"]) for one in there["claims"]] == [
        ("General Staff", "denies", None),
        ("Ministry", "asserts", str(source)),
    ]
    assert [(one["id"], one["url"]) for one in there["sources"]] == [(str(source), "https://example.org/statement")]


def test_a_place_in_no_area_is_told_apart_from_one_of_which_nothing_is_said(client: TestClient, build: Builder) -> None:
    build.area(valid_from=DAY)
    build.session.commit()
    (said,) = ground(client, "37.02,48.08")["assessments"]
    assert (said["areas"], said["covers"]) == ([], ["occupied"])
    assert ground(client, state_at="2025-07-19")["assessments"] == []


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"position": "48.03"}, "position"),
        ({"position": "181,48"}, "position"),
        ({}, "position"),
        ({"position": "37,48", "assessor": "nobody"}, "assessor"),
        ({"position": "37,48", "state_at": "20 July"}, "state_at"),
    ],
)
def test_what_is_no_question_is_refused(client: TestClient, asked: dict[str, str], parameter: str) -> None:
    response = client.get(GROUND, params=asked)
    assert (response.status_code, response.json()["parameter"]) == (400, parameter)
