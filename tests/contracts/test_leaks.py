"""What strangers send reveals no hidden data; each role of the database reads what it may.

`test_differential.py` compares all public answers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.access.rights import RIGHTS
from app.derived.line_history import update_line_history
from app.models import CategoryPolicy, Comment, EventPlace, Submission, SubmissionMessage
from tests.builders import moment
from tests.conftest import make_settings
from tests.contracts.crawl import Crawl, any_id, read, routes, stable_text
from tests.events import reader

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from app.settings import Settings
    from tests.builders import Builder

LATER: Final = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).replace(microsecond=0)
DAY: Final = "2025-07-21"
# Each hidden record has a marker word and a place of its own; no word is part of another.
KINDS: Final = (
    *("submission", "draft", "inreview", "embargoed", "withdrawn", "hidden", "forbidden", "origin", "source"),
    *("drafted-area", "claimed"),
)


@dataclass(frozen=True)
class HiddenRecord:
    """A hidden record: the `id` of its event or submission, and all its ids."""

    kind: str
    id: str
    ids: tuple[str, ...]

    @property
    def word(self) -> str:
        """The marker word in all its texts."""
        return word_of(self.kind)


def word_of(kind: str) -> str:
    return f"quagga{KINDS.index(kind):02d}x"


def place_of(kind: str) -> tuple[float, float]:
    number = KINDS.index(kind)
    return round(36.50321 + number * 0.01007, 5), round(47.90765 + number * 0.01003, 5)


def link_of(kind: str) -> str:
    return f"https://{word_of(kind)}.example/post"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without rate limits for the crawl."""
    return make_settings(tmp_path, submissions_per_minute=10_000, submissions_per_hour=100_000)


@pytest.fixture
def zebra(build: Builder) -> str:
    """One public event with a source and a claim, and one public area with its history for
    browsers.
    """
    event = build.event("A zebra", at=(37.5, 48.5))
    build.claim(event, source_id=build.source(event, "https://example.org/zebra"))
    area = build.area("zebra area", west=39.0, valid_from=moment(DAY))
    build.claim(None, area_id=area, about="area")
    update_line_history(build.session, "desk")
    build.session.commit()
    return str(event)


def insert_hidden_records(build: Builder, zebra: str) -> list[HiddenRecord]:
    """Inserts hidden records of every kind, each with its marker word in all its texts."""
    build.session.add(CategoryPolicy(category="position", forbidden_for=["ua"]))
    build.session.commit()
    now = dt.datetime.now(dt.UTC)
    states: dict[str, dict[str, Any]] = {
        "draft": {"state": "draft"},
        "inreview": {"state": "in_review"},
        "embargoed": {"public_from": LATER},
        "withdrawn": {"state": "withdrawn", "withdrawn_reason": "Taken back."},
        "hidden": {"hidden_at": now, "released_at": now - dt.timedelta(days=1)},
        "forbidden": {"category": "position", "affected": "ua"},
        "origin": {"origin": build.origin(word_of("origin"), public=False)},
    }
    hidden_records = []
    for kind, state in states.items():
        word = word_of(kind)
        event = build.event(f"{word} title", description=f"{word} text", at=place_of(kind), **state)
        source = build.source(event, link_of(kind), name=f"{word} source", author=word, publisher=word)
        claim = build.claim(event, f"{word} party", statement=word, source_id=source, chain=[word])
        build.session.add(EventPlace(event_id=event, position=0, as_spelled=word))
        build.session.commit()
        hidden_records.append(HiddenRecord(kind, str(event), (str(event), str(source), str(claim))))
    return [*hidden_records, *_insert_other_hidden_records(build, zebra)]


def _insert_other_hidden_records(build: Builder, zebra: str) -> list[HiddenRecord]:
    """Inserts hidden records other than events: a submission, a source of a public event, claims,
    an area.
    """
    import uuid

    event = uuid.UUID(zebra)
    word = word_of("source")
    source = build.source(event, link_of("source"), name=word, author=word, publisher=word, status="hidden")
    claim = build.claim(event, f"{word} party", statement=word, source_id=source)
    area = build.area(word_of("drafted-area"), west=place_of("drafted-area")[0], state="draft")
    about = build.claim(None, word_of("claimed"), statement=word_of("claimed"), area_id=area, about="area")
    lon, lat = place_of("submission")
    submission = Submission(
        kind="footage",
        tracking_hash=b"\0" * 32,
        footage_urls=[link_of("submission")],
        spot=f"SRID=4326;POINT({lon} {lat})",
        happened_from=moment(DAY),
        happened_to=moment("2025-07-22"),
        time_precision="day",
        description=word_of("submission"),
    )
    build.session.add(submission)
    build.session.flush()
    for kind in (Comment, SubmissionMessage):
        whose = {"member_id": uuid.uuid4(), "made_by": "quagga member", "text": "quagga text"}
        voice = {"by_sender": False} if kind is SubmissionMessage else {}
        build.session.add(kind(submission_id=submission.id, **whose, **voice))
    build.session.commit()
    return [
        HiddenRecord("source", str(source), (str(source), str(claim))),
        HiddenRecord("drafted-area", str(area), (str(area),)),
        HiddenRecord("claimed", str(about), (str(about),)),
        HiddenRecord("submission", str(submission.id), (str(submission.id),)),
    ]


def set_clock(sessions: Sessions, clock: dt.datetime) -> None:
    with sessions.writing() as session:
        session.execute(text("SELECT set_config('frontline.now', :now, false)"), {"now": clock.isoformat()})
        session.commit()


def test_public_requests_do_not_reveal_hidden_data(
    app: FastAPI, client: TestClient, build: Builder, sessions: Sessions, zebra: str
) -> None:
    """Near duplicates and "already on the map" are probed with every hidden place, time and
    link.
    """
    hidden_records = insert_hidden_records(build, zebra)
    probed = 0
    for clock in (dt.datetime.now(dt.UTC), LATER - dt.timedelta(seconds=1)):
        set_clock(sessions, clock)
        for one in hidden_records:
            lon, lat = place_of(one.kind)
            body = {
                "footage_urls": [link_of(one.kind)],
                "longitude": lon,
                "latitude": lat,
                "happened_from": DAY,
                "time_precision": "day",
                "description": f"{one.word} title {one.word} text",
            }
            assert client.post("/api/submissions/check", json=body).json() == {
                "errors": [],
                "warnings": [],
                "nearby": [],
            }
            assert client.post("/api/submissions", json=body).status_code == 202, one.kind
            problem = {"kind": "other", "description": "Look again."}
            for hidden in one.ids:
                answer = client.post("/api/submissions/problems", json=problem | {"event_id": hidden})
                nothing = client.post("/api/submissions/problems", json=problem | {"event_id": any_id()})
                assert (answer.status_code, answer.json()) == (nothing.status_code, nothing.json()), one.kind
            # Every other route with a body that strangers may send: no trace and no server error.
            for route in routes(app):
                if route.method in {"POST", "PUT", "PATCH", "DELETE"} and not route.for_members:
                    path = Crawl(app, client, [one.id], {}, []).filled(route.template)[0]
                    form = {name: str(value) for name, value in body.items()}
                    for response in (
                        client.request(route.method, path, json=body),
                        client.request(route.method, path, data=form),
                    ):
                        assert response.status_code < 500, path
                        lowered_text = read(response).lower()
                        assert not any(trace in lowered_text and trace not in path for trace in one.ids), path
                        probed += 1
    assert probed >= 50


def test_hidden_id_is_answered_like_unknown_id(client: TestClient, build: Builder, zebra: str) -> None:
    for one in insert_hidden_records(build, zebra):
        if one.kind in {"withdrawn", "hidden"}:
            continue
        for template in ("/api/collections/events/items/{}", "/events/{}"):
            nothing = any_id()
            response, expected = (client.get(template.format(what)) for what in (one.id, nothing))
            assert response.status_code == expected.status_code == 404
            assert stable_text(response.text).replace(one.id, "") == stable_text(expected.text).replace(nothing, "")


def test_tombstone_contains_only_time_and_reason(client: TestClient, build: Builder, zebra: str) -> None:
    hidden_records = {one.kind: one for one in insert_hidden_records(build, zebra)}
    for kind, hidden in (("withdrawn", False), ("hidden", True)):
        for accept in ("*/*", "text/html"):
            page = client.get(f"/events/{hidden_records[kind].id}", headers={"Accept": accept})
            assert page.status_code == 410
            assert hidden_records[kind].word not in page.text
        gone = client.get(f"/api/collections/events/items/{hidden_records[kind].id}").json()
        assert gone["hidden"] is hidden
        assert gone.get("detail") == ("Taken back." if kind == "withdrawn" else None)


def test_member_routes_refuse_strangers(app: FastAPI, client: TestClient, build: Builder, zebra: str) -> None:
    hidden_records = insert_hidden_records(build, zebra)
    request_count = 0
    for route in routes(app):
        assert route.for_members or not route.template.startswith("/api/desk"), route
        if not route.for_members:
            assert f"{route.method} {route.template}" not in RIGHTS, "a right that no route requires"
            continue
        assert f"{route.method} {route.template}" in RIGHTS, route
        for one in hidden_records:
            path = Crawl(app, client, [one.id], {}, []).filled(route.template)[0]
            response = client.request(route.method, path, json={}, headers={"If-Match": '"1"'})
            assert response.status_code in {401, 403}, path
            assert one.word not in response.text
            request_count += 1
    assert request_count >= 100
    assert {f"{route.method} {route.template}" for route in routes(app)} >= RIGHTS.keys()


def test_public_event_is_visible(client: TestClient, build: Builder, zebra: str) -> None:
    insert_hidden_records(build, zebra)
    assert client.get("/api/collections/events/items").json()["features"][0]["properties"]["title"] == "A zebra"
    assert len(reader.filtered(client)) == 1


def test_public_role_reads_only_public_views(sessions: Sessions) -> None:
    with sessions.writing() as session:
        relations = session.execute(
            text("""
                SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'frontline' AND c.relkind IN ('r', 'v', 'm', 'p')
            """)
        ).all()
    assert len(relations) > 20
    for name, _ in relations:
        with sessions.public() as session:
            question = text(f'SELECT count(*) FROM frontline."{name}"')  # noqa: S608 - a name from the catalogue
            if name.startswith("public_"):
                session.execute(question)
            else:
                with pytest.raises(ProgrammingError, match="permission denied"):
                    session.execute(question)
        with (
            sessions.public() as session,
            pytest.raises(DBAPIError, match=r"permission denied|cannot"),
        ):
            session.execute(text(f'DELETE FROM frontline."{name}"'))  # noqa: S608 - a name from the catalogue


def test_only_triggers_are_security_definer(sessions: Sessions) -> None:
    """Except one function that the public may not call: it analyzes tables and returns nothing."""
    with sessions.writing() as session:
        functions = session.execute(
            text("""
                SELECT p.proname, has_function_privilege('frontline_public', p.oid, 'EXECUTE') FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = 'frontline' AND p.prosecdef AND p.prorettype <> 'trigger'::regtype
            """)
        ).all()
    assert [tuple(row) for row in functions] == [("analyze_imported", False)]


def test_application_role_cannot_change_schema(sessions: Sessions) -> None:
    for statement in (
        "CREATE TABLE frontline.x ()",
        "DROP TABLE frontline.event",
        "CREATE TABLE public.x ()",
        "ALTER TABLE frontline.event DISABLE TRIGGER ALL",
        "CREATE OR REPLACE VIEW frontline.public_event AS SELECT * FROM frontline.event",
        "DROP FUNCTION frontline.apply_policy CASCADE",
        "TRUNCATE frontline.event CASCADE",
    ):
        with sessions.writing() as session, pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            session.execute(text(statement))
