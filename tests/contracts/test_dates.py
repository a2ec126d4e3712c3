"""The same table of dates at every door: each refuses the same dates, and names the same field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.exchange.events_csv import read_events_csv
from app.exchange.events_geojson import read_events_geojson
from app.exchange.territory.drawings import FileRefused
from app.exchange.territory.preparing import Preparation
from app.fields.happened import happened_faults
from tests.dates import DATES, NOW, Dates, at
from tests.exchange.test_import_geojson import feature
from tests.review.conftest import DRAFT, EVENTS, Desk, ann, bea
from tests.submissions.test_submit import body as footage
from tests.territory.test_shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.exchange.records import Row
    from app.theatre import Theatre
    from tests.builders import Builder

__all__ = ["ann", "bea"]

every_range = pytest.mark.parametrize("dates", [pytest.param(dates, id=name) for name, dates in DATES.items()])
EVENT: Final = """
    INSERT INTO frontline.event
        (id, origin, title, category, shape, happened_from, happened_to, time_precision, verification)
    VALUES (gen_random_uuid(), 'desk', 'A title', 'clash', 'SRID=4326;POINT(37 48)', :start, :end, 'minute', 'reported')
"""
SUBMISSION: Final = """
    INSERT INTO frontline.submission
        (id, kind, tracking_hash, footage_urls, spot, happened_from, happened_to, time_precision)
    VALUES (gen_random_uuid(), 'footage', '\\x01', ARRAY['https://t.me/a/1'], 'SRID=4326;POINT(37 48)', :start, :end,
        'minute')
"""
ASSESSMENT: Final = """
    INSERT INTO frontline.assessment (id, assessor, valid_from, covers, shape_digest)
    VALUES (gen_random_uuid(), 'desk', :start, ARRAY['occupied'], sha256(''))
"""


@every_range
def test_rule(dates: Dates) -> None:
    assert [fault.field for fault in happened_faults(dates.start, dates.end, now=NOW)][:1] == [dates.fault] * bool(
        dates.fault
    )


def is_stored(connection: Connection, statement: str, dates: Dates) -> bool:
    connection.execute(
        text("INSERT INTO frontline.origin (slug, name, public) VALUES ('desk', 'Desk', false) ON CONFLICT DO NOTHING")
    )
    connection.execute(
        text("INSERT INTO frontline.assessor (slug, definition) VALUES ('desk', 'All') ON CONFLICT DO NOTHING")
    )
    try:
        with connection.begin_nested():
            connection.execute(text(statement), {"start": dates.start, "end": dates.end})
    except IntegrityError:
        return False
    return True


@every_range
@pytest.mark.parametrize("statement", [EVENT, SUBMISSION], ids=["event", "submission"])
def test_database(connection: Connection, statement: str, dates: Dates) -> None:
    assert is_stored(connection, statement, dates) == (not dates.fault)


@every_range
def test_assessments_in_the_database(connection: Connection, dates: Dates) -> None:
    assert is_stored(connection, ASSESSMENT, dates) == (dates.fault != "happened_from")


def test_infinity_is_refused_by_the_database(connection: Connection) -> None:
    for start, end in (("-infinity", "2025-01-01"), ("2025-01-01", "infinity"), ("infinity", "infinity")):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(EVENT.replace(":start", f"'{start}'").replace(":end", f"'{end}'")))


def test_form_and_submissions(client: TestClient) -> None:
    assert {
        name: {error["field"] for error in client.post("/api/submissions/check", json=sent).json()["errors"]}
        for name, dates in DATES.items()
        if (sent := footage(time_precision="minute", **dates.wire()))
    } == {
        # The theatre's first day binds submissions, and no other door.
        name: ({f"/{dates.fault}"} - {"/"}) | ({"/happened_from"} if dates.start.year < 2022 else set())
        for name, dates in DATES.items()
    }


def faults_at_desk(response: Any) -> set[str]:
    assert response.status_code in {200, 201, 422}, response.text
    return {error["field"] for error in response.json()["errors"]} if response.status_code == 422 else set()


def test_desk(ann: Desk) -> None:
    event = ann.draft()
    wanted = {name: {f"/{dates.fault}"} - {"/"} for name, dates in DATES.items()}
    bodies = {name: DRAFT | dates.wire() for name, dates in DATES.items()}
    assert {name: faults_at_desk(ann.ask("POST", f"{EVENTS}/check", body)) for name, body in bodies.items()} == wanted
    for method, path in (("POST", EVENTS), ("PUT", f"{EVENTS}/{event['id']}")):
        for name in ("year 25", "year 9999", "until 9999"):
            assert faults_at_desk(ann.ask(method, path, bodies[name], event["version"])) == wanted[name], method


def refused_fields(rows: Iterator[Row]) -> dict[str | None, str]:
    return {row.id: row.refused.field if row.refused else "" for row in rows}


def test_csv(theatre: Theatre) -> None:
    lines = ["id,lat,lon,happened_from,happened_to,title"]
    lines += [f"{name},48.2,37.1,{','.join(dates.wire().values())},A title" for name, dates in DATES.items()]
    rows = read_events_csv(iter(lines), theatre, origin="desk", now=NOW, report_unknown=lambda _: None)
    assert refused_fields(rows) == {name: dates.fault for name, dates in DATES.items()}


@pytest.mark.parametrize("date", ["0025-07-01", "0001", "1025-07", "1899-12-31", "9999-12-30", "9999"])
def test_csv_with_one_date(theatre: Theatre, date: str) -> None:
    lines = ["id,lat,lon,date,title", f"a,48.2,37.1,{date},A title"]
    rows = read_events_csv(iter(lines), theatre, origin="desk", now=NOW, report_unknown=lambda _: None)
    assert refused_fields(rows) == {"a": "date"}


def test_geojson(theatre: Theatre) -> None:
    features = [feature(id=name, **dates.wire()) for name, dates in DATES.items()]
    lines = iter([json.dumps({"type": "FeatureCollection", "features": features})])
    rows = read_events_geojson(lines, theatre, origin="desk", now=NOW, report_unknown=lambda _: None)
    assert refused_fields(rows) == {name: dates.fault for name, dates in DATES.items()}


@every_range
def test_areas(theatre: Theatre, dates: Dates) -> None:
    preparation = Preparation("areas-geojson", theatre, NOW, dates.start)
    try:
        preparation.snapshots("square.geojson", (SHAPES / "square.geojson").read_bytes())
    except FileRefused:
        assert dates.fault == "happened_from"
    else:
        assert dates.fault != "happened_from"


EVENTS_URL: Final = "/api/collections/events"
EXTREMES: Final = (
    *(f"{EVENTS_URL}/{path}?datetime=0001-01-01/9999-12-31" for path in ("items", "columns", "histogram")),
    *(f"{EVENTS_URL}/histogram?datetime={dates}" for dates in ("../9999-12-31", "0001-01-01", "9999-12-31")),
    *(f"/api/collections/control-areas/items?state_at={day}" for day in ("0001-01-01", "9999-12-31")),
    "/api/collections/front-lines/items?datetime=0001-01-01/9999-12-31",
    "/api/territory/change?from=0001-01-01&to=9999-12-31",
    "/api/territory/ground?position=37.1,48.2&state_at=9999-12-31T23:59:59Z",
    "/?from=0001-01-01&to=9999-12-31",
)


@pytest.mark.parametrize("url", EXTREMES)
def test_dates_of_a_request_do_not_make_its_answer_large(client: TestClient, build: Builder, url: str) -> None:
    build.event(happened=("1900-01-01", "1900-01-02"))
    build.event(happened=("2025-07-21", "2025-07-22"))
    build.area(valid_from=at("1900-01-01"))
    answer = client.get(url)
    assert answer.status_code < 500
    # A histogram has a number for each day from the first event to the last.
    assert len(answer.content) < 120_000


def test_dates_in_the_future_are_refused_by_the_clock_of_the_database(connection: Connection) -> None:
    past = Dates(DATES["today"].start, DATES["today"].end)
    connection.execute(text("SELECT set_config('frontline.now', '2020-01-01', true)"))
    assert not is_stored(connection, EVENT, past)
    connection.execute(text("SELECT set_config('frontline.now', '', true)"))
    assert is_stored(connection, EVENT, past)


def test_nobody_marks_a_row(connection: Connection) -> None:
    """Only the migration marks rows as older than the rule."""
    assert is_stored(connection, EVENT, DATES["today"])
    connection.execute(text("UPDATE frontline.event SET misdated = true"))
    assert connection.scalar(text("SELECT misdated FROM frontline.event")) is False
    marked = EVENT.replace("(id,", "(misdated, id,").replace("VALUES (", "VALUES (true, ")
    assert not is_stored(connection, marked, DATES["year 25"])
