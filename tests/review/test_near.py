"""Near duplicates: at the desk among all events, for the public among public events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import CategoryPolicy
from tests.review.conftest import DRAFT, EVENTS, Desk

if TYPE_CHECKING:
    from tests.builders import Builder

CHECK = "/api/submissions/check"


def test_desk_finds_near_duplicates_in_every_state(ann: Desk, build: Builder) -> None:
    spot = (37.12966, 48.24819)
    same = build.event("Clashes on the highway", at=spot, state="draft")
    build.session.add(CategoryPolicy(category="position", coarsen_m=20_000))
    build.session.commit()
    coarse = build.event("Clashes near the highway", at=(37.130, 48.2482), category="position")
    other = build.event("A bridge was hit", at=(37.131, 48.249), happened=("2025-07-23", "2025-07-24"))
    build.event("Clashes on the highway", at=(37.2, 48.24819))
    build.event("Clashes on the highway", at=spot, happened=("2025-07-28", "2025-07-29"))
    linked = build.event("Far away", at=(30.5, 50.4))
    event = ann.draft()
    source = {"url": "https://x.com/one/status/1", "role": "footage"}
    assert ann.ask("POST", f"{EVENTS}/{event['id']}/sources", source, 1).status_code == 200
    build.session.expire_all()
    build.source(linked, "https://example.org/other")
    theirs = ann.ask("GET", f"{EVENTS}/{linked}").json()
    assert ann.ask("POST", f"{EVENTS}/{linked}/sources", source, theirs["version"]).status_code == 403
    edi = Desk(ann.client, "Edi")
    assert edi.ask("POST", f"{EVENTS}/{linked}/sources", source, theirs["version"]).status_code == 200
    near_events = ann.ask("GET", f"{EVENTS}/{event['id']}/near-duplicates").json()["events"]
    assert [one["id"] for one in near_events] == [str(linked), str(same), str(coarse), str(other)]
    assert near_events[0]["reasons"][0] == "the same source"
    assert near_events[1]["score"] == 1
    assert near_events[1]["state"] == "draft"
    assert near_events[1]["reasons"] == ["at the same place", "at the same time", "text 100% similar"]
    assert near_events[3]["score"] < near_events[2]["score"]


def test_public_near_duplicates_are_public_events_with_scores(ann: Desk, build: Builder) -> None:
    public_event = build.event("Clashes on the highway", at=(37.12966, 48.24819))
    build.event("Clashes on the highway", at=(37.12966, 48.24819), state="draft")
    body = {
        "longitude": 37.12966,
        "latitude": 48.24819,
        "happened_from": "2025-07-21",
        "time_precision": "day",
        "description": DRAFT["title"],
    }
    (near,) = ann.client.post(CHECK, json=body).json()["nearby"]
    assert near["id"] == str(public_event)
    assert near["score"] == 1
    assert near["reasons"] == ["at the same place", "at the same time", "text 100% similar"]
