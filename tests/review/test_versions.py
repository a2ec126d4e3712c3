"""No edit is lost: a change names the version that it replaces, and only the first of several
decisions succeeds.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.database.engines import make_engines, server_options
from app.database.session import ReadWriteSession, Sessions
from app.main import create_app
from app.review.links import find_or_insert_source
from app.review.schemas import SourceBody
from tests.conftest import make_settings
from tests.review.conftest import DRAFT, EVENTS, Desk, member_from_header

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre


def test_edit_requires_the_current_version(ann: Desk, bea: Desk) -> None:
    event = ann.draft()
    path = f"{EVENTS}/{event['id']}"
    seen = ann.ask("GET", path)
    assert seen.headers["etag"] == '"1"'
    assert ann.ask("PUT", path, DRAFT).status_code == 428
    first = ann.ask("PUT", path, DRAFT | {"title": "Ann's"}, 1)
    assert first.headers["etag"] == f'"{first.json()["version"]}"' != '"1"'
    late = bea.ask("PUT", path, DRAFT | {"title": "Bea's"}, 1)
    assert late.status_code == 412
    assert late.json()["current"]["title"] == "Ann's"
    assert late.json()["yours"]["title"] == "Bea's"
    assert ann.ask("GET", path).json()["title"] == "Ann's"
    assert bea.ask("PUT", path, DRAFT | {"title": "Both's"}, late.json()["current"]["version"]).status_code == 200


def test_every_change_requires_a_version(ann: Desk) -> None:
    event = ann.draft()
    described = ann.client.get("/api/openapi.json").json()
    request_count = 0
    # Requests that change nothing another member may have seen in another version, or that carry
    # the versions in their body.
    beside = ("/events/{event_id}/assignee", "/events/{event_id}/priority")
    free = ("/check", "/comments", "/relations", "/presence/", "/bulk", *beside)
    for template, operations in described["paths"].items():
        for method in operations:
            if (
                not template.startswith("/api/desk/")
                or method == "get"
                or template == EVENTS
                or any(part in template for part in free)
            ):
                continue
            path = template.replace("{event_id}", event["id"]).replace("{claim_id}", event["id"])
            path = path.replace("{source_id}", event["id"]).replace("{area_id}", event["id"])
            path = path.replace("{submission_id}", event["id"])
            schema = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            name = schema.get("schema", {}).get("$ref", "").rpartition("/")[2]
            body = described["components"]["schemas"][name]["examples"][0] if name else None
            assert Desk(ann.client, "Edi").ask(method.upper(), path, body).status_code == 428, (method, template)
            request_count += 1
    assert request_count >= 15


def test_claims_and_sources_are_part_of_the_version(ann: Desk) -> None:
    event = ann.draft()
    path = f"{EVENTS}/{event['id']}"
    source = {"url": "https://mobile.twitter.com/one/status/1?s=20", "role": "footage", "status": "deleted",
              "published_at": "2025-07-22T08:00:00Z"}  # fmt: skip
    with_source = ann.ask("POST", f"{path}/sources", source, 1).json()
    (made,) = with_source["sources"]
    assert made["canonical_url"] == "https://x.com/i/status/1"
    assert made["given_url"] == "https://mobile.twitter.com/one/status/1?s=20"
    assert (made["role"], made["status"], made["author"]) == ("footage", "deleted", "one")
    claim = {"party": "General Staff", "party_kind": "general_staff", "stance": "denies", "statement": "They did not.",
             "source_id": made["id"]}  # fmt: skip
    with_claim = ann.ask("POST", f"{path}/claims", claim, with_source["version"]).json()
    assert with_claim["claims"][0]["party_kind"] == "general_staff"
    assert ann.ask("POST", f"{path}/claims", claim, with_source["version"]).status_code == 412
    claim_path = f"{path}/claims/{with_claim['claims'][0]['id']}"
    changed = ann.ask("PUT", claim_path, claim | {"stance": "asserts"}, with_claim["version"]).json()
    assert changed["claims"][0]["stance"] == "asserts"
    bare = ann.ask("DELETE", f"{path}/sources/{made['id']}", version=changed["version"]).json()
    assert bare["sources"] == []
    assert bare["claims"][0]["source_id"] is None
    assert ann.ask("DELETE", claim_path, version=bare["version"]).json()["claims"] == []
    source_path = f"/api/desk/sources/{made['id']}"
    facts = {"name": "@one on X", "status": "live", "archive_url": "https://web.archive.org/web/2025/x"}
    assert ann.ask("PUT", source_path, facts).status_code == 428
    assert ann.ask("PUT", source_path, facts, 1).json()["status"] == "live"
    assert ann.ask("PUT", source_path, facts, 1).status_code == 412
    revisions = ann.ask("GET", f"{path}/revisions").json()["revisions"]
    assert Counter((one["relation"], one["action"]) for one in revisions if one["relation"] != "event") == {
        ("event_source", "insert"): 1,
        ("event_source", "delete"): 1,
        ("claim", "insert"): 1,
        ("claim", "update"): 2,
        ("claim", "delete"): 1,
    }


@pytest.mark.parametrize("url", ["https://t.me/c/1234567/8", "javascript:alert(1)", "https://user:pw@example.org/"])
def test_link_that_the_public_cannot_open_is_refused_with_a_reason(ann: Desk, url: str) -> None:
    event = ann.draft()
    refused = ann.ask("POST", f"{EVENTS}/{event['id']}/sources", {"url": url, "role": "footage"}, 1)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "/url"


def test_only_one_of_twenty_concurrent_decisions_succeeds(
    database: DatabaseUrls, theatre: Theatre, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path)
    engines = make_engines(database, settings)
    app = create_app(settings, theatre, Sessions(engines))
    app.state.authenticate = member_from_header
    with TestClient(app, base_url="http://localhost") as client:
        ann, edi = Desk(client, "Ann"), Desk(client, "Edi")
        event = ann.draft()
        ann.step(event, "submit")
        version = ann.ask("GET", f"{EVENTS}/{event['id']}").json()["version"]
        outcomes: Counter[int] = Counter()

        def decide(number: int) -> None:
            name, desk = (("publish", Desk(client, "Bea")), ("return", edi))[number % 2]
            path = f"{EVENTS}/{event['id']}/{name}"
            status = 503
            while status == 503:  # more requests than connections: try again, as the response demands
                status = desk.ask("POST", path, {"reason": "Decided."}, version).status_code
            outcomes[status] += 1

        threads = [threading.Thread(target=decide, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert outcomes == {200: 1, 412: 19}
        assert ann.ask("GET", f"{EVENTS}/{event['id']}").json()["version"] == version + 1
    engines.dispose()


def test_concurrent_copies_of_one_link_make_one_source(database: DatabaseUrls) -> None:
    spellings = [
        "https://x.com/one/status/1500000000000000001",
        "https://twitter.com/One/status/1500000000000000001?s=20",
        "https://mobile.twitter.com/one/status/1500000000000000001",
        "https://fxtwitter.com/one/status/1500000000000000001/photo/1",
        "https://vxtwitter.com/i/status/1500000000000000001",
    ]
    engine = create_engine(
        database.app, pool_size=10, connect_args={"options": server_options(statement_seconds=0, lock_seconds=30)}
    )
    made: list[object] = []

    def add(number: int) -> None:
        with ReadWriteSession(engine) as session, session.begin():
            made.append(find_or_insert_source(session, SourceBody(url=spellings[number % 5], role="footage")))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(made) == 50
    assert len(set(made)) == 1
    with Session(engine) as session:
        ((canonical, given),) = session.execute(text("SELECT canonical_url, given_url FROM frontline.source")).all()
    assert canonical == "https://x.com/i/status/1500000000000000001"
    assert given in spellings
    engine.dispose()
