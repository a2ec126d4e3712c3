"""Async reads of public data, and notifications when public data changes.

For responses that PostgreSQL builds as bytes (tiles). For these, a session and a thread would cost
more than the query itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final

import psycopg

from app.problems import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from sqlalchemy import URL

log = logging.getLogger("frontline")

CHANNEL: Final = "frontline_content"  # `sql/derived.sql` sends to this channel

_CONNECT_TIMEOUT_SECONDS: Final = 2
_RECONNECT_SECONDS: Final = 0.5
_HEARTBEAT_SECONDS: Final = 15.0

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class AsyncReader:
    """A small connection pool for the public role, with a bounded queue.

    Each connection runs one query at a time. If `queue` requests already run or wait, the next one
    is refused immediately.

    Example:
        `row = await reader.fetch("SELECT %(n)s::integer", {"n": 7})`
    """

    def __init__(self, url: URL, options: str, *, connections: int = 4, queue: int = 64) -> None:
        """Stores the settings; connections are opened when they are needed.

        Args:
            url: of the database, with the public role as its user.
            options: start-up options, in libpq's format.
            connections: how many queries may run at the same time.
            queue: how many requests may run or wait.
        """
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._options = options
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[Connection] = []
        self._queue = queue
        self._waiting = 0

    async def fetch(self, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Returns the single row of a query.

        Raises:
            Unavailable: the queue is full.
            psycopg.Error: the query failed.
        """
        row = await self._run(statement, values, None)
        assert row is not None  # noqa: S101 - every statement is an aggregate, which returns one row
        return row

    async def fetch_within(self, statement: str, values: Mapping[str, Any], seconds: float) -> tuple[Any, ...] | None:
        """Returns the single row of a query, or None if PostgreSQL needs longer than `seconds`."""
        return await self._run(statement, values, seconds)

    async def close(self) -> None:
        """Closes the idle connections."""
        while self._idle:
            await self._idle.pop().close()

    async def listen(self, on_connect: Callable[[], None], on_change: Callable[[], None]) -> None:
        """Listens for changes of public data until the task is cancelled; reconnects after errors.

        Args:
            on_connect: called after each (re)connection; earlier changes may have been missed.
            on_change: called after each change.
        """
        while True:
            try:
                connection = await self._connect()
                try:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    on_connect()
                    while True:
                        async for _ in connection.notifies(timeout=_HEARTBEAT_SECONDS):
                            on_change()
                        await connection.execute("SELECT 1")  # raises if the connection is lost
                finally:
                    await connection.close()
            except psycopg.Error as error:
                log.debug("listening for changes", exc_info=error)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _run(self, statement: str, values: Mapping[str, Any], seconds: float | None) -> tuple[Any, ...] | None:
        if self._waiting >= self._queue:
            raise Unavailable("The server is busy. Try again in a few seconds.", retry_after_seconds=1)
        self._waiting += 1
        try:
            async with self._slots:
                while True:
                    reused = bool(self._idle)
                    connection = self._idle.pop() if reused else await self._connect()
                    try:
                        row = await _fetch_row(connection, statement, values, seconds)
                    except BaseException as error:
                        lost = connection.closed
                        await connection.close()
                        if not (reused and lost and isinstance(error, psycopg.OperationalError)):
                            raise
                        # The connection was lost while it was idle, and the others probably were,
                        # too.
                        await self.close()
                    else:
                        self._idle.append(connection)
                        return row
        finally:
            self._waiting -= 1

    async def _connect(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_SECONDS, options=self._options
        )
        connection.prepare_threshold = 1  # tiles repeat the same few statements
        return connection


async def _fetch_row(
    connection: Connection, statement: str, values: Mapping[str, Any], seconds: float | None
) -> tuple[Any, ...] | None:
    """Returns the first row, or None if there is none or PostgreSQL needs longer than `seconds`."""
    if seconds is None:
        return await (await connection.execute(statement, values, binary=True)).fetchone()
    await connection.execute(f"SET statement_timeout = {round(seconds * 1000)}", prepare=False)
    row = None
    with contextlib.suppress(psycopg.errors.QueryCanceled):
        row = await (await connection.execute(statement, values, binary=True)).fetchone()
    await connection.execute("RESET statement_timeout", prepare=False)
    return row


@contextlib.asynccontextmanager
async def listening_for_changes(
    reader: AsyncReader, on_connect: Callable[[], None], on_change: Callable[[], None]
) -> AsyncIterator[None]:
    """Listens for changes while the block runs, then closes the reader."""
    task = asyncio.create_task(reader.listen(on_connect, on_change))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await reader.close()
