"""Async reads of public data.

For responses that PostgreSQL builds as bytes (tiles). For these, a session and a thread would cost
more than the query itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import psycopg

from app.database.connections import (
    CONNECT_TIMEOUT_SECONDS,
    GRACE_SECONDS,
    answer_within,
    connect_arguments,
)
from app.problems import busy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class AsyncReader:
    """A small connection pool for the public role, with a bounded queue.

    Each connection runs one query at a time. If `queue` requests already run or wait, the next one
    is refused immediately.

    Example:
        `row = await reader.fetch("SELECT %(n)s::integer", {"n": 7})`
    """

    def __init__(self, url: URL, options: str, *, answer_seconds: float, connections: int = 4, queue: int = 64) -> None:
        """Stores the settings; connections are opened when they are needed.

        Args:
            url: of the database, with the public role as its user.
            options: start-up options, in libpq's format.
            answer_seconds: how long a request waits for a connection, and how long for its answer.
            connections: how many queries may run at the same time.
            queue: how many requests may run or wait.
        """
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._options = options
        self._answer_seconds = answer_seconds
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

    async def _run(self, statement: str, values: Mapping[str, Any], seconds: float | None) -> tuple[Any, ...] | None:
        if self._waiting >= self._queue:
            raise busy()
        self._waiting += 1
        try:
            await self._take_slot()
            try:
                return await self._ask(statement, values, seconds)
            finally:
                self._slots.release()
        finally:
            self._waiting -= 1

    async def _take_slot(self) -> None:
        """Waits until fewer queries run than there may be connections."""
        try:
            async with asyncio.timeout(self._answer_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise busy() from None

    async def _ask(self, statement: str, values: Mapping[str, Any], seconds: float | None) -> tuple[Any, ...] | None:
        """Runs a query on an idle connection, or on a new one."""
        clock = asyncio.get_running_loop().time
        answer_seconds = self._answer_seconds if seconds is None else seconds + GRACE_SECONDS
        due = clock() + answer_seconds
        while True:
            reused = bool(self._idle)
            connection = self._idle.pop() if reused else await self.connect()
            try:
                row = await answer_within(
                    answer_seconds, connection, _fetch_row(connection, statement, values, seconds)
                )
            except BaseException as error:
                lost = connection.closed
                await connection.close()
                if lost:  # the others probably are, too
                    await self.close()
                if not (reused and lost and isinstance(error, psycopg.OperationalError)) or clock() >= due:
                    raise
                # It was lost while it was idle.
            else:
                self._idle.append(connection)
                return row

    async def connect(self) -> Connection:
        """Opens a connection of the public role, in autocommit mode.

        Raises:
            psycopg.OperationalError: the database cannot be reached.
        """
        arguments = connect_arguments(self._options, connect_timeout=CONNECT_TIMEOUT_SECONDS)
        try:
            # The time limit of libpq holds for each address, and not for finding the addresses.
            async with asyncio.timeout(2 * CONNECT_TIMEOUT_SECONDS):
                connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **arguments)
        except TimeoutError:
            raise psycopg.OperationalError("the database could not be reached in time") from None
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
