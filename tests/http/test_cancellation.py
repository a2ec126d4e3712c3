"""A statement of a reader ends when the client leaves; one that writes does not."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import main
from app.database.engines import make_engines
from app.database.session import PublicSession, Sessions, WritingSession
from app.serve import make_server_config
from tests.conftest import make_settings
from tests.running_server import running_config
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

outcomes: queue.SimpleQueue[str] = queue.SimpleQueue()


def sleep(session: Session, seconds: float) -> None:
    """Runs a statement that no time limit of the server ends, and reports how it ended."""
    session.execute(text("SET LOCAL statement_timeout = 0"))
    try:
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
    except DBAPIError as error:
        outcomes.put(getattr(error.orig, "sqlstate", None) or "connection lost")
        raise
    outcomes.put("finished")


def read_slowly(session: PublicSession) -> None:
    sleep(session, 3600)


def write_slowly(session: WritingSession) -> None:
    sleep(session, 1)


@pytest.fixture
def url(worker_database: DatabaseUrls, theatre: Theatre, tmp_path: Path) -> Iterator[str]:
    settings = make_settings(tmp_path)
    engines = make_engines(worker_database, settings)
    app = main.create_app(settings, theatre, Sessions(engines))
    app.add_api_route("/api/read", read_slowly)
    app.add_api_route("/api/write", write_slowly)
    with running_config(make_server_config(app, settings, port=0, log_level="warning")) as port:
        yield f"http://127.0.0.1:{port}"
    engines.dispose()


@pytest.mark.parametrize(("path", "outcome"), [("/api/read", "57014"), ("/api/write", "finished")])
def test_statement_when_the_client_leaves(url: str, superuser_engine: Engine, path: str, outcome: str) -> None:
    def sleeps() -> bool:
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        with superuser_engine.connect() as connection:
            return bool(connection.scalar(query))

    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        wait_until(sleeps, "the statement to run")
    assert outcomes.get(timeout=30) == outcome
