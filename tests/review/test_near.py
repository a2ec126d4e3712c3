"""Near duplicates: at the desk over everything, for the public over what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import CategoryPolicy
from tests.review.conftest import DRAFT, EVENTS, Desk

if TYPE_CHECKING:
    from tests.builders import Builder

CHECK = "/api/submissions/check"


def test_the_desk_sees_what_may_be_the_same_in_any_state(ann: Desk, build: Builder) -> None:
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
    found = ann.ask("GET", f"{EVENTS}/{event['id']}/near-duplicates").json()["events"]
    assert [one["id"] for one in found] == [str(linked), str(same), str(coarse), str(other)]
    assert found[0]["reasons"][0] == "the same source"
    assert found[1]["score"] == 1
    assert found[1]["state"] == "draft"
    assert found[1]["reasons"] == ["at the same place", "at the same time", "text 100% similar"]
    assert found[3]["score"] < found[2]["score"]


def test_the_public_is_told_how_alike_and_of_public_events_alone(ann: Desk, build: Builder) -> None:
    shown = build.event("Clashes on the highway", at=(37.12966, 48.24819))
    build.event("Clashes on the highway", at=(37.12966, 48.24819), state="draft")
    body = {
        "longitude": 37.12966,
        "latitude": 48.24819,
        "happened_from": "2025-07-21",
        "time_precision": "day",
        "description": DRAFT["title"],
    }
    (near,) = ann.client.post(CHECK, json=body).json()["nearby"]
    assert near["id"] == str(shown)
    assert near["score"] == 1
    assert near["reasons"] == ["at the same place", "at the same time", "text 100% similar"]
