"""The queue: filters, order, pages, assignment and viewers. A thousand items need as many queries
as fifty.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import event as sa_event
from sqlalchemy import text

from app.models import Account
from tests.desk.conftest import many

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.database.session import Sessions
    from tests.desk.conftest import Send
    from tests.review.conftest import Desk

QUEUE = "/api/desk/queue"


def listed(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    response = desk.ask("GET", f"{QUEUE}{query}")
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def make_account(sessions: Sessions, name: str, role: str = "analyst") -> uuid.UUID:
    account = uuid.uuid4()
    with sessions.writing() as session:
        session.add(Account(id=account, name=name, role=role, password_hash="none"))
        session.commit()
    return account


def test_page_needs_the_same_queries_in_a_long_queue(ann: Desk, sessions: Sessions, connection: Connection) -> None:
    many(sessions, 1000, sensitivity="CASE WHEN number % 100 = 0 THEN ARRAY['prisoners'] ELSE '{}' END")
    statements: list[str] = []
    sa_event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    after, seen, costs, ranks = "", [], [], []
    while True:
        statements.clear()
        page = (
            ann.ask("GET", f"{QUEUE}?limit=200", None).json()
            if not after
            else ann.ask("GET", f"{QUEUE}?limit=200&after={after.replace('+', '%2B')}").json()
        )
        costs.append(sum(statement.startswith("SELECT") for statement in statements))
        assert page["total"] == 1000
        seen += [item["id"] for item in page["items"]]
        ranks += [(-item["rank"], item["since"]) for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert (len(seen), len(set(seen))) == (1000, 1000)
    assert ranks == sorted(ranks)
    assert [rank for rank, _ in ranks[:11]] == [-3] * 10 + [-2]
    assert max(costs) < 10


def test_queue_query_uses_its_index(sessions: Sessions) -> None:
    many(sessions, 1000)
    with sessions.writing() as session:
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(
            session.scalars(
                text("""
                    EXPLAIN SELECT id FROM frontline.submission
                    WHERE state IN ('received', 'in_review', 'question') AND joined_to IS NULL
                    ORDER BY rank DESC, created_at, id LIMIT 50
                """)
            )
        )
    assert "ix_submission_queue" in plan
    assert "Sort" not in plan


def test_filters_select_matching_items(ann: Desk, bea: Desk, send: Send) -> None:
    footage, urgent = send(), send(sensitivity=["prisoners"], footage_urls=["https://t.me/a/2"])
    draft = ann.draft()
    ann.step(draft, "submit")
    assert sorted(one["kind"] for one in listed(bea)) == ["event", "footage", "footage"]
    assert [one["id"] for one in listed(bea, "?priority=3")] == [urgent.id]
    assert [one["id"] for one in listed(bea, "?kind=event")] == [draft["id"]]
    assert [one["kind"] for one in listed(bea, "?kind=event&kind=hidden")] == ["event"]
    footage.decide(ann, "ask", question="Where?")
    assert [one["id"] for one in listed(bea, "?state=question")] == [footage.id]
    assert listed(bea, "?state=question")[0]["answered"] is False
    bea.client.post(f"/api/submissions/{footage.code}/answers", json={"text": "There"})
    assert listed(bea, "?state=in_review&kind=footage")[0]["answered"] is True
    assert {one["id"] for one in listed(bea, "?category=infiltration")} == {footage.id, urgent.id}
    assert listed(bea, "?category=infiltr") == []
    bea.ask("PUT", f"{urgent.path}/assignee", {"member": "me"}, urgent.seen_by(bea)["version"])
    bea.ask("PUT", f"/api/desk/events/{draft['id']}/assignee", {"member": "me"})
    assert {one["id"] for one in listed(bea, "?assigned=me")} == {urgent.id, draft["id"]}
    assert [one["id"] for one in listed(bea, "?assigned=nobody")] == [footage.id]
    assert listed(ann, "?assigned=me") == []
    for query in ("?kind=all", "?after=x", "?after=2~2025-07-21~x", "?limit=0", "?priority=9", "?q=1"):
        assert ann.ask("GET", f"{QUEUE}{query}").status_code == 400, query


def test_item_can_be_assigned_to_reviewers(ann: Desk, send: Send, sessions: Sessions) -> None:
    for name, role in (("olena", "analyst"), ("petro", "contributor")):
        make_account(sessions, name, role)
    sent = send()

    def assign(to: str | None) -> Any:
        return ann.ask("PUT", f"{sent.path}/assignee", {"member": to}, sent.seen_by(ann)["version"])

    assert assign("Olena").json()["assigned_to"]["name"] == "olena"
    assert sent.status()["status"] == "in_review"
    assert [assign(name).status_code for name in ("petro", "nobody-here")] == [422, 422]
    assert assign(None).json()["assigned_to"] is None
    assert sent.status()["status"] == "received"
    urgent = ann.ask("PUT", f"{sent.path}/priority", {"priority": 3}, sent.seen_by(ann)["version"])
    assert urgent.json()["rank"] == 3


def test_viewers_of_an_item_see_each_other(ann: Desk, bea: Desk, send: Send, sessions: Sessions) -> None:
    sent = send()
    path = f"/api/desk/presence/{sent.id}"
    assert ann.ask("PUT", path).json()["others"] == []
    assert bea.ask("PUT", path).json()["others"] == ["Ann"]
    assert ann.ask("PUT", path).json()["others"] == ["Bea"]
    assert listed(ann)[0]["seen_by"] == ["Bea"]
    with sessions.writing() as session:  # Bea has closed the page
        session.execute(text("UPDATE frontline.presence SET until = now() - interval '1 s' WHERE member_name = 'Bea'"))
        session.commit()
    assert ann.ask("PUT", path).json()["others"] == []
    assert ann.ask("PUT", f"/api/desk/presence/{uuid.uuid4()}").status_code == 404


def test_members_comment_and_mention_each_other(ann: Desk, bea: Desk, send: Send, sessions: Sessions) -> None:
    sent, event = send(), ann.draft()
    with sessions.writing() as session:
        session.add(Account(id=member_id("Bea"), name="bea", role="analyst", password_hash="none"))
        session.commit()
    assert (
        ann.ask("POST", f"{sent.path}/comments", {"text": "Is this yours, @Bea? Not bea@example.org"}).status_code
        == 200
    )
    ann.ask("POST", f"/api/desk/events/{event['id']}/comments", {"text": "Of the same @nobody"})
    assert [one["text"][:4] for one in bea.ask("GET", f"{sent.path}/comments").json()["comments"]] == ["Is t"]
    (mention,) = bea.ask("GET", "/api/desk/mentions").json()["comments"]
    assert (mention["submission_id"], mention["made_by"]) == (sent.id, "Ann")
    assert ann.ask("GET", "/api/desk/mentions").json()["comments"] == []
    assert ann.ask("POST", f"{sent.path}/comments", {"text": " "}).status_code == 422
    assert ann.ask("GET", f"/api/desk/events/{uuid.uuid4()}/comments").status_code == 404
    assert "yours" not in str(sent.status())


def member_id(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def test_events_have_relations(ann: Desk, bea: Desk) -> None:
    one, other = ann.draft(), ann.draft(title="Later")
    path, back = (f"/api/desk/events/{event['id']}/relations" for event in (one, other))
    for kind in ("follows", "same_incident", "same_incident"):
        assert ann.ask("POST", path, {"other_id": other["id"], "kind": kind}).status_code == 200
    relations = [(row["kind"], row["outgoing"], row["other_title"]) for row in bea.ask("GET", back).json()["relations"]]
    assert {relations[0][0], relations[1][0]} == {"follows", "same_incident"}
    assert ("follows", False, one["title"]) in relations
    assert ann.ask("POST", path, {"other_id": one["id"], "kind": "follows"}).status_code == 422
    assert ann.ask("POST", path, {"other_id": str(uuid.uuid4()), "kind": "follows"}).status_code == 422
    left = bea.ask("DELETE", f"{back}/same_incident/{one['id']}").json()["relations"]
    assert [row["kind"] for row in left] == ["follows"]
    history = ann.ask("GET", f"/api/desk/events/{one['id']}/revisions").json()["revisions"]
    assert "event_relation" in {row["relation"] for row in history}


def test_desk_statistics(ann: Desk, bea: Desk, send: Send, sessions: Sessions) -> None:
    event = ann.published()
    first = send(confirm=["near-duplicate"])
    first.decide(bea, "merge", event_id=event["id"])
    many(sessions, 3)
    numbers = ann.ask("GET", "/api/desk/numbers").json()
    assert numbers["waiting"] == {"received": 3, "in_review": 0, "question": 0, "event": 0, "hidden": 0, "import": 0}
    assert numbers["oldest_hours"] > numbers["median_hours"] > 0
    assert (len(numbers["weeks"]), numbers["weeks"][-1]["merged"]) == (12, 1)
    assert (numbers["published"], numbers["confirmed"], numbers["sources_per_event"]) == (1, 0, 2)
    assert numbers["by_sources"] == {"0": 0, "1": 0, "2": 1, "3+": 0}
