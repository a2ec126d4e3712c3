"""Submitting footage: accepted bodies, refused fields, warnings that need a confirmation, stored
rows.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.models import Submission
from app.submissions.schemas import EXAMPLE, FootageSubmission, ProblemReport
from tests.builders import moment

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Row

    from app.database.session import Sessions
    from tests.builders import Builder

TOMORROW_AND_MORE = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date().isoformat()


def body(**changes: Any) -> dict[str, Any]:
    """Returns a valid body; None removes a field."""
    whole = {name: value for name, value in EXAMPLE.items() if name != "confirm"} | changes
    return {name: value for name, value in whole.items() if value is not None}


def stored(sessions: Sessions) -> list[Row[Any]]:
    with sessions.writing() as session:
        columns = (*Submission.__table__.columns, func.ST_AsText(Submission.spot).label("wkt"))
        return list(session.execute(select(*columns)).all())


def refused(client: TestClient, sent: Any) -> dict[str, str]:
    """Sends a body that must be refused; returns the error code of each field."""
    content = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    response = client.post("/api/submissions", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 422, response.text
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "/problems/invalid-body"
    return {error["field"]: error["code"] for error in problem["errors"]}


def test_submission_is_stored_unchanged(client: TestClient, sessions: Sessions) -> None:
    response = client.post("/api/submissions", json=body(happened_to="2025-07-22", actor="ru", affected="ua"))
    assert response.status_code == 202
    receipt = response.json()
    assert receipt["status"] == "received"
    code = receipt["tracking_code"]
    assert {link["href"] for link in receipt["links"]} == {f"/api/submissions/{code}", f"/track#{code}"}
    (row,) = stored(sessions)
    assert (row.kind, row.state) == ("footage", "received")
    assert row.footage_urls == EXAMPLE["footage_urls"]
    assert row.wkt == "POINT(37.12966 48.24819)"
    assert (row.happened_from, row.happened_to) == (moment("2025-07-21"), moment("2025-07-23"))
    assert (row.category, row.actor, row.affected) == ("infiltration", "ru", "ua")
    assert (row.precision_m, row.sensitivity, row.warnings) == (100, ["graphic"], [])
    assert row.description == EXAMPLE["description"]
    assert row.geolocation_url == EXAMPLE["geolocation_url"]


def test_no_code_key_or_address_is_stored(client: TestClient, sessions: Sessions) -> None:
    key = "a key that nobody guesses"
    code = client.post("/api/submissions", json=body(idempotency_key=key)).json()["tracking_code"]
    (row,) = stored(sessions)
    stored_text = repr(row)
    assert code not in stored_text
    assert code.replace("-", "") not in stored_text
    assert key not in stored_text
    assert "testclient" not in stored_text


@pytest.mark.parametrize(
    "needed", ["footage_urls", "longitude", "latitude", "happened_from", "time_precision", "description"]
)
def test_required_fields(client: TestClient, sessions: Sessions, needed: str) -> None:
    assert refused(client, body(**{needed: None})) == {f"/{needed}": "missing"}
    assert stored(sessions) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"footage_urls": ["javascript:alert(1)"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://ok.example/", "ftp://example.org/"]}, "/footage_urls/1", "not-web-address"),
        ({"footage_urls": ["data:text/html,hi"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["//example.org/a"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://localhost/a"]}, "/footage_urls/0", "no-public-host"),
        ({"footage_urls": ["https://exa mple.org/"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://example.org/a\nb"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://example.org:99999/"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://[::1/"]}, "/footage_urls/0", "not-web-address"),
        ({"footage_urls": ["https://me:secret@example.org/"]}, "/footage_urls/0", "credentials"),
        ({"footage_urls": ["https://example.org@evil.example/"]}, "/footage_urls/0", "credentials"),
        ({"footage_urls": ["https://example.org/" + "a" * 2048]}, "/footage_urls/0", "string-too-long"),
        ({"footage_urls": [""]}, "/footage_urls/0", "string-too-short"),
        ({"footage_urls": ["https://example.org/\x00"]}, "/footage_urls/0", "not-text"),
        ({"footage_urls": []}, "/footage_urls", "too-short"),
        ({"footage_urls": [f"https://example.org/{n}" for n in range(11)]}, "/footage_urls", "too-long"),
        ({"footage_urls": "https://example.org/"}, "/footage_urls", "list-type"),
        ({"footage_urls": [7]}, "/footage_urls/0", "string-type"),
        ({"footage_urls": ["https://example.org/a", "https://example.org/a"]}, "/footage_urls/1", "twice"),
        ({"geolocation_url": "javascript:alert(1)"}, "/geolocation_url", "not-web-address"),
        ({"longitude": True}, "/longitude", "float-type"),
        ({"latitude": "48.2"}, "/latitude", "float-type"),
        ({"latitude": 90.1}, "/latitude", "less-than-equal"),
        ({"longitude": -180.1}, "/longitude", "greater-than-equal"),
        ({"precision_m": True}, "/precision_m", "int-type"),
        ({"precision_m": 0}, "/precision_m", "greater-than-equal"),
        ({"precision_m": 1.5}, "/precision_m", "int-type"),
        ({"precision_m": 10**30}, "/precision_m", "less-than-equal"),
        ({"happened_from": "2024-02-30"}, "/happened_from", "not-a-time"),
        ({"happened_from": "infinity"}, "/happened_from", "not-a-time"),
        ({"happened_from": "21.07.2025"}, "/happened_from", "not-a-time"),
        ({"happened_from": "2025-07-21T06:00:00"}, "/happened_from", "not-a-time"),
        ({"happened_from": 1753056000}, "/happened_from", "not-a-time"),
        ({"happened_from": TOMORROW_AND_MORE}, "/happened_from", "future"),
        ({"happened_from": "9999-12-31"}, "/happened_from", "future"),
        ({"happened_from": "2022-02-23"}, "/happened_from", "before-first-day"),
        ({"happened_to": "2025-07-20"}, "/happened_to", "ends-before-start"),
        ({"happened_to": "2025-07-21T06:00:00Z"}, "/happened_to", "mixed-times"),
        ({"time_precision": "week"}, "/time_precision", "literal-error"),
        ({"time_precision": "hour"}, "/happened_from", "needs-moment"),
        ({"description": "a" * 6000}, "/description", "string-too-long"),
        ({"description": "a\x00b"}, "/description", "not-text"),
        ({"description": " \n\t"}, "/description", "blank"),
        ({"description": 7}, "/description", "string-type"),
        ({"category": "celebration"}, "/category", "unknown-slug"),
        ({"category": "strike.drone\x00"}, "/category", "not-text"),
        ({"actor": "nobody"}, "/actor", "unknown-slug"),
        ({"affected": "nobody"}, "/affected", "unknown-slug"),
        ({"sensitivity": ["boring"]}, "/sensitivity/0", "literal-error"),
        ({"confirm": ["everything"]}, "/confirm/0", "literal-error"),
        ({"idempotency_key": "k" * 201}, "/idempotency_key", "string-too-long"),
        ({"status": "published"}, "/status", "extra-forbidden"),
        ({"state": "published"}, "/state", "extra-forbidden"),
        ({"id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"}, "/id", "extra-forbidden"),
        ({"reviewer": "me"}, "/reviewer", "extra-forbidden"),
        ({"a/b~c": 1}, "/a~1b~0c", "extra-forbidden"),
    ],
)
def test_error_names_its_field(
    client: TestClient, sessions: Sessions, changes: dict[str, Any], field: str, code: str
) -> None:
    assert refused(client, body(**changes)) == {field: code}
    assert stored(sessions) == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("field", ["longitude", "latitude", "precision_m"])
def test_invalid_numbers_are_refused(client: TestClient, sessions: Sessions, field: str, number: str) -> None:
    sent = json.dumps(body(**{field: 12345})).replace("12345", number)
    assert set(refused(client, sent)) == {f"/{field}"}
    assert stored(sessions) == []


def test_lone_surrogates_are_refused(client: TestClient) -> None:
    sent = json.dumps(body(description="XX")).replace("XX", "\\ud800")
    assert set(refused(client, sent)) == {"/description"}
    sent = json.dumps(body(footage_urls=["https://example.org/XX"])).replace("XX", "\\ud800")
    assert set(refused(client, sent)) == {"/footage_urls/0"}
    sent = json.dumps(body(XX=1)).replace("XX", "\\ud800")
    assert refused(client, sent) == {"": "not-text"}


def test_all_errors_are_reported_at_once(client: TestClient) -> None:
    errors = refused(
        client,
        body(footage_urls=["nothing"], latitude=True, happened_from=TOMORROW_AND_MORE, category="x", description=""),
    )
    assert set(errors) == {"/footage_urls/0", "/latitude", "/happened_from", "/category", "/description"}


def test_too_many_fields_and_too_deep_nesting_are_refused(client: TestClient) -> None:
    assert refused(client, body(**{f"more{n}": n for n in range(50)})) == {"": "too-many-fields"}
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    assert refused(client, body(deep=deep)) == {"": "too-deep"}


@pytest.mark.parametrize("sent", ["", "{", "[]", '"text"', "null", "7", "[" * 30_000, '{"a":' * 10_000, b"\xff\xfe"])
def test_body_that_is_not_an_object_is_refused(client: TestClient, sent: str | bytes) -> None:
    response = client.post("/api/submissions", content=sent, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_form_encoded_body_is_refused(client: TestClient, sessions: Sessions) -> None:
    """Another site can make a browser send a form or plain text here, but not JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = client.post("/api/submissions", content=json.dumps(body()), headers={"Content-Type": kind})
        assert response.status_code in {400, 415, 422}
    assert stored(sessions) == []


@pytest.mark.parametrize(
    ("place", "code", "suggestion"),
    [
        ((0, 0), "zero-zero", None),
        ((0.001, -0.001), "zero-zero", None),
        ((48.24819, 37.12966), "axes-swapped", {"longitude": 37.12966, "latitude": 48.24819}),
        ((37.12966, 8.24819), "lost-digit", [{"longitude": 37.12966, "latitude": 48.24819}]),
        ((37.12966, 3.2), "lost-digit", [{"longitude": 37.12966, "latitude": 53.2}]),
        ((37.6, 55.75), "outside-theatre", None),
        ((-0.1, 51.5), "outside-theatre", None),
    ],
)
def test_implausible_place_needs_a_confirmation(
    client: TestClient, sessions: Sessions, place: tuple[float, float], code: str, suggestion: Any
) -> None:
    sent = body(longitude=place[0], latitude=place[1])
    response = client.post("/api/submissions", json=sent)
    assert response.status_code == 409
    problem = response.json()
    assert problem["type"] == "/problems/confirmation-needed"
    (warning,) = problem["warnings"]
    assert (warning["code"], warning["field"]) == (code, "/latitude")
    assert warning["message"]
    assert warning["suggestion"] == suggestion
    assert stored(sessions) == []

    others = [other for other in ("zero-zero", "near-duplicate") if other != code]
    assert client.post("/api/submissions", json=sent | {"confirm": others}).status_code == 409
    assert client.post("/api/submissions", json=sent | {"confirm": [code]}).status_code == 202
    (row,) = stored(sessions)
    assert row.warnings == [warning]


def test_near_event_needs_a_confirmation(client: TestClient, build: Builder, sessions: Sessions) -> None:
    event = build.event("Fighting at the water tower", at=(37.1330, 48.24819), happened=("2025-07-23", "2025-07-24"))
    response = client.post("/api/submissions", json=body())
    assert response.status_code == 409
    (warning,) = response.json()["warnings"]
    assert warning["code"] == "near-duplicate"
    assert warning["suggestion"]["event"]["id"] == str(event)
    assert 240 <= warning["suggestion"]["distance_m"] <= 255
    assert client.post("/api/submissions", json=body(confirm=["near-duplicate"])).status_code == 202
    assert stored(sessions)[0].warnings == [warning]


@pytest.mark.parametrize(
    "event",
    [
        {"at": (37.1370, 48.24819)},  # 546 m
        {"happened": ("2025-07-25", "2025-07-26")},
        {"happened": ("2025-07-17", "2025-07-18")},
        {"state": "draft"},
        {"state": "withdrawn"},
        {"public_from": dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)},
    ],
)
def test_far_or_private_event_needs_no_confirmation(client: TestClient, build: Builder, event: dict[str, Any]) -> None:
    made = build.event("Another", **event)
    build.source(made, "https://example.org/other")
    assert client.post("/api/submissions", json=body()).status_code == 202


def test_line_is_near_along_its_whole_length(client: TestClient, build: Builder) -> None:
    build.event("Fighting on the road", wkt="LINESTRING(36.5 48.24819, 37.5 48.24819)")
    assert client.post("/api/submissions", json=body()).json()["warnings"][0]["code"] == "near-duplicate"


def test_footage_on_the_map_needs_a_confirmation(client: TestClient, build: Builder, sessions: Sessions) -> None:
    event = build.event("Far away", at=(30.5, 50.4), happened=("2023-01-01", "2023-01-02"))
    build.source(event, "https://example.org/footage")
    sent = body(footage_urls=["https://new.example/1", "HTTPS://EXAMPLE.org/footage?utm_source=x#top"])
    response = client.post("/api/submissions", json=sent)
    assert response.status_code == 409
    (warning,) = response.json()["warnings"]
    assert (warning["code"], warning["field"]) == ("same-footage", "/footage_urls/1")
    assert warning["suggestion"]["event"] == {"id": str(event), "title": "Far away", "href": f"/events/{event}"}
    assert client.post("/api/submissions", json=sent | {"confirm": ["same-footage"]}).status_code == 202
    (row,) = stored(sessions)
    assert row.footage_urls == sent["footage_urls"]


def test_footage_of_private_events_is_not_revealed(client: TestClient, build: Builder) -> None:
    build.source(build.event("Draft", state="draft", at=(30.5, 50.4)), "https://example.org/footage")
    build.source(
        build.event("Embargoed", public_from=dt.datetime.now(dt.UTC) + dt.timedelta(days=1), at=(30.5, 50.4)),
        "https://example.org/embargoed",
    )
    for url in ("https://example.org/footage", "https://example.org/embargoed"):
        assert client.post("/api/submissions", json=body(footage_urls=[url])).status_code == 202


def test_unneeded_confirmation_is_accepted(client: TestClient, sessions: Sessions) -> None:
    assert client.post("/api/submissions", json=body(confirm=["zero-zero", "near-duplicate"])).status_code == 202
    assert stored(sessions)[0].warnings == []


def test_retries_with_one_key_are_one_submission(client: TestClient, build: Builder, sessions: Sessions) -> None:
    sent = body(idempotency_key="0b0e7c36")
    first = client.post("/api/submissions", json=sent)
    # The event was published in the meantime; a retry of the stored submission gets no warning.
    build.event("The same", at=(37.12966, 48.24819))
    second = client.post("/api/submissions", json=dict(reversed(sent.items())) | {"confirm": ["near-duplicate"]})
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert len(stored(sessions)) == 1

    other = client.post(
        "/api/submissions", json=sent | {"description": "Something else.", "confirm": ["near-duplicate"]}
    )
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/conflict"
    assert other.json()["errors"][0]["field"] == "/idempotency_key"
    assert len(stored(sessions)) == 1


def test_without_key_each_request_is_a_submission(client: TestClient, sessions: Sessions) -> None:
    codes = {client.post("/api/submissions", json=body()).json()["tracking_code"] for _ in range(3)}
    assert len(codes) == len(stored(sessions)) == 3


def test_status_is_available_with_the_code(client: TestClient) -> None:
    code = client.post("/api/submissions", json=body()).json()["tracking_code"]
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        response = client.get(f"/api/submissions/{typed}")
        assert response.status_code == 200
        assert response.json()["status"] == "received"
        assert dt.datetime.fromisoformat(response.json()["received_at"]).utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("code", ["0000-0000-0000-0000-0000-0000-0000", "nothing", "%00", "%ed%a0%80", "a" * 99, "é"])
def test_unknown_code_is_404(client: TestClient, code: str) -> None:
    client.post("/api/submissions", json=body())
    response = client.get(f"/api/submissions/{code}")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is no submission with this code. Check the code for typing errors."


def test_sixth_submission_in_a_minute_is_refused(client: TestClient, sessions: Sessions) -> None:
    for _ in range(5):
        assert client.post("/api/submissions", json=body()).status_code == 202
    response = client.post("/api/submissions", json=body())
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert len(stored(sessions)) == 5


def test_refused_and_repeated_requests_are_not_counted(client: TestClient) -> None:
    for _ in range(10):
        assert client.post("/api/submissions", json=body(latitude=True)).status_code == 422
        assert client.post("/api/submissions", json=body(latitude=0, longitude=0)).status_code == 409
    for _ in range(10):
        assert client.post("/api/submissions", json=body(idempotency_key="one")).status_code == 202


def test_schemas_have_examples_that_are_valid() -> None:
    for model in (FootageSubmission, ProblemReport):
        (example,) = model.model_json_schema()["examples"]
        model.model_validate(example)
