"""Bulk changes of events: previewed first, applied to all or none, and undone together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.review.conftest import EVENTS

if TYPE_CHECKING:
    from tests.review.conftest import Desk

BULK = "/api/desk/bulk"


def with_versions(desk: Desk, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": event["id"], "version": desk.ask("GET", f"{EVENTS}/{event['id']}").json()["version"]} for event in events
    ]


def change(desk: Desk, events: list[dict[str, Any]], apply: Any = True, **what: Any) -> Any:
    body = {"events": with_versions(desk, events), "change": what, "reason": "The channel is a fake.", "apply": apply}
    return desk.ask("POST", BULK, body)


def values(desk: Desk, events: list[dict[str, Any]], field: str) -> list[Any]:
    return [desk.ask("GET", f"{EVENTS}/{event['id']}").json()[field] for event in events]


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ({"verification": "disputed"}, "geolocated", "disputed"),
        ({"category": "strike.drone"}, "clash", "strike.drone"),
    ],
)
def test_bulk_change_is_previewed_applied_and_undone(
    ann: Desk, bea: Desk, what: dict[str, str], before: str, after: str
) -> None:
    (field,) = what
    events = [ann.draft(), ann.draft(), ann.draft()]
    preview = change(bea, events, apply=False, **what).json()
    assert preview["applied"] is False
    assert [(one["before"], one["after"], one["refusal"]) for one in preview["items"]] == [(before, after, None)] * 3
    assert values(ann, events, field) == [before] * 3
    done = change(bea, events, **what).json()
    assert values(ann, events, field) == [after] * 3
    history = ann.ask("GET", f"{EVENTS}/{events[0]['id']}/revisions").json()["revisions"]
    assert (history[0]["made_by"], history[0]["reason"]) == ("Bea", "The channel is a fake.")
    (act,) = ann.ask("GET", BULK).json()["acts"]
    assert (act["id"], act["events"], act["undone_by"]) == (done["id"], 3, None)
    assert ann.ask("POST", f"{BULK}/{done['id']}/undo").status_code == 200
    assert values(ann, events, field) == [before] * 3
    assert ann.ask("GET", BULK).json()["acts"][0]["undone_by"] == "Ann"
    assert ann.ask("POST", f"{BULK}/{done['id']}/undo").status_code == 409


def test_step_is_applied_to_all_events_or_none(ann: Desk, bea: Desk, edi: Desk) -> None:
    events = [ann.draft(), bea.draft()]
    done = change(ann, events, step="submit").json()
    assert values(ann, events, "state") == ["in_review"] * 2
    refused = change(bea, events, step="publish")
    assert refused.status_code == 409
    assert [one["id"] for one in refused.json()["items"]] == [events[1]["id"]]
    assert values(ann, events, "state") == ["in_review"] * 2
    assert change(edi, events, step="publish").status_code == 200
    assert values(ann, events, "state") == ["published"] * 2
    late = ann.ask("POST", f"{BULK}/{done['id']}/undo")
    assert late.status_code == 409
    assert "changed since" in late.json()["detail"]
    assert change(ann, events, verification="disputed").status_code == 409
    assert change(ann, events, apply=False, verification="disputed").json()["items"][0]["refusal"]


def test_events_changed_since_they_were_read_are_not_changed(ann: Desk) -> None:
    events = [ann.draft(), ann.draft()]
    seen = with_versions(ann, events)
    change(ann, events[:1], category="other")
    stale = ann.ask("POST", BULK, {"events": seen, "change": {"category": "clash"}, "reason": "x", "apply": True})
    assert stale.status_code == 412
    assert [one["id"] for one in stale.json()["current"]] == [events[0]["id"]]
    assert values(ann, events, "category") == ["other", "clash"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({}, "/change"),
        ({"category": "clash", "step": "submit"}, "/change"),
        ({"category": "party"}, "/change/category"),
        ({"origin": "nobody"}, "/change/origin"),
        ({"title": "All the same"}, "/change/title"),
    ],
)
def test_invalid_change_is_refused(ann: Desk, what: dict[str, str], field: str) -> None:
    response = change(ann, [ann.draft()], **what)
    assert response.status_code == 422
    assert [one["field"] for one in response.json()["errors"]] == [field]
