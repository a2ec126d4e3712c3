"""The response cache over a real server: each tile is loaded once and dropped when public data
changes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.http.response_cache import ResponseCache, RouteMatch
from tests.waiting import wait_until

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from tests.conftest import Serve, Served

TILES = "/api/collections/events/tiles/WebMercatorQuad"
AREAS = "/api/collections/control-areas/tiles/WebMercatorQuad"
PLACE = f"{TILES}/8/88/154"


@pytest.fixture
def served(serve: Serve, demo_copy: DatabaseUrls) -> Served:
    """A server over a demo of the test's own, after it began to listen for changes."""
    running = serve(demo_copy)
    wait_until(lambda: is_cached(running), "the server to answer from its cache")
    return running


def is_cached(served: Served) -> bool:
    """Returns whether a tile came from the cache middleware, whose content policy has no nonce."""
    return "nonce" not in httpx2.get(served.url + PLACE).headers["content-security-policy"]


def test_tiles_are_plain_or_gzipped_and_revalidated(served: Served) -> None:
    plain = httpx2.get(served.url + PLACE, headers={"Accept-Encoding": "identity"})
    packed = httpx2.get(served.url + PLACE, headers={"Accept-Encoding": "gzip"})
    assert plain.content == packed.content != b""
    assert plain.headers["etag"] == packed.headers["etag"]
    assert plain.headers["vary"] == "Accept-Encoding"
    again = httpx2.get(served.url + PLACE, headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for header in ("x-request-id", "x-content-type-options", "cross-origin-opener-policy"):
        assert plain.headers[header]
    assert "set-cookie" not in plain.headers
    for address in (f"{AREAS}/6/22/38?state_at=2025-07-21", f"{AREAS}/6/22/38?state_at=2025-07-21&assessor=schematic"):
        areas = httpx2.get(served.url + address)
        assert (areas.status_code, areas.headers["cache-control"]) == (200, "no-cache"), areas.text
        assert b"occupied" in areas.content


def test_unknown_hosts_and_parameters_are_refused(served: Served) -> None:
    assert httpx2.get(served.url + PLACE, headers={"Host": "evil.example"}).status_code == 400
    for query, parameter in (("x=1", "x"), ("category=quagga", "category"), ("datetime=2025-13-01", "datetime")):
        refused = httpx2.get(f"{served.url}{PLACE}?{query}")
        assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)
    refused = httpx2.get(f"{served.url}{AREAS}/6/22/38?state_at=2025-07-21&assessor=quagga")
    assert (refused.status_code, refused.json()["parameter"]) == (400, "assessor")


def test_withdrawn_events_disappear_from_cached_tiles(served: Served) -> None:
    addresses = [f"{served.url}{TILES}/{at}" for at in ("4/5/9", "8/88/154")]
    before = [httpx2.get(address) for address in addresses]
    assert all(answer.content for answer in before)
    with served.engines.writing.begin() as connection:
        connection.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
        connection.execute(
            text("UPDATE frontline.event SET state = 'withdrawn', withdrawn_at = now() WHERE state = 'published'")
        )
    wait_until(lambda: not any(httpx2.get(address).content for address in addresses), "the tiles to be empty")
    again = httpx2.get(addresses[0], headers={"If-None-Match": before[0].headers["etag"]})
    assert again.status_code == 200


def test_cached_tiles_are_served_while_the_database_is_down_and_the_rest_recovers(served: Served) -> None:
    before = httpx2.get(served.url + PLACE).content
    url = make_url(served.urls.owner)
    superuser = create_engine(url.set(username="postgres", database="postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
        )
        assert httpx2.get(served.url + PLACE).content == before
        other = f"{served.url}{TILES}/9/177/308"
        away = httpx2.get(other)
        assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
        assert away.headers["retry-after"]
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))
    superuser.dispose()
    wait_until(lambda: httpx2.get(other).status_code == 200, "the database to be reachable again")


def match(key: object, load: Any) -> RouteMatch:
    return RouteMatch(key, load, "application/x-test", "/test")


def test_thousand_concurrent_requests_load_once() -> None:
    load_count = 0

    async def ask(_: object) -> bytes:
        nonlocal load_count
        load_count += 1
        await asyncio.sleep(0.05)
        return b"made"

    async def run() -> None:
        cache = ResponseCache(is_heard=lambda: True)
        cache.start(object())  # type: ignore[arg-type] # no test reads from it
        made = await asyncio.gather(*(cache.load(match("one", ask)) for _ in range(1000)))
        assert {one.content for one in made} == {b"made"}
        assert cache.get("one") is made[0]

    asyncio.run(run())
    assert load_count == 1


def test_bytes_read_before_a_change_are_not_cached_after_it() -> None:
    async def run() -> None:
        cache = ResponseCache(is_heard=lambda: True)
        cache.start(object())  # type: ignore[arg-type] # no test reads from it
        change = asyncio.Event()

        async def old(_: object) -> bytes:
            await change.wait()
            return b"old"

        async def new(_: object) -> bytes:
            return b"new"

        first = asyncio.create_task(cache.load(match("one", old)))
        await asyncio.sleep(0)
        cache.clear()
        assert (await cache.load(match("one", new))).content == b"new"
        change.set()
        assert (await first).content == b"old"
        entry = cache.get("one")
        assert entry is not None
        assert entry.content == b"new"

    asyncio.run(run())


def test_load_error_reaches_all_waiting_requests_and_is_not_cached() -> None:
    async def fail(_: object) -> bytes:
        await asyncio.sleep(0.01)
        raise ValueError

    async def work(_: object) -> bytes:
        return b"made"

    async def run() -> None:
        cache = ResponseCache(is_heard=lambda: True)
        cache.start(object())  # type: ignore[arg-type] # no test reads from it
        results = await asyncio.gather(*(cache.load(match(1, fail)) for _ in range(5)), return_exceptions=True)
        assert [type(one) for one in results] == [ValueError] * 5
        assert (await cache.load(match(1, work))).content == b"made"

    asyncio.run(run())


def test_nothing_is_sent_from_the_cache_or_stored_while_changes_cannot_be_heard() -> None:
    is_heard = True
    loads = 0

    async def ask(_: object) -> bytes:
        nonlocal loads
        loads += 1
        return str(loads).encode()

    async def run() -> None:
        nonlocal is_heard
        cache = ResponseCache(is_heard=lambda: is_heard)
        cache.start(object())  # type: ignore[arg-type] # no test reads from it
        assert (await cache.load(match("one", ask))).content == b"1"
        is_heard = False
        assert cache.get("one") is None
        for expected in (b"2", b"3"):
            assert (await cache.load(match("one", ask))).content == expected
        is_heard = True
        entry = cache.get("one")  # nothing changed meanwhile, or the listener would have cleared it
        assert entry is not None
        assert entry.content == b"1"

    asyncio.run(run())


def test_cache_is_bounded() -> None:
    async def run() -> None:
        cache = ResponseCache(is_heard=lambda: True, limit_bytes=20_000)
        cache.start(object())  # type: ignore[arg-type] # no test reads from it

        async def ask(_: object) -> bytes:
            return b"x" * 1_000

        for key in range(50):
            await cache.load(match(key, ask))
        held = [key for key in range(50) if cache.get(key) is not None]
        assert held == [46, 47, 48, 49]

    asyncio.run(run())
