"""Answers equal searches together: one runs, the others wait for its response.

A response is also kept for some seconds. All are dropped when public data changes, and none are
kept while changes cannot be heard (`app/database/listener.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from starlette.types import Message

from app.http.encoding import negotiate_encoding
from app.http.prepared_response import status_of
from app.http.work_classes import Work, work_of
from app.parsing.query import InvalidQuery, parse_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

KEEP_SECONDS: Final = 5.0
LIMIT_BYTES: Final = 8 * 1024 * 1024
# A response that repeats its URL is kept for exactly this spelling of it.
_REPEATS_URL: Final = "/items"
_OVERHEAD_BYTES: Final = 2_000

Key = tuple[object, ...]


class Listener(Protocol):
    """What reports changes of public data."""

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Calls a function after each change that may have happened."""

    def is_heard(self) -> bool:
        """Tells whether a change would be reported now."""


@dataclass(frozen=True)
class _Kept:
    messages: list[Message]
    until: float

    def size_bytes(self) -> int:
        return sum(len(message.get("body", b"")) for message in self.messages) + _OVERHEAD_BYTES


class SearchCache:
    """Middleware for searches of strangers; all other requests are passed on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        listener: Listener,
        is_closed: Callable[[], Awaitable[bool]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wraps an application that sends each response whole (`AdmissionControl`).

        Args:
            app: answers a search.
            listener: reports when public data changes.
            is_closed: tells whether the site is closed; the application then says so.
            clock: in seconds.
        """
        self._app = app
        self._listener = listener
        listener.subscribe(self._clear)
        self._is_closed = is_closed
        self._clock = clock
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size_bytes = 0
        self._running: dict[Key, asyncio.Future[list[Message]]] = {}

    def _clear(self) -> None:
        """Drops all responses, and those of running searches: they may be older than the change."""
        self._kept.clear()
        self._running.clear()
        self._size_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or passes it on."""
        key = _key(scope) if scope["type"] == "http" else None
        if key is None or await self._is_closed():
            await self._app(scope, receive, send)
            return
        while True:
            messages = self._get(key)
            running = self._running.get(key)
            if messages is None and running is None:
                messages = await self._run(key, scope, receive)
            elif messages is None and running is not None:
                messages = await asyncio.shield(running)
                if not messages:
                    continue  # the client of that search left; the first who waited runs it again
            for message in messages or ():
                await send(dict(message))
            return

    def _get(self, key: Key) -> list[Message] | None:
        kept = self._kept.get(key)
        if kept is None or not self._listener.is_heard():
            return None
        if kept.until < self._clock():
            self._drop(key)
            return None
        return kept.messages

    async def _run(self, key: Key, scope: Scope, receive: Receive) -> list[Message]:
        """Runs a search for all who wait. Returns no messages if its client leaves."""
        running = self._running[key] = asyncio.get_running_loop().create_future()
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        try:
            await self._app(scope, receive, collect)
        finally:
            if self._running.get(key) is running:  # public data did not change meanwhile
                del self._running[key]
                if status_of(messages) == 200 and self._listener.is_heard():
                    self._keep(key, messages)
            running.set_result(messages)
        return messages

    def _keep(self, key: Key, messages: list[Message]) -> None:
        kept = self._kept[key] = _Kept(messages, self._clock() + KEEP_SECONDS)
        self._size_bytes += kept.size_bytes()
        while self._size_bytes > LIMIT_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        self._size_bytes -= self._kept.pop(key).size_bytes()


def _key(scope: Scope) -> Key | None:
    """Returns the same key for requests that get the same response; None if a request is no search
    of a stranger.
    """
    if scope["method"] != "GET" or work_of(scope) is not Work.SEARCHES:
        return None
    host = encoding = tag = language = b""
    for name, value in scope["headers"]:
        if name in {b"cookie", b"authorization", b"range"}:
            return None
        if name == b"host":
            host += value
        elif name == b"accept-encoding":
            encoding = value
        elif name == b"if-none-match":
            tag = value
        elif name == b"accept-language":
            language = value
    query = scope["query_string"]
    try:
        parameters = _canonical(query)
    except InvalidQuery:
        return None  # the route refuses it
    return (
        scope["path"],
        query if scope["path"].endswith(_REPEATS_URL) else parameters,
        host,
        negotiate_encoding(encoding.decode("latin-1")),
        tag,
        language,
    )


def _canonical(query: bytes) -> tuple[tuple[str, str], ...]:
    """Returns the parameters in the order of their names, and words in alphabetical order.

    Raises:
        InvalidQuery: as `parse_query` does.
    """
    parameters = parse_query(query)
    return tuple(sorted(((name, _words(value) if name == "q" else value) for name, value in parameters), key=_name))


def _name(parameter: tuple[str, str]) -> str:
    return parameter[0]


def _words(text: str) -> str:
    return " ".join(sorted(set((text.lower() if text.isascii() else text).split())))
