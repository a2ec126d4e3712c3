"""An installation with dates that are not allowed upgrades: the rows are kept and listed, the
public does not see them, and members correct or withdraw them.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from app.database.engines import open_engines
from app.database.migrations import downgrade, upgrade
from app.database.rows_to_correct import MOST_LISTED, read_rows_to_correct
from app.database.session import Sessions
from app.derived.event_columns import rebuild_stale_parts
from app.main import create_app
from tests.conftest import make_settings
from tests.events import reader
from tests.review.conftest import DRAFT, Desk, member_from_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

BEFORE_THE_RULE: Final = "0014"
ALLOWED: Final = "allowed"
EVENTS: Final = {
    "year 25": ("0025-07-01", "0025-07-02"),
    "year 205": ("0205-07-01", "0205-07-02"),
    "year 1025": ("1025-07-01", "1025-07-02"),
    "year 9999": ("9999-07-01", "9999-07-02"),
    "until 9999": ("2025-07-21", "9999-12-31"),
    # Only SQL can have written these; Python cannot read them.
    "year 12025": ("12025-07-01", "12025-07-02"),
    "before Christ": ("0044-03-15 BC", "0044-03-16 BC"),
    ALLOWED: ("2025-07-21", "2025-07-22"),
    **{f"number {number}": ("1205-07-01", "1205-07-02") for number in range(MOST_LISTED)},
}
IDS: Final = {title: str(uuid.uuid5(uuid.NAMESPACE_URL, title)) for title in EVENTS}
EVENT: Final = text("""
    INSERT INTO frontline.event (id, origin, origin_id, title, category, shape, happened_from, happened_to,
        time_precision, verification, state, released_at)
    VALUES (:id, 'desk', :title, :title, 'clash', 'SRID=4326;POINT(37 48)', CAST(:start AS timestamptz),
        CAST(:end AS timestamptz), 'day', 'reported', 'published', now())
""")
# What an earlier version derived.
POINTS: Final = text("""
    INSERT INTO frontline.event_point (id, month, starts, is_point, tallied, morton, x, y, day, days, happened_from,
        happened_to, category, verification, origin, time_precision)
    SELECT id, 0, true, true, true, 0, 0, 0, '0025-07-01', 1, happened_from, happened_to, category, verification,
        origin, time_precision
    FROM frontline.event
""")
OTHERS: Final = (
    "INSERT INTO frontline.assessor (slug, definition) VALUES ('desk', 'All')",
    "INSERT INTO frontline.assessment (id, assessor, valid_from, covers, shape_digest, state, released_at)"
    " VALUES (gen_random_uuid(), 'desk', '0025-07-01', ARRAY['occupied'], sha256(''), 'published', now())",
    "INSERT INTO frontline.submission (id, kind, tracking_hash, footage_urls, spot, happened_from, happened_to,"
    " time_precision, description) VALUES (gen_random_uuid(), 'footage', '\\x01', ARRAY['https://t.me/a/1'],"
    " 'SRID=4326;POINT(37 48)', '2025-07-21', '9999-12-31', 'day', E'Bell\\x07')",
)


@pytest.fixture
def upgraded(database: DatabaseUrls) -> list[str]:
    """Upgrades a database with forbidden dates; returns what the migration said."""
    downgrade(database.owner, BEFORE_THE_RULE)
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO frontline.origin (slug, name, public) VALUES ('desk', 'Desk', true)"))
        for title, (start, end) in EVENTS.items():
            connection.execute(EVENT, {"id": IDS[title], "title": title, "start": start, "end": end})
        connection.execute(POINTS)
        for statement in OTHERS:
            connection.execute(text(statement))
    engine.dispose()
    said: list[str] = []
    upgrade(database.owner, say=said.append)
    return said


@pytest.fixture
def client(database: DatabaseUrls, upgraded: list[str], theatre: Theatre, tmp_path: Path) -> Iterator[TestClient]:
    """A client of the upgraded installation, whose columns are up to date."""
    assert upgraded
    settings = make_settings(tmp_path)
    with open_engines(database, settings) as engines:
        sessions = Sessions(engines)
        with sessions.writing() as session:
            rebuild_stale_parts(session, theatre)
        app = create_app(settings, theatre, sessions)
        app.state.authenticate = member_from_header
        with TestClient(app, base_url="http://localhost") as client:
            yield client


def test_migration_lists_and_keeps_the_rows(database: DatabaseUrls, upgraded: list[str]) -> None:
    listed = "\n".join(upgraded)
    assert f"{MOST_LISTED + 7} events with dates that are not allowed" in listed
    assert f"{IDS['year 25']}  desk/year 25  0025-07-01 to 0025-07-02  year 25" in listed
    assert "0044-03-15 BC" in listed
    assert "  and 7 more" in upgraded
    assert "1 submission with dates that are not allowed" in listed
    assert "Bell\N{REPLACEMENT CHARACTER}" in listed
    assert "1 assessment with dates that are not allowed" in listed
    assert IDS[ALLOWED] not in listed
    assert set(read_rows_to_correct(database.app)) <= set(upgraded)
    again: list[str] = []
    upgrade(database.owner, say=again.append)
    assert again == read_rows_to_correct(database.owner)
    # A marked row takes no other forbidden dates.
    engine = create_engine(database.app)
    with engine.connect() as connection:
        for start in ("0026-07-01", "8888-07-01"):
            with pytest.raises(IntegrityError), connection.begin():
                connection.execute(
                    text(
                        "UPDATE frontline.event SET happened_from = CAST(:start AS timestamptz),"
                        " happened_to = CAST(:start AS timestamptz) + interval '1 day' WHERE id = :id"
                    ),
                    {"start": start, "id": IDS["year 25"]},
                )
    engine.dispose()


def test_public_sees_only_allowed_dates(client: TestClient) -> None:
    items = client.get("/api/collections/events/items").json()["features"]
    assert [item["properties"]["title"] for item in items] == [ALLOWED]
    assert client.get(f"/events/{IDS['year 9999']}").status_code == 404
    manifest = reader.manifest(client)
    assert (manifest["events"], manifest["first_day"], manifest["last_day"]) == (1, "2025-07-21", "2025-07-21")
    histogram = client.get("/api/collections/events/histogram")
    assert histogram.json()["counts"] == [1]
    assert len(histogram.content) < 200
    assert client.get("/api/territory/assessors").json()["assessors"] == []
    assert client.get("/").status_code == 200


def test_members_correct_and_withdraw_events(client: TestClient) -> None:
    desk = Desk(client, "Edi")

    def event(title: str) -> dict[str, Any]:
        shown: dict[str, Any] = desk.ask("GET", f"/api/desk/events/{IDS[title]}").json()
        return shown

    assert event("year 25")["misdated"] is True
    assert event(ALLOWED)["misdated"] is False
    path = f"/api/desk/events/{IDS['year 25']}"
    unchanged = DRAFT | {"happened_from": "0025-07-01T00:00:00Z", "happened_to": "0025-07-02T00:00:00Z"}
    assert desk.ask("PUT", path, unchanged, event("year 25")["version"]).status_code == 422
    assert desk.ask("PUT", path, DRAFT, event("year 25")["version"]).status_code == 200
    assert event("year 25")["misdated"] is False
    titles = [item["properties"]["title"] for item in client.get("/api/collections/events/items").json()["features"]]
    assert sorted(titles) == sorted([ALLOWED, DRAFT["title"]])
    assert client.get("/api/collections/events/histogram").json()["counts"] == [2]

    for path in (
        *("/api/desk/events?state=published", "/api/desk/bulk/events?state=published", "/api/desk/queue"),
        *(f"/api/desk/events/{IDS[title]}" for title in EVENTS),
        *(f"/api/desk/events/{IDS[title]}/near-duplicates" for title in ("year 205", "year 9999", "until 9999")),
    ):
        assert desk.ask("GET", path).status_code == 200, path
    for title in ("year 9999", "until 9999", "year 12025", "before Christ"):
        assert desk.step(event(title), "withdraw", reason="A typing error").status_code == 200
        assert event(title)["state"] == "withdrawn"
        assert event(title)["misdated"] is True
        assert Desk(client, "Eva").step(event(title), "restore", reason="No").status_code == 409
    assert desk.step(event("year 1025"), "hide", reason="Somebody asked").status_code == 200
