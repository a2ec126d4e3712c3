"""A bounded number of places for one class of work, with a queue that is fair to clients."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True)
class WorkClass:
    """Requests that cost about the same and may wait for each other, but not for others.

    Attributes:
        name: for the log.
        places: requests that are processed at the same time.
        queue: further requests that may wait for a place.
        wait_seconds: how long a request may wait.
        rest: while more than a quarter of the queue is taken, a place stays empty after each
            request, for this many times as long as the request took. A flood then leaves processor
            time to the other classes.
        longest_rest_seconds: of one place, also on a machine that is slow.
    """

    name: str
    places: int
    queue: int
    wait_seconds: float
    rest: float = 0.0
    longest_rest_seconds: float = 0.2


class NoPlaceError(Exception):
    """The queue is full, or the request waited too long."""


class ClientLeftError(Exception):
    """The client closed the connection while its request waited."""


class WorkQueue:
    """The places of one class. Clients that wait get places in turn, one each.

    One client holds all places but one, if there are more than two: a place is left for others. If
    the queue is full, the client with the most waiting requests loses its last one to a client with
    fewer.
    """

    def __init__(self, work: WorkClass) -> None:
        self.work = work
        self._active: Counter[str] = Counter()
        self._places_of_client = work.places - 1 if work.places > 2 else work.places
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests wait for a place."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def place(self, client: str, left: asyncio.Future[None] | None = None) -> AsyncIterator[None]:
        """Holds a place for a client while the block runs.

        Args:
            client: who makes the request.
            left: done when the client has closed the connection; None: nobody notices.

        Raises:
            NoPlaceError: the queue is full, or no place became free in time.
            ClientLeftError: the client left before there was a place.
        """
        await self._enter(client, left)
        begun = time.monotonic()
        try:
            yield
        finally:
            rest = min(self.work.rest * (time.monotonic() - begun), self.work.longest_rest_seconds)
            if rest and self.waiting > self.work.queue // 4:
                asyncio.get_running_loop().call_later(rest, self._leave, client)
            else:
                self._leave(client)

    async def _enter(self, client: str, left: asyncio.Future[None] | None) -> None:
        if self._may_enter(client):
            self._active[client] += 1
            return
        if self.waiting >= self.work.queue:
            self._make_room(client)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await asyncio.wait(
                {turn, left or turn}, timeout=self.work.wait_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            self._give_up(client, turn)
            raise
        if turn.done() and not turn.cancelled():
            return
        self._give_up(client, turn)
        if left is not None and left.done():
            raise ClientLeftError
        raise NoPlaceError(self.work.name)

    def _make_room(self, client: str) -> None:
        """Refuses the last request of the client with the most, to make room for another client.

        Raises:
            NoPlaceError: no other client has more waiting requests than this one would have.
        """
        greediest = max(self._waiting, key=lambda one: len(self._waiting[one]))
        if len(self._waiting[greediest]) <= len(self._waiting.get(client, ())) + 1:
            raise NoPlaceError(self.work.name)
        last = self._waiting[greediest].pop()
        last.cancel()

    def _give_up(self, client: str, turn: asyncio.Future[None]) -> None:
        if turn.cancelled():
            return  # it made room for another client
        if turn.done():
            self._leave(client)
            return
        turns = self._waiting[client]
        turns.remove(turn)
        if not turns:
            del self._waiting[client]

    def _may_enter(self, client: str) -> bool:
        return self._active.total() < self.work.places and self._active[client] < self._places_of_client

    def _leave(self, client: str) -> None:
        self._active[client] -= 1
        if not self._active[client]:
            del self._active[client]
        self._give_places()

    def _give_places(self) -> None:
        for client in [*self._waiting]:
            if not self._may_enter(client):
                continue
            turns = self._waiting.pop(client)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns  # at the end: the next turn is another client's
            self._active[client] += 1
            turn.set_result(None)
            return
