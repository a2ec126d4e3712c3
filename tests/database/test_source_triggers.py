"""Adding, removing or reclassifying a source makes the days of its public events stale, nothing
else.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from app.database.listener import CHANNEL
from app.database.session import ReadWriteSession
from tests.builders import Builder

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.database.engines import DatabaseUrls

DAY = dt.date(2025, 7, 21)
STALE = [(DAY, False)]


def stale(connection: Connection) -> list[tuple[dt.date, bool]]:
    """Returns the stale days and deletes them."""
    found = connection.execute(text("DELETE FROM frontline.event_columns_stale RETURNING day, removal")).all()
    return sorted((row.day or dt.date.max, row.removal) for row in found)


def run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


@pytest.fixture(autouse=True)
def nothing_stale(connection: Connection) -> None:
    """Deletes the stale days; in a new database every day is stale."""
    stale(connection)


@pytest.fixture
def event(build: Builder, connection: Connection) -> uuid.UUID:
    """A public event with nothing stale."""
    made = build.event()
    stale(connection)
    return made


def test_a_source_of_a_public_event_comes_and_goes(build: Builder, connection: Connection, event: uuid.UUID) -> None:
    build.source(event, source_class="party")
    assert stale(connection) == STALE
    run(connection, "DELETE FROM frontline.event_source WHERE event_id = :id", id=event)
    assert stale(connection) == STALE


def test_a_source_of_no_event_makes_nothing_stale(connection: Connection, event: uuid.UUID) -> None:
    run(connection, "INSERT INTO frontline.source (id, name) VALUES (gen_random_uuid(), 'A post')")
    run(connection, "UPDATE frontline.source SET source_class = 'party'")
    assert stale(connection) == []


@pytest.mark.parametrize("kept_back", [{"state": "draft"}, {"public_from": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}])
def test_sources_of_events_that_are_not_public_notify_nobody(
    build: Builder, connection: Connection, kept_back: dict[str, object]
) -> None:
    source = build.source(build.event(**kept_back))  # type: ignore[arg-type]
    run(connection, "UPDATE frontline.source SET source_class = 'party' WHERE id = :id", id=source)
    run(connection, "DELETE FROM frontline.event_source")
    assert stale(connection) == []


def test_sources_of_an_origin_that_is_not_public_notify_nobody(build: Builder, connection: Connection) -> None:
    source = build.source(build.event(origin=build.origin("closed", public=False)))
    run(connection, "UPDATE frontline.source SET source_class = 'party' WHERE id = :id", id=source)
    assert stale(connection) == []


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ("source_class = 'state_affiliated'", STALE),
        ("status = 'hidden'", STALE),
        ("status = 'deleted'", []),
        ("name = 'Another name'", []),
        ("source_class = 'unknown'", []),
    ],
)
def test_only_what_the_columns_hold_of_a_source_makes_stale(
    build: Builder, connection: Connection, event: uuid.UUID, changed: str, days: list[tuple[dt.date, bool]]
) -> None:
    source = build.source(event)
    stale(connection)
    run(connection, f"UPDATE frontline.source SET {changed} WHERE id = :id", id=source)  # noqa: S608 - our own words
    assert stale(connection) == days


def test_a_source_that_is_hidden_no_more_makes_stale(build: Builder, connection: Connection, event: uuid.UUID) -> None:
    source = build.source(event, status="hidden")
    stale(connection)
    run(connection, "UPDATE frontline.source SET status = 'live' WHERE id = :id", id=source)
    assert stale(connection) == STALE


def test_a_source_that_moves_to_another_event_makes_both_days_stale(
    build: Builder, connection: Connection, event: uuid.UUID
) -> None:
    other = build.event(happened=("2025-07-23", "2025-07-24"))
    build.source(event)
    stale(connection)
    run(connection, "UPDATE frontline.event_source SET role = 'report', position = 2")
    assert stale(connection) == []
    run(connection, "UPDATE frontline.event_source SET event_id = :id", id=other)
    assert stale(connection) == [(DAY, False), (dt.date(2025, 7, 23), False)]


def test_many_sources_of_a_day_write_it_once(build: Builder, connection: Connection, event: uuid.UUID) -> None:
    others = [build.event() for _ in range(3)]
    stale(connection)
    run(
        connection,
        "INSERT INTO frontline.source (id, name) SELECT gen_random_uuid(), 'A post' FROM generate_series(1, 3)",
    )
    run(
        connection,
        "INSERT INTO frontline.event_source (event_id, source_id, role)"
        " SELECT e.id, s.id, 'footage' FROM frontline.event e, frontline.source s",
    )
    assert len(others) == 3
    assert stale(connection) == STALE


def test_caches_are_notified_only_of_sources_of_public_events(database: DatabaseUrls) -> None:
    """A notification has the process id of its sender: the first one is from the second writer."""
    first, second = create_engine(database.app), create_engine(database.app)
    with ReadWriteSession(first) as drafts, ReadWriteSession(second) as public:
        draft, shown = Builder(drafts).event(state="draft"), Builder(drafts).event()
        source = uuid.uuid4()
        target = make_url(database.app).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(target, autocommit=True) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            Builder(drafts).source(draft)
            process = public.connection().scalar(text("SELECT pg_backend_pid()"))
            add_source(public, shown, source)
            assert [notification.pid for notification in listener.notifies(timeout=30, stop_after=1)] == [process]
            public.connection().execute(text("UPDATE frontline.source SET source_class = 'party'"))
            public.commit()
            assert [notification.pid for notification in listener.notifies(timeout=30, stop_after=1)] == [process]
    first.dispose()
    second.dispose()


def add_source(session: ReadWriteSession, event: uuid.UUID, source: uuid.UUID) -> None:
    """Adds a source to an event, in the connection that the session holds."""
    connection = session.connection()
    connection.execute(text("INSERT INTO frontline.source (id, name) VALUES (:id, 'A post')"), {"id": source})
    connection.execute(
        text("INSERT INTO frontline.event_source (event_id, source_id, role) VALUES (:event, :source, 'footage')"),
        {"event": event, "source": source},
    )
    session.commit()
