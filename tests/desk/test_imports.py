"""Imports at the desk: accepted (by two members if the policy requires two), merged and
rejected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.desk.test_queue import listed
from tests.desk.test_review import draw_area
from tests.review.conftest import DRAFT, EVENTS, MEMBERS, Desk

if TYPE_CHECKING:
    import uuid

    from app.database.session import Sessions
    from tests.builders import Builder

IMPORTS = "/api/desk/imports"
PUBLIC = "/api/collections/events/items"


class Imported:
    """An imported draft with two independent sources."""

    def __init__(self, build: Builder, *, public: bool = True, **others: Any) -> None:
        given: dict[str, Any] = {"state": "draft", "import_digest": b"row"}
        verification = others.pop("verification", "geolocated")
        origin = build.origin("other-map", public=public)
        self.id = build.event(origin=origin, **(given | others))
        for name in ("one", "two"):
            build.source(self.id, f"https://x.com/{name}/status/{self.id.int % 10**9}", author=name, platform="x")
        build.session.execute(
            text("UPDATE frontline.event SET verification = :verification WHERE id = :id"),
            {"verification": verification, "id": self.id},
        )
        build.session.commit()
        self.path = f"{IMPORTS}/{self.id}"

    def seen_by(self, desk: Desk) -> dict[str, Any]:
        body: dict[str, Any] = desk.ask("GET", self.path).json()
        return body

    def decide(self, desk: Desk, name: str, version: int | None = None, **body: Any) -> Any:
        version = self.seen_by(desk)["version"] if version is None else version
        return desk.ask("POST", f"{self.path}/{name}", body, version)

    @property
    def event(self) -> dict[str, Any]:
        return {"id": str(self.id)}


def test_imports_are_queued_with_submissions(ann: Desk, bea: Desk, build: Builder) -> None:
    one = Imported(build)
    build.event(state="draft")  # a draft that a member wrote is not in the queue
    (item,) = listed(ann)
    assert (item["id"], item["kind"], item["state"], item["origin"]) == (str(one.id), "import", "received", "other-map")
    assert listed(ann, "?kind=import&origin=other-map&state=received") == [item]
    for query in ("?origin=desk", "?kind=footage", "?waiting_hours=1"):
        assert listed(ann, query) == []
    build.session.execute(text("UPDATE frontline.event SET created_at = now() - interval '2 h'"))
    build.session.commit()
    assert len(listed(ann, "?waiting_hours=2")) == 1
    seen = one.seen_by(bea)
    assert (seen["waits"], seen["origin_public"], seen["needs_second"]) == (True, True, [])
    assert len(seen["event"]["sources"]) == 2
    assert [near["title"] for near in seen["near"]] == ["Fighting at the edge of the town"]
    assert ann.client.get(f"{PUBLIC}/{one.id}").status_code == 404


def test_one_member_publishes_only_if_policy_allows(ann: Desk, bea: Desk, build: Builder, sessions: Sessions) -> None:
    alone = Imported(build).decide(ann, "accept", then="published", reason="Checked.").json()
    assert (alone["event_state"], alone["waits_for"]) == ("published", [])
    draw_area(sessions)
    near, confirmed = Imported(build), Imported(build, at=(30.5, 50.4), verification="confirmed")
    for one, why in ((near, "near_line"), (confirmed, "confirmed")):
        assert one.seen_by(ann)["needs_second"] == [why]
        accepted = one.decide(ann, "accept", then="published").json()
        assert (accepted["event_state"], accepted["waits_for"]) == ("in_review", [why])
        assert ann.step(one.event, "publish").status_code == 403
        assert bea.step(one.event, "publish").status_code == 200
    # A member who changes fields while accepting does not publish alone.
    changed = Imported(build, at=(30.6, 50.4))
    accepted = changed.decide(ann, "accept", event=DRAFT | {"origin": "other-map"}, then="published").json()
    assert accepted["waits_for"] == ["near_line", "changed"]
    # The same values again are not a change.
    same = Imported(build, at=(30.7, 50.4))
    fields = {name: value for name, value in same.seen_by(ann)["event"].items() if name in DRAFT | {"origin": 1}}
    assert same.decide(ann, "accept", event=fields, then="published").json()["event_state"] == "published"


def test_confirming_an_imported_event_requires_a_second_member(ann: Desk, edi: Desk, build: Builder) -> None:
    one = Imported(build, state="published")
    path = f"{EVENTS}/{one.id}"

    def confirm(desk: Desk) -> Any:
        current = desk.ask("GET", path).json()
        body = DRAFT | {"verification": "confirmed", "origin": "other-map"}
        return desk.ask("PUT", path, body, current["version"])

    eva = Desk(ann.client, "Eva")
    assert "Two members" in confirm(edi).json()["detail"]
    assert edi.step(one.event, "vouch", reason="I have seen the footage.").status_code == 200
    assert edi.step(one.event, "vouch").status_code == 409
    assert confirm(edi).status_code == 403
    assert confirm(eva).status_code == 200
    assert ann.client.get(f"{PUBLIC}/{one.id}").json()["properties"]["verification"] == "confirmed"


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ("published", "verification = 'confirmed'"),
        ("in_review", "state = 'published', verification = 'confirmed'"),
        ("in_review", "state = 'published'"),  # near the front line
    ],
)
def test_database_requires_the_second_member(sessions: Sessions, build: Builder, before: str, change: str) -> None:
    event = build.event(state=before, submitted_by=None)
    build.session.execute(text("UPDATE frontline.desk_policy SET second_person_near_line_km = 10"))
    build.session.commit()
    draw_area(sessions)

    def write(member: uuid.UUID) -> None:
        with sessions.writing() as session:
            session.execute(
                text("SELECT set_config('frontline.role', 'editor', true), set_config('frontline.member', :id, true)"),
                {"id": str(member)},
            )
            session.execute(text(f"UPDATE frontline.event SET {change} WHERE id = :id"), {"id": event})  # noqa: S608 - our own

    edi, eva = MEMBERS["Edi"].id, MEMBERS["Eva"].id
    with pytest.raises(ProgrammingError, match="second person"):
        write(edi)
    build.session.execute(text("UPDATE frontline.event SET submitted_by = :edi"), {"edi": edi})
    build.session.commit()
    if before == "published":
        with pytest.raises(ProgrammingError, match="second person"):
            write(edi)
    write(eva)


def test_import_is_merged_as_a_source(ann: Desk, bea: Desk, build: Builder) -> None:
    event = ann.published()
    hidden = Imported(build, public=False)
    assert hidden.decide(bea, "merge", event_id=event["id"]).status_code == 409
    build.session.execute(text("UPDATE frontline.origin SET public = true"))
    build.session.commit()
    merged = hidden.decide(bea, "merge", event_id=event["id"], reason="The same")
    assert (merged.status_code, merged.json()["event_state"]) == (200, "published")
    assert merged.json()["item"]["merged_into"] == event["id"]
    assert len(ann.client.get(f"{PUBLIC}/{event['id']}").json()["properties"]["sources"]) == 2
    assert listed(ann) == []
    itself = Imported(build)
    for into in (str(itself.id), "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"):
        assert itself.decide(bea, "merge", event_id=into).status_code == 422


def test_second_decision_is_refused_with_the_first_one(ann: Desk, bea: Desk, build: Builder) -> None:
    one = Imported(build)
    version = one.seen_by(bea)["version"]
    assert ann.ask("PUT", f"/api/desk/presence/{one.id}").json()["others"] == []
    assert bea.ask("PUT", f"/api/desk/presence/{one.id}").json()["others"] == ["Ann"]
    assert one.decide(ann, "reject", version, reason="Of 2023").status_code == 200
    late = one.decide(bea, "accept", version, then="published")
    assert late.status_code == 412
    assert late.json()["detail"].startswith("Ann rejected it at ")
    assert late.json()["yours"] == {"then": "published"}
    assert one.decide(bea, "accept").status_code == 409
    assert bea.ask("POST", f"{one.path}/accept", {}).status_code == 428
    assert one.decide(bea, "reject", reason=" ").status_code == 422
    assert listed(bea) == []
    assert one.decide(bea, "reopen", reason="It is of 2025").status_code == 200
    assert one.decide(bea, "reopen", reason="Again").status_code == 409
    assert [item["id"] for item in listed(bea)] == [str(one.id)]
    assert ann.ask("GET", f"{IMPORTS}/{ann.draft()['id']}").status_code == 404


def test_urgent_items_are_first(ann: Desk, bea: Desk, build: Builder) -> None:
    imports = [Imported(build) for _ in range(3)]
    draft = ann.draft()
    ann.step(draft, "submit")

    def priority(item: str, rank: int | None) -> Any:
        return ann.ask("PUT", f"{EVENTS}/{item}/priority", {"priority": rank})

    assert priority(str(imports[2].id), 3).json() == {"assigned_to": None, "rank": 3}
    assert priority(draft["id"], 1).json()["rank"] == 1
    usual = sorted(str(one.id) for one in imports[:2])  # created at the same moment
    order = [str(imports[2].id), *usual, draft["id"]]
    assert [one["id"] for one in listed(bea)] == order
    assert [one["rank"] for one in listed(bea)] == [3, 2, 2, 1]
    assert [one["id"] for one in listed(bea, "?priority=1")] == order[3:]
    assert imports[2].seen_by(bea)["rank"] == 3
    after, seen = "", []
    while True:  # a page can end between two priorities
        page = bea.ask("GET", f"/api/desk/queue?limit=1{after}").json()
        assert page["total"] == 4
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={quote(page['next'])}"
    assert seen == order
    version = imports[2].seen_by(ann)["version"]
    assert priority(str(imports[2].id), None).json()["rank"] == 2
    assert imports[2].seen_by(ann)["version"] == version, "it is not part of the event"
    assert [one["rank"] for one in listed(bea, "?kind=import")] == [2, 2, 2]
    assert priority(str(imports[2].id), 4).status_code == 422
    assert priority("7d9b3f3e-0000-4000-8000-000000000000", 2).status_code == 404


def test_set_aside_imports_are_listed_separately(ann: Desk, build: Builder) -> None:
    waiting, aside = Imported(build), Imported(build)
    assert aside.decide(ann, "reject", reason="A training film").status_code == 200

    def rows(state: str) -> list[str]:
        page = ann.ask("GET", f"/api/desk/bulk/events?state={state}").json()
        assert page["total"] == len(page["events"])
        return [one["id"] for one in page["events"]]

    assert rows("draft") == [str(waiting.id)]
    assert rows("set_aside") == [str(aside.id)]
