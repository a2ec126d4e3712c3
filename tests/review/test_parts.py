"""Sources and claims are changed on their own, and a check returns the same errors as writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.review.conftest import EVENTS

if TYPE_CHECKING:
    from tests.review.conftest import Desk

CLAIM = {"party": "Staff", "party_kind": "general_staff", "stance": "denies", "statement": "They were repelled."}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("sources/check", {"name": " "}, "/name"),
        ("sources/check", {"name": "A", "archive_url": "javascript:alert(1)"}, "/archive_url"),
        ("sources/check", {"name": "A", "language": "english"}, "/language"),
        ("sources/check-new", {"url": "no link", "role": "footage"}, "/url"),
        ("claims/check", CLAIM | {"stance": "doubts"}, "/stance"),
        ("claims/check", {name: value for name, value in CLAIM.items() if name != "statement"}, "/statement"),
    ],
)
def test_check_returns_the_errors_of_writing(ann: Desk, path: str, body: dict[str, Any], field: str) -> None:
    event = ann.draft()
    checked = ann.ask("POST", f"/api/desk/{path}", body)
    kind = path.partition("/")[0]
    written = (
        ann.ask("PUT", f"/api/desk/sources/{event['id']}", body, 1)
        if path == "sources/check"
        else ann.ask("POST", f"{EVENTS}/{event['id']}/{kind}", body, event["version"])
    )
    assert (checked.status_code, written.status_code) == (422, 422)
    assert checked.json()["errors"] == written.json()["errors"]
    assert [one["field"] for one in checked.json()["errors"]] == [field]


def test_check_writes_nothing(ann: Desk) -> None:
    event = ann.draft()
    for path, body in (
        ("sources/check", {"name": "A"}),
        ("sources/check-new", {"url": "https://t.me/a/1", "role": "footage"}),
        ("claims/check", CLAIM),
    ):
        assert ann.ask("POST", f"/api/desk/{path}", body).json() == {"sound": True}
    assert ann.ask("GET", f"{EVENTS}/{event['id']}").json()["version"] == event["version"]
