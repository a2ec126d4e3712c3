"""Notifications when public data changes, and whether the process would get one now.

A cached response may be sent only while the process would hear of a change. So a lost connection
must be noticed within seconds, also if nobody reports its loss: the listener asks the database for
a sign of life every `PROBE_PAUSE_SECONDS`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Final

import psycopg

from app.database.connections import answer_within, break_off

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from app.database.reader import AsyncReader, Connection

log = logging.getLogger("frontline")

CHANNEL: Final = "frontline_content"  # `sql/derived.sql` sends to this channel

# Cached responses are not used when the database has not been heard for so long. A pause and a late
# answer together are shorter.
HEARD_SECONDS = 5.0
PROBE_PAUSE_SECONDS = 1.5
PROBE_ANSWER_SECONDS = 2.0
_RECONNECT_SECONDS: Final = 0.5


class ChangeListener:
    """Listens for changes of public data; reconnects after errors.

    Example:
        ```
        listener = ChangeListener()
        listener.subscribe(cache.clear)
        async with listener.listening(reader):
            ...
        ```
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began_at: float | None = None
        self._heard_at = -float("inf")
        self._subscribers: list[Callable[[], None]] = []
        self._connection: Connection | None = None
        self._is_lost = self._is_stopping = False

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Calls a function after each change, and after each connection: changes before it may have
        been missed.
        """
        self._subscribers.append(on_change)

    def is_heard(self) -> bool:
        """Tells whether what was read before still holds unless a subscriber was called since."""
        return self._clock() - self._heard_at <= HEARD_SECONDS

    def is_silent(self) -> bool:
        """Tells whether it listens, and the database has not been heard for too long."""
        if self._began_at is None:
            return False
        return self._clock() - max(self._heard_at, self._began_at) > HEARD_SECONDS

    @contextlib.asynccontextmanager
    async def listening(self, reader: AsyncReader) -> AsyncIterator[None]:
        """Listens while the block runs."""
        self._began_at, self._is_stopping = self._clock(), False
        task = asyncio.create_task(self._listen(reader))
        try:
            yield
        finally:
            self._is_stopping = True
            if self._connection is not None:
                # A cancelled task would ask the server to cancel the probe, and wait for it.
                break_off(self._connection)
                await asyncio.wait({task}, timeout=_RECONNECT_SECONDS)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen(self, reader: AsyncReader) -> None:
        while True:
            try:
                await self._follow(reader)
            except psycopg.Error as error:
                if self._is_stopping:
                    return
                if not self._is_lost:
                    log.warning("cannot listen for changes in the database: %s", type(error).__name__)
                    self._is_lost = True
                log.debug("listening for changes", exc_info=error)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _follow(self, reader: AsyncReader) -> None:
        """Connects, and listens until the connection is lost; then raises psycopg.Error."""
        self._connection = connection = await reader.connect()
        try:
            await self._probe(connection, f"LISTEN {CHANNEL}")
            self._notify()
            if self._is_lost:
                log.warning("listening for changes in the database again")
                self._is_lost = False
            while True:
                async for _ in connection.notifies(timeout=PROBE_PAUSE_SECONDS):
                    self._notify()
                await self._probe(connection, "SELECT 1")
        finally:
            self._connection = None
            await connection.close()

    async def _probe(self, connection: Connection, statement: str) -> None:
        asked_at = self._clock()
        await answer_within(PROBE_ANSWER_SECONDS, connection, connection.execute(statement))
        self._heard_at = asked_at

    def _notify(self) -> None:
        for on_change in self._subscribers:
            on_change()
