"""Connections: what their time limits end."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy.engine import make_url

from app.database.engines import server_options
from tests.waiting import wait_until

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls


def _connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), **options)


def test_statement_ends_after_its_client(worker_database: DatabaseUrls) -> None:
    """The connection has no limit for statements, like that of an import."""
    options = server_options(statement_seconds=0, lock_seconds=5)
    running = "SELECT FROM pg_stat_activity WHERE pid = %s"
    with (
        closing(_connect(worker_database.app, options=options)) as client,
        closing(_connect(worker_database.app, autocommit=True)) as other,
    ):
        pid = client.info.backend_pid
        client.pgconn.send_query(b"SELECT pg_sleep(600)")
        with socket.socket(fileno=os.dup(client.pgconn.socket)) as connected:
            connected.shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not other.execute(running, (pid,)).rowcount, "the server has ended the statement")
