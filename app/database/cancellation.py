"""Ends the statements of a request whose client has left."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, Final

import psycopg

from app.problems import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, SessionTransaction

_KEY: Final = "running_statements"
_CANCEL_SECONDS: Final = 2.0


class RunningStatements:
    """The database connections on which one request reads public data.

    Statements that write are never cancelled: the client could not know whether they took effect.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: set[psycopg.Connection[Any]] = set()
        self._is_cancelled = False

    @contextlib.contextmanager
    def of(self, session: Session) -> Iterator[None]:
        """Includes a session. Its connections must not be returned to the pool before the block
        ends, or the statement of another request could be cancelled.
        """
        session.info[_KEY] = self
        try:
            yield
        finally:
            with self._lock:
                self._connections.clear()

    def add(self, connection: psycopg.Connection[Any]) -> None:
        """Adds a connection that is about to run a statement.

        Raises:
            Unavailable: the client has left.
        """
        with self._lock:
            if self._is_cancelled:
                raise Unavailable("The client closed the connection.")
            self._connections.add(connection)

    def cancel(self) -> None:
        """Cancels the running statements, and refuses further ones."""
        with self._lock:
            self._is_cancelled = True
            for connection in self._connections:
                with contextlib.suppress(psycopg.Error):
                    connection.cancel_safe(timeout=_CANCEL_SECONDS)


def add_connection(session: Session, _: SessionTransaction, connection: Connection) -> None:
    """Adds the connection of a session that begins a transaction; an `after_begin` listener."""
    running = session.info.get(_KEY)
    driver = connection.connection.driver_connection
    if isinstance(running, RunningStatements) and isinstance(driver, psycopg.Connection):
        running.add(driver)
