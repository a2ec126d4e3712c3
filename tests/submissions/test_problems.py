"""Reports of a problem with an event are stored in the same queue, with their own kind."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.submissions.test_submit import stored

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from tests.builders import Builder

PROBLEMS = "/api/submissions/problems"


def test_report_is_stored(client: TestClient, build: Builder, sessions: Sessions) -> None:
    event = build.event()
    response = client.post(
        PROBLEMS, json={"event_id": str(event), "kind": "endangers", "text": "A family lives there."}
    )
    assert response.status_code == 202
    (row,) = stored(sessions)
    assert (row.kind, row.problem_kind, row.event_id) == ("problem", "endangers", event)
    assert row.description == "A family lives there."
    code = response.json()["tracking_code"]
    assert client.get(f"/api/submissions/{code}").json()["status"] == "received"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"event_id": None}, "/event_id", "missing"),
        ({"event_id": "not an id"}, "/event_id", "uuid-parsing"),
        ({"event_id": str(uuid.uuid4())}, "/event_id", "unknown-event"),
        ({"kind": None}, "/kind", "missing"),
        ({"kind": "ugly"}, "/kind", "literal-error"),
        ({"text": "a" * 5001}, "/text", "string-too-long"),
        ({"text": "a\x00"}, "/text", "not-text"),
        ({"status": "published"}, "/status", "extra-forbidden"),
    ],
)
def test_error_names_its_field(
    client: TestClient, build: Builder, sessions: Sessions, changes: dict[str, Any], field: str, code: str
) -> None:
    whole = {"event_id": str(build.event()), "kind": "wrong_place"} | changes
    response = client.post(PROBLEMS, json={name: value for name, value in whole.items() if value is not None})
    assert response.status_code == 422
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]
    assert stored(sessions) == []


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_private_events_are_not_revealed(client: TestClient, build: Builder, state: str) -> None:
    hidden = client.post(PROBLEMS, json={"event_id": str(build.event(state=state)), "kind": "other"})
    absent = client.post(PROBLEMS, json={"event_id": str(uuid.uuid4()), "kind": "other"})
    assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())


def test_retries_are_one_report(client: TestClient, build: Builder, sessions: Sessions) -> None:
    report = {"event_id": str(build.event()), "kind": "wrong_date", "idempotency_key": "one"}
    first, second = (client.post(PROBLEMS, json=report).json() for _ in range(2))
    assert first == second
    assert len(stored(sessions)) == 1
    assert client.post(PROBLEMS, json=report | {"kind": "other"}).status_code == 409


def test_reports_and_footage_share_the_limit(client: TestClient, build: Builder) -> None:
    report = {"event_id": str(build.event()), "kind": "wrong_date"}
    statuses = [client.post(PROBLEMS, json=report).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]
