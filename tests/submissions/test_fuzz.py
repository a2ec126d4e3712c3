"""Random bodies: every response is a documented one, never an internal error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.submissions.schemas import FootageSubmission, ProblemReport
from tests.submissions.test_submit import body

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

# The client and its transaction belong to the test, not to the example; examples only add rows.
fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

odd_text = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["\x00", "\ud800", "2024-02-30", "0001-01-01", "9999-12-31", "2025-07-21T24:00:00Z", "infinity"]),
    st.sampled_from(
        ["https://[::1]/", "https://xn--a.example/", "https://a.b:0/", "https://é.example/%zz", "HTTP://A.B"]
    ),
)
odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), odd_text),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_text, inner, max_size=4),
    max_leaves=8,
)


def bodies(fields: list[str], whole: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Returns a strategy for valid bodies with some odd values and some unknown fields."""
    return st.builds(
        lambda odd_fields, more: whole | odd_fields | more,
        st.dictionaries(st.sampled_from(fields), odd, max_size=4),
        st.dictionaries(odd_text, odd, max_size=1),
    )


def met(client: TestClient, path: str, sent: Any) -> None:
    response = client.post(path, content=json.dumps(sent), headers={"Content-Type": "application/json"})
    assert response.status_code in {200, 202, 400, 409, 422, 429}, response.text


@fuzzed
@given(sent=bodies(list(FootageSubmission.model_fields), body()))
def test_footage(client: TestClient, sent: dict[str, Any]) -> None:
    met(client, "/api/submissions", sent)
    met(client, "/api/submissions/check", sent)


@fuzzed
@given(sent=bodies(list(ProblemReport.model_fields), {"kind": "other"}))
def test_problems(client: TestClient, sent: dict[str, Any]) -> None:
    met(client, "/api/submissions/problems", sent)


@fuzzed
@given(longitude=st.floats(-180, 180), latitude=st.floats(-90, 90))
def test_any_place_of_the_globe(client: TestClient, longitude: float, latitude: float) -> None:
    response = client.post("/api/submissions/check", json=body(longitude=longitude, latitude=latitude))
    assert response.status_code == 200
    assert response.json()["errors"] == []


@fuzzed
@given(typed=odd_text, near=odd_text)
def test_typed_places(client: TestClient, typed: str, near: str) -> None:
    sendable = [text.encode("utf-8", "surrogatepass") for text in (typed, near)]
    for given_near in ({}, {"near": sendable[1]}):
        response = client.get("/api/coordinates", params={"text": sendable[0], **given_near})
        assert response.status_code in {200, 400}, response.text


@fuzzed
@given(
    fields=st.dictionaries(
        st.sampled_from(["place", "happened_from", "time_from", "precision_m", "footage_urls"]), odd_text
    )
)
def test_form(client: TestClient, fields: dict[str, str]) -> None:
    sendable = {name: text.encode("utf-8", "surrogatepass") for name, text in fields.items()}
    assert client.post("/submit", data=sendable).status_code in {200, 400, 409, 422, 429}
