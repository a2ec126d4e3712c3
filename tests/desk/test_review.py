"""Review of submissions: a member other than the sender decides once, and the sender can follow the
status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from app.models import Decision, Submission
from tests.desk.conftest import EVENT, SENT
from tests.review.conftest import EVENTS, MEMBERS, Desk
from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from app.database.session import Sessions
    from tests.builders import Builder
    from tests.desk.conftest import Send

PUBLIC = "/api/collections/events/items"
# A box of twenty kilometres around the place of the example.
AREA = "ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(37.05, 48.25), 4326)::geography, 6000)::geometry)"


def draw_area(sessions: Sessions) -> None:
    """Inserts an assessment with an edge a few hundred metres from the example's place."""
    with sessions.writing() as session:
        session.execute(
            text(f"""
                INSERT INTO frontline.origin (slug, name, public, licence) VALUES ('drawn', 'Drawn', true, 'CC0');
                INSERT INTO frontline.assessor (slug, definition) VALUES ('drawn', 'Ours');
                INSERT INTO frontline.assessment (id, assessor, valid_from, state, shape_digest, covers)
                VALUES ('00000000-0000-4000-8000-000000000001', 'drawn', '2025-07-20', 'published', sha256('drawn'),
                    ARRAY['occupied']);
                INSERT INTO frontline.control_area (id, assessment_id, position, status, shape, area_km2)
                SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 0, 'occupied', {AREA}, 113;
            """)  # noqa: S608 - our own
        )
        session.commit()


def test_submission_from_receipt_to_decision(ann: Desk, bea: Desk, send: Send) -> None:
    sent = send(footage_urls=["https://t.me/example_channel/1024"])
    assert sent.status()["status"] == "received"
    taken = ann.ask("PUT", f"{sent.path}/assignee", {"member": "me"}, sent.seen_by(ann)["version"])
    assert (taken.status_code, taken.json()["assigned_to"]["name"]) == (200, "Ann")
    assert sent.status()["status"] == "in_review"
    assert sent.decide(ann, "ask", question="From where?").status_code == 200
    status = sent.status()
    assert (status["status"], [(one["by"], one["text"]) for one in status["messages"]]) == (
        "question",
        [("desk", "From where?")],
    )
    assert "Ann" not in str(status)
    answered = ann.client.post(f"/api/submissions/{sent.code}/answers", json={"text": "The fifth floor."})
    assert (answered.status_code, answered.json()["status"]) == (202, "in_review")
    assert ann.client.post(f"/api/submissions/{sent.code}/answers", json={"text": "Again"}).status_code == 409
    assert [one["text"] for one in sent.seen_by(ann)["messages"]] == ["From where?", "The fifth floor."]
    accepted = sent.decide(ann, "accept", event=EVENT, reason="Thank you.")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["event_state"] == "in_review"
    event = accepted.json()["submission"]["result_event_id"]
    status = sent.status()
    assert (status["status"], status["reason"], status["event_id"]) == ("accepted", "Thank you.", None)
    current = ann.ask("GET", f"{EVENTS}/{event}").json()
    assert [(one["role"], one["given_url"]) for one in current["sources"]] == [
        ("footage", "https://t.me/example_channel/1024"),
        ("geolocation", "https://example.org/how-it-was-located"),
    ]
    assert ann.step({"id": event}, "publish").status_code == 403
    assert bea.step({"id": event}, "publish").status_code == 200
    assert sent.status()["event_id"] == event
    assert ann.client.get(f"{PUBLIC}/{event}").json()["properties"]["title"] == EVENT["title"]


def test_link_that_an_earlier_version_accepted_is_read_and_rejected(ann: Desk, send: Send, sessions: Sessions) -> None:
    sent = send()
    with sessions.writing() as session:
        session.execute(text("UPDATE frontline.submission SET footage_urls = ARRAY['http://[64:ff9b::a9fe:a9fe]/']"))
        session.commit()
    assert sent.seen_by(ann)["footage_urls"] == ["http://[64:ff9b::a9fe:a9fe]/"]
    accepted = sent.decide(ann, "accept", event=EVENT)
    assert (accepted.status_code, "[64:ff9b::a9fe:a9fe]" in accepted.json()["detail"]) == (409, True)
    assert sent.decide(ann, "reject", reason="Nobody can open it.").status_code == 200


def test_second_decision_is_refused_with_the_first_one(ann: Desk, bea: Desk, send: Send) -> None:
    sent = send()
    version = sent.seen_by(bea)["version"]
    assert sent.decide(ann, "reject", version, reason="It is of 2023.").status_code == 200
    late = sent.decide(bea, "accept", version, event=EVENT)
    assert late.status_code == 412
    assert late.json()["detail"].startswith("Ann rejected it at ")
    assert late.json()["current"]["decision_reason"] == "It is of 2023."
    assert late.json()["yours"]["event"]["title"] == EVENT["title"]
    assert sent.decide(bea, "reject", reason="Again").status_code == 409
    assert ann.ask("POST", f"{sent.path}/reject", {"reason": "No version"}).status_code == 428
    assert sent.status() | {"decided_at": None} == {
        "status": "rejected",
        "kind": "footage",
        "reason": "It is of 2023.",
        "event_id": None,
        "messages": [],
        "received_at": sent.status()["received_at"],
        "decided_at": None,
    }


def test_sender_who_is_a_member_does_not_decide(ann: Desk, bea: Desk, send: Send, sessions: Sessions) -> None:
    sent = send(headers={"X-Test-Member": "Ann"})
    assert sent.seen_by(ann)["yours"] is True
    assert sent.seen_by(bea)["yours"] is False
    for name, body in (
        ("accept", {"event": EVENT}),
        ("reject", {"reason": "No"}),
        ("ask", {"question": "What?"}),
        ("merge", {"event_id": ann.draft()["id"]}),
    ):
        assert sent.decide(ann, name, **body).status_code == 403, name
    with sessions.writing() as session:  # without the secret the row identifies nobody
        assert MEMBERS["Ann"].id.bytes not in (session.scalar(select(Submission.submitter_hash)) or b"")
    assert sent.decide(bea, "accept", event=EVENT).status_code == 200


def test_one_member_publishes_only_if_policy_allows(ann: Desk, bea: Desk, send: Send, sessions: Sessions) -> None:
    alone = send().decide(ann, "accept", event=EVENT, then="published").json()
    assert (alone["event_state"], alone["waits_for"]) == ("published", [])
    draw_area(sessions)
    near = send(footage_urls=["https://t.me/other/1"], confirm=["near-duplicate"]).decide(
        ann, "accept", event=EVENT, then="published"
    )
    assert (near.json()["event_state"], near.json()["waits_for"]) == ("in_review", ["near_line"])
    event = {"id": near.json()["submission"]["result_event_id"]}
    assert ann.step(event, "publish").status_code == 403
    assert bea.step(event, "publish").status_code == 200


def test_confirming_requires_a_second_member(ann: Desk, bea: Desk, edi: Desk, send: Send) -> None:
    confirmed = EVENT | {"verification": "confirmed"}
    links = ["https://x.com/one/status/1", "https://x.com/two/status/2"]
    waits = send(footage_urls=links).decide(ann, "accept", event=confirmed, then="published").json()
    assert (waits["event_state"], waits["waits_for"]) == ("in_review", ["confirmed"])
    # The member who published it alone does not confirm it either, even as an editor.
    links = ["https://x.com/three/status/3", "https://x.com/four/status/4"]
    alone = send(footage_urls=links, confirm=["near-duplicate"]).decide(edi, "accept", event=EVENT, then="published")
    path = f"{EVENTS}/{alone.json()['submission']['result_event_id']}"
    version = edi.ask("GET", path).json()["version"]
    assert edi.ask("PUT", path, confirmed, version).status_code == 403
    assert Desk(ann.client, "Eva").ask("PUT", path, confirmed, version).status_code == 200


def test_submission_is_merged_as_a_source(ann: Desk, bea: Desk, send: Send) -> None:
    event = ann.published()
    links = ["https://t.me/example_channel/1024"]
    sent = send(footage_urls=links, confirm=["near-duplicate"])
    (near,) = sent.seen_by(bea)["near"]
    assert (near["id"], near["distance_m"]) == (event["id"], 0)
    merged = sent.decide(bea, "merge", event_id=event["id"])
    assert (merged.status_code, merged.json()["event_state"]) == (200, "published")
    assert (sent.status()["status"], sent.status()["event_id"]) == ("merged", event["id"])
    sources = ann.client.get(f"{PUBLIC}/{event['id']}").json()["properties"]["sources"]
    assert len(sources) == 2
    # The same footage from another sender is matched, although place and time differ.
    elsewhere = {"longitude": 30.5, "latitude": 50.4, "happened_from": "2025-01-01"}
    again = send(footage_urls=links, **elsewhere, confirm=["same-footage"])
    assert [(one["id"], one["same_sources"]) for one in again.seen_by(ann)["near"]] == [(event["id"], 1)]
    assert again.decide(ann, "merge", event_id="5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11").status_code == 422


def test_footage_sent_twice_is_one_source(ann: Desk, bea: Desk, send: Send) -> None:
    event = ann.published()
    for link in ("https://x.com/one/status/7", "https://fxtwitter.com/one/status/7"):
        send(footage_urls=[link], geolocation_url=None, confirm=["near-duplicate", "same-footage"]).decide(
            bea, "merge", event_id=event["id"]
        )
    assert len(bea.ask("GET", f"{EVENTS}/{event['id']}").json()["sources"]) == 1


def test_problem_report_is_decided(ann: Desk, bea: Desk, edi: Desk, send: Send) -> None:
    event = ann.published()
    report, other = send(problem=event["id"]), send(problem=event["id"], kind="wrong_place")
    (first, second) = ann.ask("GET", "/api/desk/queue").json()["items"]
    assert [(one["id"], one["rank"], one["title"]) for one in (first, second)] == [
        (report.id, 3, event["title"]),
        (other.id, 2, event["title"]),
    ]
    assert report.decide(ann, "accept", event=EVENT).status_code == 409
    # One analyst hides at once; another member reviews it afterwards.
    assert ann.step(event, "hide", reason="A street is to be seen.").status_code == 200
    assert report.decide(ann, "settle", reason="It is hidden.").status_code == 200
    assert (report.status()["status"], report.status()["reason"], report.status()["event_id"]) == (
        "accepted",
        "It is hidden.",
        None,
    )
    assert other.decide(bea, "reject", reason="The place is right.").status_code == 200
    (hidden,) = bea.ask("GET", "/api/desk/queue?kind=hidden").json()["items"]
    assert (hidden["id"], hidden["rank"]) == (event["id"], 3)
    assert bea.step(event, "keep-hidden", reason="Yes").status_code == 403
    assert edi.step(event, "keep-hidden", reason="Yes").status_code == 200
    assert bea.ask("GET", "/api/desk/queue").json()["items"] == []


def test_member_who_hid_an_event_does_not_review_it(edi: Desk, ann: Desk) -> None:
    event = ann.published()
    assert edi.step(event, "hide", reason="In a hurry").status_code == 200
    assert edi.step(event, "keep-hidden", reason="I was right").status_code == 403
    assert edi.step(event, "show", reason="I was wrong").status_code == 200
    assert Desk(ann.client, "Eva").step(event, "keep-hidden", reason="Late").status_code == 409


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("accept", {"event": EVENT | {"title": "a\x00b"}}),
        ("accept", {"event": EVENT | {"category": "party"}}),
        ("accept", {"event": EVENT, "then": "confirmed"}),
        ("reject", {"reason": " "}),
        ("ask", {}),
        ("merge", {"event_id": "x"}),
        ("reject", {"reason": "x", "state": "accepted"}),
    ],
)
def test_invalid_body_decides_nothing(ann: Desk, send: Send, name: str, body: dict[str, Any]) -> None:
    sent = send()
    assert sent.decide(ann, name, **body).status_code == 422
    assert sent.status()["status"] == "received"


def test_strangers_and_contributors_cannot_decide(ann: Desk, send: Send) -> None:
    sent = send()
    assert ann.client.get(sent.path).status_code == 401
    assert Desk(ann.client, "Con").ask("GET", sent.path).status_code == 403
    assert ann.ask("GET", f"{SENT}/5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11").status_code == 404
    # A submission cannot set fields of the desk.
    for field in ("state", "decided_by", "result_event_id", "priority", "submitter_hash"):
        assert ann.client.post("/api/submissions", json=footage() | {field: "x"}).status_code == 422


def test_decisions_are_counted_after_submissions_are_deleted(ann: Desk, send: Send, sessions: Sessions) -> None:
    sent = send()
    ann.ask("POST", f"{sent.path}/comments", {"text": "Old"})
    sent.decide(ann, "ask", question="Where?")
    sent.decide(ann, "reject", reason="Old footage")
    with sessions.writing() as session:
        session.execute(text("DELETE FROM frontline.submission"))
        session.commit()
        assert [row.outcome for row in session.scalars(select(Decision))] == ["rejected"]
        for table in ("comment", "submission_message"):
            assert session.scalar(text(f"SELECT count(*) FROM frontline.{table}")) == 0  # noqa: S608 - our own


def test_draft_of_a_submission_can_be_accepted(ann: Desk, build: Builder, send: Send) -> None:
    sent = send()
    draft = sent.seen_by(ann)["draft"]
    assert draft.pop("title") == ""
    assert draft["verification"] == "geolocated"
    accepted = sent.decide(ann, "accept", event=draft | {"title": "As it was sent"}, then="draft")
    assert (accepted.status_code, accepted.json()["event_state"]) == (200, "draft")
