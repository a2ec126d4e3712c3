"""What lies at 0, 0 or within a kilometre of it is not public, through no door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import create_engine, text

from app.database.migrations import downgrade, upgrade
from app.database.rows_to_correct import read_rows_to_correct
from app.exchange.events_csv import read_events_csv
from app.exchange.events_geojson import read_events_geojson
from app.geo.null_island import is_null_island
from tests.dates import NOW
from tests.exchange.test_import_geojson import feature
from tests.review.conftest import DRAFT, EVENTS, Desk, ann, bea

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.database.engines import DatabaseUrls
    from app.exchange.records import Row
    from app.theatre import Theatre

__all__ = ["ann", "bea"]

# Longitude, latitude, and whether it is refused.
POSITIONS: Final = {
    "zero": (0.0, 0.0, True),
    "1 km east": (0.00898, 0.0, True),
    "1 km south": (0.0, -0.00904, True),
    "2 km north": (0.0, 0.018, False),
    "Greenwich": (0.0, 51.48, False),
    "Pokrovsk": (37.18, 48.28, False),
}
EVENT: Final = """
    INSERT INTO frontline.event (id, origin, origin_id, title, category, shape, happened_from, happened_to,
        time_precision, verification, state)
    VALUES (gen_random_uuid(), 'desk', :title, :title, 'clash', ST_GeomFromText(:shape, 4326), '2025-07-21',
        '2025-07-22', 'day', 'geolocated', 'published')
"""
LINE: Final = "LINESTRING(37 48, 0 0)"
ORIGIN: Final = "INSERT INTO frontline.origin (slug, name, public) VALUES ('desk', 'Desk', true)"


def test_rule() -> None:
    assert {name: is_null_island(*position[:2]) for name, position in POSITIONS.items()} == {
        name: refused for name, (_, _, refused) in POSITIONS.items()
    }


def refused(rows: Iterator[Row]) -> dict[str, bool]:
    return {row.id: row.refused is not None and row.refused.reason.startswith("0, 0 usually means") for row in rows}


WANTED: Final = {name: one[2] for name, one in POSITIONS.items()}


def test_csv(theatre: Theatre) -> None:
    lines = ["id,lon,lat,date,text", *(f"{name},{one[0]},{one[1]},2025-07-21,A" for name, one in POSITIONS.items())]
    # 2 km north of 0, 0 is refused for another reason: a lost first digit, or none.
    assert (
        refused(read_events_csv(iter(lines), theatre, origin="desk", now=NOW, report_unknown=lambda _: None)) == WANTED
    )


def test_geojson(theatre: Theatre) -> None:
    features = [
        feature(id=name) | {"geometry": {"type": "Point", "coordinates": one[:2]}} for name, one in POSITIONS.items()
    ]
    features.append(
        feature(id="line") | {"geometry": {"type": "LineString", "coordinates": [[37.0, 48.0], [0.0, 0.0]]}}
    )
    lines = iter([json.dumps({"type": "FeatureCollection", "features": features})])
    rows = read_events_geojson(lines, theatre, origin="desk", now=NOW, report_unknown=lambda _: None)
    assert refused(rows) == WANTED | {"line": True}


def fields_at_desk(response: Any) -> list[str]:
    return [error["field"] for error in response.json()["errors"]] if response.status_code == 422 else []


@pytest.mark.parametrize("name", POSITIONS)
def test_desk(ann: Desk, name: str) -> None:
    longitude, latitude, is_refused = POSITIONS[name]
    body = DRAFT | {"geometry": {"type": "Point", "coordinates": [longitude, latitude]}}
    wanted = ["/geometry"] * is_refused
    assert fields_at_desk(ann.ask("POST", f"{EVENTS}/check", body)) == wanted
    assert fields_at_desk(ann.ask("POST", EVENTS, body)) == wanted


def test_database(connection: Connection, client: TestClient) -> None:
    connection.execute(text(ORIGIN))
    shapes = {name: f"POINT({one[0]} {one[1]})" for name, one in POSITIONS.items()} | {"line": LINE}
    for name, shape in shapes.items():
        connection.execute(text(EVENT), {"title": name, "shape": shape})
    public = {name for name, is_refused in WANTED.items() if not is_refused}
    assert {*connection.scalars(text("SELECT title FROM frontline.public_event"))} == public
    shown = client.get("/api/collections/events/items").json()["features"]
    assert {one["properties"]["title"] for one in shown} == public
    connection.execute(text("UPDATE frontline.event SET shape = 'SRID=4326;POINT(37 48)' WHERE title = 'zero'"))
    assert {*connection.scalars(text("SELECT title FROM frontline.public_event"))} == public | {"zero"}


def test_draft_from_sql_is_not_published(connection: Connection, ann: Desk, bea: Desk) -> None:
    event = ann.draft()
    connection.execute(text("UPDATE frontline.event SET shape = 'SRID=4326;POINT(0 0)'"))
    version = connection.scalar(text("SELECT version FROM frontline.event"))
    version = ann.ask("POST", f"{EVENTS}/{event['id']}/submit", {}, version).json()["version"]
    answer = bea.ask("POST", f"{EVENTS}/{event['id']}/publish", {}, version)
    assert (answer.status_code, answer.json()["detail"][:34]) == (409, "The place of this event is 0, 0, s")


def test_earlier_events_are_listed_and_not_public(database: DatabaseUrls) -> None:
    downgrade(database.owner, "0016")
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        connection.execute(text(ORIGIN))
        # No trigger exists between two migrations, so this is an event of an earlier version.
        for name in ("zero", "Pokrovsk"):
            shape = f"POINT({POSITIONS[name][0]} {POSITIONS[name][1]})"
            connection.execute(text(EVENT), {"title": name, "shape": shape})
        connection.execute(text("UPDATE frontline.event SET released_at = now(), barred = false"))
    said: list[str] = []
    upgrade(database.owner, say=said.append)
    listed = read_rows_to_correct(database.app)
    assert listed[0].startswith("1 event with the place 0, 0")
    assert "desk/zero" in listed[1]
    assert set(listed) <= set(said)
    with engine.connect() as connection:
        assert [*connection.scalars(text("SELECT title FROM frontline.public_event"))] == ["Pokrovsk"]
        assert connection.scalar(text("SELECT count(*) FROM frontline.event_point")) == 1
    engine.dispose()
