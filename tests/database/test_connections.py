"""Time limits of connections: every wait for an answer ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.database.engines import make_engine, server_options
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from app.database.engines import DatabaseUrls

SLEEP = "SELECT pg_sleep(60)"
LOST = (OperationalError, psycopg.OperationalError)  # of SQLAlchemy, and of the driver


@pytest.fixture
def engine(worker_database: DatabaseUrls) -> Iterator[Engine]:
    """An engine that waits for an answer for a short time, and a server without a time limit."""
    options = server_options(statement_seconds=0, lock_seconds=1)
    engine = make_engine(worker_database.app, options=options, connections=1, answer_seconds=0.3)
    yield engine
    engine.dispose()


def execute(connection: Connection) -> None:
    connection.execute(text(SLEEP))


def copy(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY ({SLEEP}) TO STDOUT") as rows:
        list(rows)


def commit(connection: Connection) -> None:
    connection.execute(text("CREATE TEMPORARY TABLE late (n int) ON COMMIT DROP"))
    connection.execute(
        text(
            "CREATE FUNCTION pg_temp.sleep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$"
        )
    )
    connection.execute(
        text(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION pg_temp.sleep()"
        )
    )
    connection.execute(text("INSERT INTO late VALUES (1)"))
    connection.commit()


@pytest.mark.parametrize("wait", [execute, copy, commit])
def test_wait_for_an_answer_ends(engine: Engine, wait: Callable[[Connection], None]) -> None:
    with engine.connect() as connection, pytest.raises(LOST):
        wait(connection)
    with engine.connect() as connection:  # the next request gets a new connection
        assert connection.scalar(text("SELECT 7")) == 7


def test_tcp_limits_are_set(engine: Engine) -> None:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        given = driver.info.get_parameters()
    assert given.items() >= {"tcp_user_timeout": "10000", "keepalives_idle": "5", "connect_timeout": "2"}.items()


def test_every_place_that_connects_sets_the_limits() -> None:
    files = [*(PROJECT_DIRECTORY / "app").rglob("*.py"), PROJECT_DIRECTORY / "migrations" / "env.py"]
    calls = {
        (str(file.relative_to(PROJECT_DIRECTORY)), call)
        for file in files
        for call in re.findall(
            r"\b(?:create_engine|psycopg\.connect|AsyncConnection\.connect)\((?:[^()]|\([^()]*\))*\)",
            file.read_text("utf-8"),
        )
    }
    # The start of the embedded database connects over its Unix socket, and this is an example.
    exempt = {"app/database/embedded/provision.py", "app/database/embedded/__init__.py"}
    unlimited = {file for file, call in calls if "connect_arguments" not in call and "**arguments" not in call}
    assert len(calls) >= 8
    assert unlimited == exempt
