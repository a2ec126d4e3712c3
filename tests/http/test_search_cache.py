"""Equal searches run once, and are kept for seconds while changes of public data can be heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import pytest

from app.http.search_cache import KEEP_SECONDS, LIMIT_BYTES, SearchCache

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

COLUMNS = "/api/collections/events/columns"


class Site:
    """A cache in front of an application that counts its searches."""

    def __init__(self) -> None:
        self.hears = True
        self.closed = False
        self.now = 0.0
        self.searches: list[str] = []
        self.release = asyncio.Event()
        self.release.set()
        self.status = 200
        self.body = b"found"
        self.leaves = False

        async def is_closed() -> bool:
            return self.closed

        self.change: Callable[[], None] = lambda: None
        self.cache = SearchCache(self._application, listener=self, is_closed=is_closed, clock=lambda: self.now)

    def subscribe(self, on_change: Callable[[], None]) -> None:
        self.change = on_change

    def is_heard(self) -> bool:
        return self.hears

    async def _application(self, scope: Scope, _: Receive, send: Send) -> None:
        self.searches.append(scope["query_string"].decode())
        body, leaves = self.body, self.leaves
        await self.release.wait()
        if leaves:
            return
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def get(self, url: str, *headers: tuple[bytes, bytes], method: str = "GET") -> bytes | None:
        path, _, query = url.partition("?")
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": [*headers]}
        body = None

        async def send(message: Message) -> None:
            nonlocal body
            body = message.get("body", body)

        async def receive() -> Message:
            raise AssertionError

        await self.cache(scope, receive, send)
        return body


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


def test_equal_searches_run_once() -> None:
    async def test() -> None:
        site = Site()
        site.release.clear()
        waiting = [asyncio.create_task(site.get(f"{COLUMNS}?q=bridge")) for _ in range(40)]
        await asyncio.sleep(0)
        site.release.set()
        assert await asyncio.gather(*waiting) == [b"found"] * 40
        assert len(site.searches) == 1

    run(test())


@pytest.mark.parametrize(
    "spelling",
    ["q=Bridge+river&side=ua", "side=ua&q=river%20bridge", "q=bridge+river++bridge&side=ua"],
)
def test_spellings_of_a_search_are_equal(spelling: str) -> None:
    async def test() -> None:
        site = Site()
        await site.get(f"{COLUMNS}?q=bridge+river&side=ua")
        await site.get(f"{COLUMNS}?{spelling}")
        assert len(site.searches) == 1

    run(test())


def test_other_searches_run_on_their_own() -> None:
    async def test() -> None:
        site = Site()
        for url, *headers in (
            (f"{COLUMNS}?q=bridge",),
            (f"{COLUMNS}?q=bridge+river",),
            ("/api/collections/events/histogram?q=bridge",),
            (f"{COLUMNS}?q=bridge", (b"host", b"elsewhere")),
            (f"{COLUMNS}?q=bridge", (b"accept-encoding", b"br")),
            (f"{COLUMNS}?q=bridge", (b"if-none-match", b'"x"')),
            (f"{COLUMNS}?q=bridge", (b"accept-language", b"uk")),
            # These repeat their URL in the response.
            ("/api/collections/events/items?q=bridge&limit=1",),
            ("/api/collections/events/items?limit=1&q=bridge",),
        ):
            await site.get(url, *headers)
        assert len(site.searches) == 9

    run(test())


def test_responses_are_kept_for_seconds_and_until_data_changes() -> None:
    async def test() -> None:
        site = Site()
        await site.get(f"{COLUMNS}?q=a")
        site.now = KEEP_SECONDS
        await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 1
        site.now = KEEP_SECONDS + 1
        await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 2
        site.change()
        await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 3

    run(test())


def test_search_that_began_before_a_change_is_not_kept_or_shared() -> None:
    async def test() -> None:
        site = Site()
        site.release.clear()
        before = asyncio.create_task(site.get(f"{COLUMNS}?q=a"))
        await asyncio.sleep(0)
        site.change()
        site.body = b"changed"
        after = asyncio.create_task(site.get(f"{COLUMNS}?q=a"))
        await asyncio.sleep(0)
        site.release.set()
        assert (await before, await after) == (b"found", b"changed")
        assert await site.get(f"{COLUMNS}?q=a") == b"changed"
        assert len(site.searches) == 2

    run(test())


def test_nothing_is_kept_while_changes_cannot_be_heard() -> None:
    async def test() -> None:
        site = Site()
        await site.get(f"{COLUMNS}?q=a")
        site.hears = False
        await site.get(f"{COLUMNS}?q=a")
        await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 3

    run(test())


def test_errors_and_requests_that_are_no_search_of_a_stranger_are_not_kept() -> None:
    async def test() -> None:
        site = Site()
        site.status = 503
        for _ in range(2):
            assert await site.get(f"{COLUMNS}?q=a") == b"found"
        site.status = 200
        for url, method, *headers in (
            ("/api/collections/events/items", "GET"),
            (f"{COLUMNS}?q=a", "HEAD"),
            (f"{COLUMNS}?q=a", "GET", (b"cookie", b"x=y")),
            (f"{COLUMNS}?q=a", "GET", (b"authorization", b"Bearer x")),
        ):
            for _ in range(2):
                await site.get(url, *headers, method=method)
        site.closed = True
        for _ in range(2):
            await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 12

    run(test())


def test_others_run_a_search_whose_client_left() -> None:
    async def test() -> None:
        site = Site()
        site.leaves = True
        site.release.clear()
        gone = asyncio.create_task(site.get(f"{COLUMNS}?q=a"))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(site.get(f"{COLUMNS}?q=a")) for _ in range(3)]
        await asyncio.sleep(0)
        site.leaves = False
        site.release.set()
        assert await asyncio.gather(gone, *waiting) == [None, b"found", b"found", b"found"]
        assert len(site.searches) == 2

    run(test())


def test_cache_is_bounded() -> None:
    async def test() -> None:
        site = Site()
        site.body = b"x" * (LIMIT_BYTES // 4)
        for word in "abcd":
            await site.get(f"{COLUMNS}?q={word}")
        await site.get(f"{COLUMNS}?q=d")
        assert len(site.searches) == 4
        await site.get(f"{COLUMNS}?q=a")
        assert len(site.searches) == 5

    run(test())
