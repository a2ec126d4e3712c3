"""The check before sending: errors, warnings and near events, from public views only; nothing is
stored.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Submission
from tests.submissions.test_submit import body

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from tests.builders import Builder

CHECK = "/api/submissions/check"


def test_valid_submission_has_no_errors(client: TestClient, sessions: Sessions) -> None:
    response = client.post(CHECK, json=body())
    assert response.status_code == 200
    assert response.json() == {"errors": [], "warnings": [], "nearby": []}
    with sessions.writing() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_empty_submission_lacks_required_fields(client: TestClient) -> None:
    checked = client.post(CHECK, json={}).json()
    assert {error["field"] for error in checked["errors"]} == {
        "/footage_urls",
        "/longitude",
        "/latitude",
        "/happened_from",
        "/time_precision",
        "/description",
    }
    assert {error["code"] for error in checked["errors"]} == {"missing"}


def test_valid_fields_are_checked_beside_invalid_ones(client: TestClient, build: Builder) -> None:
    event = build.event("At the tower", at=(37.1330, 48.24819))
    build.source(event, "https://example.org/footage")
    draft = {
        "footage_urls": ["https://example.org/footage?utm_medium=x"],
        "longitude": 37.12966,
        "latitude": 48.24819,
        "happened_from": "2025-07-20",
        "time_precision": "day",
        "category": "nonsense",
    }
    checked = client.post(CHECK, json=draft).json()
    assert {error["field"] for error in checked["errors"]} == {"/description", "/category"}
    assert [warning["code"] for warning in checked["warnings"]] == ["same-footage", "near-duplicate"]
    (near,) = checked["nearby"]
    assert near["id"] == str(event)
    assert near["same_footage"] == draft["footage_urls"]
    assert 240 <= near["distance_m"] <= 255
    assert (near["longitude"], near["latitude"]) == (37.133, 48.24819)


def test_links_without_place_find_their_event(client: TestClient, build: Builder) -> None:
    event = build.event("Elsewhere", at=(30.5, 50.4))
    build.source(event, "https://example.org/footage")
    (near,) = client.post(CHECK, json={"footage_urls": ["https://example.org/footage"]}).json()["nearby"]
    assert (near["id"], near["distance_m"]) == (str(event), None)


def test_nearest_event_is_first(client: TestClient, build: Builder) -> None:
    build.event("Farther", at=(37.1350, 48.24819))
    build.event("Nearer", at=(37.1300, 48.24819))
    build.event("Too far", at=(37.2, 48.24819))
    titles = [event["title"] for event in client.post(CHECK, json=body()).json()["nearby"]]
    assert titles == ["Nearer", "Farther"]


def test_implausible_place_has_suggestions(client: TestClient) -> None:
    (warning,) = client.post(CHECK, json=body(longitude=48.24819, latitude=37.12966)).json()["warnings"]
    assert warning["suggestion"] == {"longitude": 37.12966, "latitude": 48.24819}


def test_private_events_are_not_revealed(client: TestClient, build: Builder) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    hidden = build.origin("hidden", public=False)
    states: list[dict[str, Any]] = [
        {"state": "draft"},
        {"state": "withdrawn"},
        {"public_from": later},
        {"origin": hidden},
    ]
    for number, state in enumerate(states):
        build.source(build.event("Hidden", at=(37.12966, 48.24819), **state), f"https://example.org/{number}")
    urls = [f"https://example.org/{number}" for number in range(len(states))]
    assert client.post(CHECK, json=body(footage_urls=urls)).json() == {
        "errors": [],
        "warnings": [],
        "nearby": [],
    }


def test_near_events_across_the_antimeridian(client: TestClient, build: Builder) -> None:
    event = build.event("On the other side", at=(-179.999, 60.0))
    checked = client.post(CHECK, json=body(longitude=179.999, latitude=60.0)).json()
    assert [near["id"] for near in checked["nearby"]] == [str(event)]


def test_near_events_at_the_pole(client: TestClient, build: Builder) -> None:
    event = build.event("At the pole", at=(120.0, 90.0))
    checked = client.post(CHECK, json=body(longitude=-30, latitude=90)).json()
    assert [near["id"] for near in checked["nearby"]] == [str(event)]


def test_invalid_time_is_not_compared(client: TestClient, build: Builder) -> None:
    build.event(at=(37.12966, 48.24819), happened=("2025-07-21", "2025-07-22"))
    for day in ("0001-01-01", "9999-12-31"):
        checked = client.post(CHECK, json=body(happened_from=day)).json()
        assert [error["field"] for error in checked["errors"]] == ["/happened_from"]
        assert checked["nearby"] == []


def test_contradictory_times_are_reported_and_not_compared(client: TestClient) -> None:
    mixed = body(happened_from="2025-07-21", happened_to="2025-07-21T10:00:00Z", time_precision="minute")
    response = client.post(CHECK, json=mixed)
    assert response.status_code == 200
    assert [error["field"] for error in response.json()["errors"]] == ["/happened_to"]
