"""The states of an event: who may change them, at the desk and in the database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app import database
from app.access.rights import RIGHTS
from app.pages.desk.work_words import WorkWords
from app.publication.second_person import POLICIES
from app.publication.states import HIDE, SHOW, STEPS, database_steps
from tests.review.conftest import DRAFT, EVENTS, MEMBERS, Desk

if TYPE_CHECKING:
    from app.access.roles import Role
    from app.database.session import Sessions
    from app.theatre import Theatre
    from tests.builders import Builder

PUBLIC = "/api/collections/events/items"


def public_status(desk: Desk, event: dict[str, Any]) -> int:
    status: int = desk.client.get(f"{PUBLIC}/{event['id']}").status_code
    return status


def test_event_from_draft_to_withdrawal(ann: Desk, bea: Desk, edi: Desk) -> None:
    event = ann.draft()
    assert (event["state"], event["version"], public_status(ann, event)) == ("draft", 1, 404)
    assert ann.step(event, "submit").json()["state"] == "in_review"
    assert public_status(ann, event) == 404
    assert bea.step(event, "return", reason="Which road?").json()["state"] == "draft"
    assert ann.step(event, "submit").status_code == 200
    published = bea.step(event, "publish")
    assert published.json()["state"] == "published"
    assert published.json()["released_at"]
    assert public_status(ann, event) == 200
    assert edi.step(event, "withdraw", reason="It is of 2023.").json()["withdrawn_reason"] == "It is of 2023."
    assert public_status(ann, event) == 410
    assert Desk(ann.client, "Eva").step(event, "restore", reason="It is not.").json()["state"] == "published"
    assert public_status(ann, event) == 200
    revisions = ann.ask("GET", f"{EVENTS}/{event['id']}/revisions").json()["revisions"]
    steps = [one for one in revisions if one["relation"] == "event" and one["old"]]
    assert [(one["made_by"], one["old"]["state"], one["new"]["state"], one["reason"]) for one in reversed(steps)] == [
        ("Ann", "draft", "in_review", None),
        ("Bea", "in_review", "draft", "Which road?"),
        ("Ann", "draft", "in_review", None),
        ("Bea", "in_review", "published", None),
        ("Edi", "published", "withdrawn", "It is of 2023."),
        ("Eva", "withdrawn", "published", "It is not."),
    ]
    assert {one["member_id"] for one in revisions} <= {str(member.id) for member in MEMBERS.values()}


def test_author_and_submitter_do_not_decide(ann: Desk, bea: Desk, edi: Desk) -> None:
    event = ann.draft()
    assert bea.step(event, "submit").status_code == 200
    for desk in (ann, bea):
        assert desk.step(event, "publish").status_code == 403
    version = ann.ask("GET", f"{EVENTS}/{event['id']}").json()["version"]
    assert edi.ask("PUT", f"{EVENTS}/{event['id']}", DRAFT | {"title": "Better"}, version).status_code == 200
    assert edi.step(event, "publish").status_code == 403
    assert Desk(ann.client, "Eva").step(event, "publish").status_code == 200


def test_invalid_step_is_refused(ann: Desk, bea: Desk, edi: Desk) -> None:
    event = ann.published()
    assert bea.step(event, "publish").status_code == 409
    assert bea.step(event, "withdraw", reason="No").status_code == 403
    assert edi.step(event, "withdraw").status_code == 422
    assert Desk(ann.client, "Con").ask("GET", EVENTS).status_code == 403
    assert ann.client.get(EVENTS).status_code == 401
    version = ann.ask("GET", f"{EVENTS}/{event['id']}").json()["version"]
    assert ann.ask("PUT", f"{EVENTS}/{event['id']}", DRAFT, version).status_code == 403
    changed = edi.ask("PUT", f"{EVENTS}/{event['id']}", DRAFT | {"title": "Better"}, version)
    assert changed.json()["title"] == "Better"
    assert ann.client.get(f"{PUBLIC}/{event['id']}").json()["properties"]["title"] == "Better"


def test_invalid_body_names_its_field(ann: Desk) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"category": "party"}, "/category"),
        ({"origin": "nobody"}, "/origin"),
        ({"geometry": {"type": "Point", "coordinates": [400, 0]}}, "/geometry"),
        ({"geometry": {"type": ["Point"], "coordinates": [37, 48]}}, "/geometry"),
        ({"geometry": {"type": {"a": 1}, "coordinates": [37, 48]}}, "/geometry"),
        ({"geometry": {"type": None, "coordinates": [37, 48]}}, "/geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}}, "/geometry"),
        ({"happened_from": "2099-01-01T00:00:00Z", "happened_to": "2099-01-02T00:00:00Z"}, "/happened_from"),
        ({"title": "a\x00b"}, "/title"),
        ({"state": "published"}, "/state"),
        ({"authors": []}, "/authors"),
    ]
    for changes, field in cases:
        response = ann.ask("POST", EVENTS, DRAFT | changes)
        assert response.status_code == 422, changes
        assert [error["field"] for error in response.json()["errors"]] == [field]


def test_hidden_event_is_410_with_only_its_note(ann: Desk, edi: Desk) -> None:
    event, draft = ann.published(title="Seen at the well"), ann.draft()
    assert ann.step(event, "hide", reason="Her brother asked.", note="Hidden on request.").status_code == 200
    gone = ann.client.get(f"{PUBLIC}/{event['id']}")
    assert gone.status_code == 410
    assert gone.json()["detail"] == "Hidden on request."
    assert gone.json()["hidden"] is True
    assert "well" not in gone.text
    assert "brother" not in gone.text
    assert ann.step(draft, "hide", reason="The same.").status_code == 200
    assert public_status(ann, draft) == 404
    assert ann.step(event, "hide", reason="Again").status_code == 409
    assert ann.step(event, "show").status_code == 403
    assert edi.step(event, "show", reason="He is safe.").status_code == 200
    assert public_status(ann, event) == 200


def test_database_has_the_same_steps(sessions: Sessions) -> None:
    with sessions.writing() as session:
        rows = session.execute(text("SELECT from_state, to_state, role FROM frontline.publication_step")).all()
    assert {tuple(row) for row in rows} == database_steps()


def test_database_and_pages_have_the_same_reasons_for_a_second_member(theatre: Theatre) -> None:
    rule = (Path(database.__file__).parent / "sql" / "two_persons.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"why \|\| text '(\w+)'", rule)) == set(POLICIES)
    assert set(WorkWords("en", theatre).second) == set(POLICIES)


def test_route_rights_match_step_rights() -> None:
    least: dict[str, Role] = {name: step.least_role for name, step in STEPS.items()} | {"hide": HIDE, "show": SHOW}
    for name, role in least.items():
        assert RIGHTS[f"POST /api/desk/events/{{event_id}}/{name}"] is role


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("", "draft", "published"),
        ("analyst", "draft", "published"),
        ("analyst", "published", "withdrawn"),
        ("contributor", "draft", "in_review"),
        ("program", "in_review", "published"),
        ("program", "published", "withdrawn"),
        ("admin", "withdrawn", "draft"),
    ],
)
def test_database_refuses_other_steps(sessions: Sessions, build: Builder, role: str, before: str, after: str) -> None:
    build.event(state=before)
    with sessions.writing() as session:
        session.execute(text("SELECT set_config('frontline.role', :role, true)"), {"role": role})
        with pytest.raises(ProgrammingError, match="may not bring an event"):
            session.execute(text("UPDATE frontline.event SET state = :after, withdrawn_at = NULL"), {"after": after})


def test_database_rules_apply_to_every_writer(sessions: Sessions, build: Builder) -> None:
    event = build.event()
    for statement, refusal in (
        ("UPDATE frontline.event SET authors = ARRAY[id], published_by = id", "reviewed_by_another"),
        ("UPDATE frontline.event SET submitted_by = id, published_by = id", "reviewed_by_another"),
        ("DELETE FROM frontline.event", "not deleted"),
        ("DELETE FROM frontline.revision", "permission denied"),
        ("UPDATE frontline.revision SET made_by = 'x'", "permission denied"),
        ("INSERT INTO frontline.content_revision (transaction, made_at) VALUES (0, now())", "permission denied"),
    ):
        with sessions.writing() as session, pytest.raises(DBAPIError, match=refusal):
            session.execute(text(statement))
    draft = build.event(state="draft")
    with sessions.writing() as session:
        session.execute(text("DELETE FROM frontline.event WHERE id = :id"), {"id": draft})
        session.execute(text("SELECT set_config('frontline.role', 'analyst', true)"))
        with pytest.raises(ProgrammingError, match="begins with a draft"):
            session.execute(
                text(
                    "INSERT INTO frontline.event (id, origin, title, category, shape, happened_from, happened_to,"
                    " time_precision, verification, state) SELECT gen_random_uuid(), origin, title, category, shape,"
                    " happened_from, happened_to, time_precision, verification, 'published' FROM frontline.event"
                    " WHERE id = :id"
                ),
                {"id": event},
            )


def test_confirmed_requires_two_independent_sources(ann: Desk, sessions: Sessions) -> None:
    event = ann.draft()
    path = f"{EVENTS}/{event['id']}"

    def add(url: str) -> Any:
        version = ann.ask("GET", path).json()["version"]
        return ann.ask("POST", f"{path}/sources", {"url": url, "role": "footage"}, version)

    def confirm() -> int:
        version = ann.ask("GET", path).json()["version"]
        status: int = ann.ask("PUT", path, DRAFT | {"verification": "confirmed"}, version).status_code
        return status

    assert confirm() == 409
    for url in ("https://x.com/one/status/1", "https://x.com/one/status/2", "https://x.com/i/status/3"):
        assert add(url).status_code == 200
    assert confirm() == 409  # one account, and one that is not known
    second = add("https://x.com/two/status/4").json()["sources"][-1]["id"]
    assert confirm() == 200
    version = ann.ask("GET", path).json()["version"]
    assert ann.ask("DELETE", f"{path}/sources/{second}", version=version).status_code == 409
    with sessions.writing() as session:
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        session.execute(text("DELETE FROM frontline.event_source WHERE source_id = :id"), {"id": second})
        with pytest.raises(IntegrityError, match="fewer than two independent"):
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
