"""Connections to PostgreSQL that never wait for ever.

A server that dies, or a network that drops packets, does not tell the client. TCP's own limits
notice that nobody acknowledges packets. They do not notice a server, or a proxy in between, whose
machine acknowledges them but never answers. So each statement also has a time limit on this side:
its connection is broken off then, and whoever waits gets `psycopg.OperationalError`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from sqlalchemy import event
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from sqlalchemy import Engine

T = TypeVar("T")

# For requests: the least that libpq accepts. It holds for each address of the host.
CONNECT_TIMEOUT_SECONDS: Final = 2
_PATIENT_CONNECT_TIMEOUT_SECONDS: Final = 5
# For statements that PostgreSQL answers at once, such as the test of a connection before its use.
PING_SECONDS: Final = 2.0
# How much longer than the statement's time limit in the server the client waits for the answer.
GRACE_SECONDS: Final = 2.0
# No statement of a command takes nearly as long, and none of a server's background jobs.
LONG_ANSWER_SECONDS: Final = 3600.0
JOB_ANSWER_SECONDS: Final = 600.0
# A connection ends when its packets are not acknowledged for so long. Unix sockets ignore this.
_TCP_LIMITS: Final = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_TICK_SECONDS: Final = 0.2


def connect_arguments(
    options: str | None = None, *, connect_timeout: int = _PATIENT_CONNECT_TIMEOUT_SECONDS
) -> dict[str, Any]:
    """Returns the arguments of every connection: time limits, and start-up options if given."""
    limits = {"connect_timeout": connect_timeout, **_TCP_LIMITS}
    return limits if options is None else limits | {"options": options}


def break_off(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> None:
    """Ends the network connection; any thread may call this. Who waits for an answer gets an error
    at once.
    """
    with (
        contextlib.suppress(OSError, psycopg.Error),  # it has ended already
        socket.socket(fileno=os.dup(connection.fileno())) as duplicate,
    ):
        duplicate.shutdown(socket.SHUT_RDWR)


async def answer_within(seconds: float, connection: psycopg.AsyncConnection[Any], answer: Awaitable[T]) -> T:
    """Waits for an answer of the server.

    Raises:
        psycopg.OperationalError: it did not come in time; the connection is broken off.
    """
    timer = asyncio.get_running_loop().call_later(seconds, break_off, connection)
    try:
        return await answer
    finally:
        timer.cancel()


class Deadlines:
    """Breaks off connections whose server does not answer in time, in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[object, tuple[float, psycopg.Connection[Any]]] = {}
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def within(self, seconds: float, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """Breaks off a connection if the block takes longer than `seconds`."""
        key = object()
        with self._lock:
            self._waiting[key] = (time.monotonic() + seconds, connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="database deadlines", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._waiting.pop(key, None)

    def _watch(self) -> None:
        while True:
            time.sleep(_TICK_SECONDS)
            now = time.monotonic()
            # With the lock: the block cannot end meanwhile and close the connection.
            with self._lock:
                for key, (due, connection) in [*self._waiting.items()]:
                    if due <= now:
                        del self._waiting[key]
                        break_off(connection)


# One thread for all engines of the process.
_DEADLINES: Final = Deadlines()


class BoundedCursor(psycopg.Cursor[Any]):
    """A cursor whose statements have the time limit of its connection."""

    @override
    def execute(self, *args: Any, **options: Any) -> Any:
        """Runs a statement."""
        with _answering(self.connection):
            return super().execute(*args, **options)

    @override
    def executemany(self, *args: Any, **options: Any) -> None:
        """Runs a statement for many rows."""
        with _answering(self.connection):
            super().executemany(*args, **options)

    @override
    @contextlib.contextmanager
    def copy(self, *args: Any, **options: Any) -> Iterator[psycopg.Copy]:
        """Runs COPY."""
        with _answering(self.connection), super().copy(*args, **options) as copy:
            yield copy


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is broken off if an answer takes longer than `answer_seconds`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.answer_seconds = PING_SECONDS
        self.cursor_factory = BoundedCursor

    @override
    def commit(self) -> None:
        """Commits the transaction."""
        with _answering(self):
            super().commit()

    @override
    def rollback(self) -> None:
        """Rolls the transaction back."""
        with _answering(self):
            super().rollback()


def _answering(connection: psycopg.Connection[Any]) -> contextlib.AbstractContextManager[None]:
    assert isinstance(connection, BoundedConnection)  # noqa: S101 - for the type checker
    return _DEADLINES.within(connection.answer_seconds, connection)


def limit_answers(engine: Engine, answer_seconds: float) -> None:
    """Makes an engine open bounded connections.

    Args:
        engine: has not connected yet.
        answer_seconds: how long to wait for each answer, except that of the test before use, which
            has a short limit of its own.
    """

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> BoundedConnection:
        return BoundedConnection.connect(*args, **options)

    @event.listens_for(engine, "checkout")
    def begin_use(connection: BoundedConnection, *_: Any) -> None:
        connection.answer_seconds = answer_seconds

    @event.listens_for(engine, "checkin")
    def end_use(connection: BoundedConnection | None, *_: Any) -> None:
        if connection is not None:  # else it was closed
            connection.answer_seconds = PING_SECONDS
