"""Reading what is public without a session or a thread, and being told when it changes.

Only for answers that are bytes when they leave the database: there a session and a thread cost more than the question.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final

import psycopg

from app.database.line import Line
from app.problems import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL

log = logging.getLogger("frontline")

CHANNEL: Final = "frontline_content"  # of `sql/derived.sql`

_CONNECT_TIMEOUT_SECONDS: Final = 2
_RETRY_SECONDS: Final = 0.5
_QUIET_SECONDS: Final = 15.0


class AsyncReader:
    """A few connections as the role that reads what is public, each used by one question at a time.

    More questions than `queue` are not let wait: they are told at once to come back.
    """

    def __init__(self, url: URL, options: str, *, connections: int = 4, queue: int = 64) -> None:
        """Connect to nothing yet.

        Args:
            url: of the database, as the public role.
            options: start-up options, in libpq's form.
            connections: how many questions are asked at once.
            queue: how many may wait.
        """
        self._target = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._options = options
        self._slots = asyncio.Semaphore(connections)
        self._free: list[Line] = []
        self._queue = queue
        self._waiting = 0

    async def fetch(self, statement: str, values: dict[str, Any]) -> tuple[Any, ...]:
        """Give the one row that answers a question.

        Raises:
            Unavailable: too many wait already.
            psycopg.Error: the database did not answer.
        """
        row = await self._in_turn(statement, values, None)
        assert row is not None  # noqa: S101 - the questions are aggregates
        return row

    async def fetch_within(self, statement: str, values: dict[str, Any], seconds: float) -> tuple[Any, ...] | None:
        """Do the same, but give nothing when the database takes longer."""
        try:
            return await self._in_turn(statement, values, seconds)
        except psycopg.errors.QueryCanceled:
            return None

    async def _in_turn(self, statement: str, values: dict[str, Any], seconds: float | None) -> tuple[Any, ...] | None:
        if self._waiting >= self._queue:
            raise Unavailable("Too many ask at once. Try again in a moment.", retry_after_seconds=1)
        self._waiting += 1
        try:
            async with self._slots:
                line = await self._free_line()
                try:
                    return await line.ask(statement, values, within_seconds=seconds)
                finally:
                    if not line.closed:
                        self._free.append(line)
        finally:
            self._waiting -= 1

    async def _free_line(self) -> Line:
        """Give a connection that is there still, or a new one."""
        while self._free:
            line = self._free.pop()
            if not line.closed:
                return line
        return Line(await self._connect())

    async def close(self) -> None:
        """Close every connection that is not at work."""
        while self._free:
            await self._free.pop().close()

    async def follow(self, connected: Callable[[], None], changed: Callable[[], None]) -> None:
        """Tell of every change of what is public, for ever.

        Args:
            connected: is called each time when changes begin to be told; some may have been missed before.
            changed: is called when something has changed.
        """
        while True:
            try:
                connection = await self._connect()
                try:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    connected()
                    while True:
                        async for _ in connection.notifies(timeout=_QUIET_SECONDS):
                            changed()
                        await connection.execute("SELECT 1")  # whether anybody is there still
                finally:
                    await connection.close()
            except psycopg.Error as error:
                log.debug("following what is public", exc_info=error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._target, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_SECONDS, options=self._options
        )


@contextlib.asynccontextmanager
async def following(reader: AsyncReader, connected: Callable[[], None], changed: Callable[[], None]) -> Any:
    """Follow what is public while the block runs, and close the reader after it."""
    task = asyncio.create_task(reader.follow(connected, changed))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await reader.close()
