"""The same footage in the queue: one item with several senders, each with their own answer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, select, text

from app import main
from app.database.engines import make_engines
from app.database.migrations import downgrade, upgrade
from app.database.session import Sessions
from app.models import Submission
from app.sources.canonical import canonical_url
from tests.conftest import make_settings
from tests.desk.conftest import EVENT
from tests.review.conftest import EVENTS, Desk
from tests.submissions.test_submit import body as footage
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.settings import Settings
    from app.theatre import Theatre
    from tests.builders import Builder
    from tests.desk.conftest import Send

# One post, one page with a name in NFC and NFD.
SPELLINGS: Final = (
    "https://x.com/example/status/1747000000000000000",
    "https://twitter.com/example/status/1747000000000000000?s=20",
    "https://mobile.twitter.com/Example/status/1747000000000000000",
    "https://vxtwitter.com/example/status/1747000000000000000",
    "http://www.x.com/example/status/1747000000000000000/photo/1",
)
FORMS: Final = ("https://example.org/Ки\u0439в", "https://example.org/Ки\u0438\u0306в")
FAR: Final = {"longitude": 33.5, "latitude": 46.7, "description": "Something else entirely, far away."}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path, submissions_per_minute=1000, submissions_per_hour=1000)


def queue(desk: Desk) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.ask("GET", "/api/desk/queue?kind=footage").json()["items"]
    return items


def test_posts_in_five_spellings_are_one_item(ann: Desk, send: Send) -> None:
    sent = [send(footage_urls=[SPELLINGS[number % 5]], description=f"Words {number}") for number in range(12)]
    (item,) = queue(ann)
    assert (item["id"], item["senders"]) == (sent[0].id, 12)
    seen = sent[0].seen_by(ann)
    assert {one["description"] for one in seen["senders"]} == {f"Words {number}" for number in range(1, 12)}
    assert ann.ask("GET", "/api/desk/numbers").json()["waiting"]["received"] == 1
    assert sent[0].decide(ann, "reject", reason="Of 2023.").status_code == 200
    assert [one.status()["status"] for one in sent] == ["rejected"] * 12
    assert queue(ann) == []


def test_nfc_and_nfd_of_a_link_are_one_item(ann: Desk, send: Send) -> None:
    for form in FORMS:
        send(footage_urls=[form])
    assert [item["senders"] for item in queue(ann)] == [2]


def test_item_shows_all_values_and_accepts_all_links(ann: Desk, send: Send) -> None:
    first = send(footage_urls=[SPELLINGS[0]], geolocation_url=None)
    second = send(
        footage_urls=["https://t.me/other/7", SPELLINGS[1]],
        geolocation_url="https://example.org/how",
        happened_from="2025-07-19",
        description="From the roof",
        longitude=37.2,
    )
    third = send(footage_urls=["https://t.me/other/7"], geolocation_url=None)
    seen = first.seen_by(ann)
    values = {one["id"]: one for one in seen["senders"]}
    assert values.keys() == {second.id, third.id}
    value = values[second.id]
    assert (value["longitude"], value["description"]) == (37.2, "From the roof")
    assert value["happened_from"].startswith("2025-07-19")
    accepted = first.decide(ann, "accept", event=EVENT, then="in_review", reason="Thank you.")
    assert accepted.status_code == 200, accepted.text
    event = ann.ask("GET", f"{EVENTS}/{accepted.json()['submission']['result_event_id']}").json()
    assert [(source["given_url"], source["role"]) for source in event["sources"]] == [
        (SPELLINGS[0], "footage"),
        ("https://t.me/other/7", "footage"),
        ("https://example.org/how", "geolocation"),
    ]
    for one in (first, second, third):
        assert (one.status()["status"], one.status()["reason"]) == ("accepted", "Thank you.")


def test_senders_learn_nothing_of_each_other(ann: Desk, send: Send) -> None:
    """A sender whose footage waits already gets the answers that the first one got."""
    first = send(footage_urls=[SPELLINGS[0]], description="Secret of the first")
    before = first.status()
    assert ann.ask("PUT", f"{first.path}/assignee", {"member": "me"}, first.seen_by(ann)["version"]).status_code == 200
    assert first.decide(ann, "ask", question="Asked of the first?").status_code == 200
    check = ann.client.post("/api/submissions/check", json=footage(footage_urls=[SPELLINGS[1]])).json()
    assert check == {"errors": [], "warnings": [], "nearby": []}
    second = send(footage_urls=[SPELLINGS[1]], description="Secret of the second")
    assert {**second.status(), "received_at": ""} == {**before, "received_at": ""}
    assert second.decide(ann, "ask", question="Asked of the second?").status_code == 200
    assert [one["text"] for one in second.status()["messages"]] == ["Asked of the second?"]
    answered = ann.client.post(f"/api/submissions/{second.code}/answers", json={"text": "Answer of the second"})
    assert answered.status_code == 202
    assert "second" not in str(first.status())
    assert "first" not in str(second.status())
    assert queue(ann)[0]["answered"] is True
    seen = first.seen_by(ann)["senders"][0]["messages"]
    assert [one["text"] for one in seen] == ["Asked of the second?", "Answer of the second"]


def test_later_footage_changes_the_version_and_may_be_urgent(ann: Desk, bea: Desk, send: Send) -> None:
    first = send(footage_urls=[SPELLINGS[0]])
    version = first.seen_by(ann)["version"]
    send(footage_urls=[SPELLINGS[1]], sensitivity=["prisoners"])
    late = first.decide(ann, "reject", version, reason="Old.")
    assert late.status_code == 412
    assert "Several people" in late.json()["detail"]
    assert [(item["rank"], item["senders"]) for item in queue(ann)] == [(3, 2)]


def test_joined_submission_is_decided_with_its_item_or_separated(ann: Desk, bea: Desk, send: Send) -> None:
    first, second = (send(footage_urls=[url]) for url in SPELLINGS[:2])
    refused = second.decide(ann, "reject", reason="Old.")
    assert refused.status_code == 409
    assert "Decide about that item" in refused.json()["detail"]
    assert second.seen_by(ann)["joined_to"] == first.id
    separated = ann.ask("POST", f"{second.path}/separate", {}, second.seen_by(ann)["version"])
    assert (separated.status_code, separated.json()["joined_to"]) == (200, None)
    assert {item["id"] for item in queue(ann)} == {first.id, second.id}
    assert second.decide(ann, "reject", reason="Old.").status_code == 200
    assert (first.status()["status"], second.status()["status"]) == ("received", "rejected")
    again = ann.ask("POST", f"{first.path}/separate", {}, first.seen_by(ann)["version"])
    assert again.status_code == 409


def test_member_who_sent_one_of_the_submissions_does_not_decide(ann: Desk, bea: Desk, send: Send) -> None:
    first = send(footage_urls=[SPELLINGS[0]])
    send({"X-Test-Member": "Ann"}, footage_urls=[SPELLINGS[1]])
    assert first.seen_by(ann)["yours"] is True
    assert first.decide(ann, "reject", reason="Old.").status_code == 403
    assert first.decide(bea, "reject", reason="Old.").status_code == 200


def test_footage_after_the_decision_is_a_new_item_that_names_it(ann: Desk, send: Send) -> None:
    first = send(footage_urls=[SPELLINGS[0]])
    first.decide(ann, "reject", reason="Of 2023.")
    later = send(footage_urls=[SPELLINGS[1]])
    (item,) = queue(ann)
    assert (item["id"], item["senders"]) == (later.id, 1)
    (earlier,) = later.seen_by(ann)["earlier"]
    assert (earlier["id"], earlier["state"], earlier["decision_reason"]) == (first.id, "rejected", "Of 2023.")
    assert later.status()["status"] == "received"


def codes(response: Any) -> set[str]:
    assert response.status_code == 409, response.text
    assert response.json()["type"] == "/problems/confirmation-needed"
    return {one["code"] for one in response.json()["warnings"]}


def test_accepting_warns_of_twins(ann: Desk, send: Send, build: Builder) -> None:
    """Twins are events in any state, and other items of the queue."""
    build.source(build.event(state="draft", at=(36.0, 47.5)), canonical_url(SPELLINGS[0]))
    bridge = send(footage_urls=["https://t.me/other/1"], **FAR)
    # All happens in one transaction, and so at one time.
    build.session.execute(text("UPDATE frontline.submission SET created_at = created_at - interval '1 hour'"))
    build.session.commit()
    first = send(footage_urls=[SPELLINGS[0]])
    accept: dict[str, Any] = {"event": EVENT, "then": "draft"}
    assert codes(first.decide(ann, "accept", **accept, confirm=[])) == {"same-footage-event"}
    near = send(footage_urls=["https://t.me/near/1"])
    assert codes(near.decide(ann, "accept", **accept, confirm=[])) == {"near-item"}
    assert [one["id"] for one in near.seen_by(ann)["twins"]] == [first.id]
    # It has footage of two items: it joins the older one, and the other is a twin.
    send(footage_urls=["https://t.me/other/1", SPELLINGS[2]], **FAR)
    assert codes(bridge.decide(ann, "accept", **accept, confirm=[])) == {"same-footage-event", "same-footage-item"}
    unknown = bridge.decide(ann, "accept", **accept, confirm=["all"])
    assert unknown.status_code == 422
    confirmed = bridge.decide(ann, "accept", **accept, confirm=["same-footage-event", "same-footage-item"])
    assert confirmed.status_code == 200, confirmed.text


def test_submissions_at_one_instant_are_one_item(database: DatabaseUrls, theatre: Theatre, settings: Settings) -> None:
    engines = make_engines(database, settings)
    app = main.create_app(settings, theatre, Sessions(engines))
    count, statuses = 8, []
    together = threading.Barrier(count)

    def post(number: int) -> None:
        links = [SPELLINGS[number % 5], "https://t.me/b/1"]
        body = footage(footage_urls=links[:: (-1) ** number])
        together.wait(timeout=60)

        def send() -> int:
            """Sends it; on a slow machine, the lock on a link may not be free within its limit."""
            status = client.post("/api/submissions", json=body).status_code
            return 0 if status == 503 else status

        statuses.append(wait_until(send, "the submission to be received"))

    try:
        with TestClient(app, base_url="http://localhost") as client:
            threads = [threading.Thread(target=post, args=(number,)) for number in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        assert statuses == [202] * count
        with Sessions(engines).writing() as session:
            joined = session.scalars(select(Submission.joined_to)).all()
    finally:
        engines.dispose()
    assert joined.count(None) == 1
    assert len(set(joined)) == 2


def test_upgrade_joins_items_that_wait_and_loses_nothing(database: DatabaseUrls) -> None:
    """Oldest first: 0 and 1 share a link, 2 has another, 3 has both, 4 is decided."""
    links = ([SPELLINGS[0]], [SPELLINGS[1]], ["https://t.me/b/1"], ["https://t.me/b/1", SPELLINGS[2]], [SPELLINGS[3]])
    downgrade(database.owner, "0015")
    engine = create_engine(database.owner)
    insert = text("""
        INSERT INTO frontline.submission (id, kind, tracking_hash, footage_urls, spot, happened_from, happened_to,
            time_precision, description, created_at, state, decided_at, decided_by_name, decision_reason)
        VALUES (CAST(:id AS uuid), 'footage', sha256(CAST(:id AS text)::bytea), :links,
            ST_SetSRID(ST_MakePoint(37, 48), 4326), '2025-07-21', '2025-07-22', 'day', :id,
            timestamptz '2025-08-01 00:00Z' + :number * interval '1 hour', :state, :decided, :by, :by)
    """)
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(5)]
    with engine.begin() as connection:
        for number, id_ in enumerate(ids):
            decided = number == 4
            values = {"state": "rejected" if decided else "received", "by": "Ann" if decided else None}
            connection.execute(
                insert,
                {"id": id_, "links": links[number], "number": number, "decided": "2025-09-01" if decided else None}
                | values,
            )
    upgrade(database.owner)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT id::text, joined_to::text, description FROM frontline.submission ORDER BY created_at")
        ).all()
        stored = connection.scalar(text("SELECT count(*) FROM frontline.submission_link"))
    engine.dispose()
    assert [row.description for row in rows] == ids
    assert [row.joined_to for row in rows] == [None, ids[0], None, ids[0], None]
    assert stored == 6
