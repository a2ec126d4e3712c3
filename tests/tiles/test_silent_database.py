"""A database that falls silent without closing a connection: nothing hidden stays in the cache,
requests fail soon, and everything recovers by itself.
"""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlalchemy import create_engine, func, text, update

from app import background
from app.access import switch
from app.database import connections, engines, listener
from app.models import Event
from tests.cli.test_serve import environment, on
from tests.cli.test_serve import served as served_by_program
from tests.conftest import LONG_TIMEOUTS_ENVIRONMENT, make_settings, serving
from tests.database.silent_proxy import SilentProxy, silent_proxy
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

TILE = "/api/collections/events/tiles/WebMercatorQuad/8/88/154"
NEED_THE_DATABASE = (
    "/",
    "/api/collections/events/items",
    "/api/collections/events/columns/parts",
    "/api/collections/places/labels",
    "/api/territory/history",
    TILE,
    "/readyz",
)
# With the real time limits. A cached tile may be sent for 5 s. A request that meets a dead
# connection notices within 4 s, and one that needs a new connection within 2 s.
CLOSED_WITHIN_SECONDS = 10.0
# Open requests have 10 s, and the rest has 10 s.
STOPPED_WITHIN_SECONDS = 20.0


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens the time limits. The test only waits for what follows, however long it takes."""
    for module, name, seconds in (
        (listener, "HEARD_SECONDS", 0.5),
        (listener, "PROBE_PAUSE_SECONDS", 0.1),
        (listener, "PROBE_ANSWER_SECONDS", 0.3),
        (switch, "REFRESH_SECONDS", 0.1),
        (switch, "KNOWN_SECONDS", 0.5),
        (switch, "READ_TIMEOUT_SECONDS", 0.2),
        (connections, "PING_SECONDS", 0.3),
        (engines, "CONTROL_ANSWER_SECONDS", 0.3),
        (background, "STOP_TIMEOUT_SECONDS", 0.1),
    ):
        monkeypatch.setattr(module, name, seconds)


def status_of(address: str) -> int:
    return httpx2.get(address, timeout=SECONDS).status_code


def is_cached(url: str) -> bool:
    """Returns whether a tile came from the cache middleware, whose content policy has no nonce."""
    answer = httpx2.get(url + TILE, timeout=SECONDS)
    return answer.status_code == 200 and "nonce" not in answer.headers["content-security-policy"]


def hide_events(urls: DatabaseUrls, *, hidden: bool) -> None:
    """Hides all events for somebody's safety, or shows them again; past the proxy."""
    engine = create_engine(urls.app)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
        values = update(Event).values(
            hidden_at=func.now() if hidden else None, hidden_note="for a test" if hidden else None
        )
        connection.execute(values)
    engine.dispose()


def check_silence_and_recovery(url: str, urls: DatabaseUrls, proxy: SilentProxy) -> None:
    """Lets the database fall silent twice: the connections go on afterwards, or are closed."""
    for revive, paths in ((proxy.resume, NEED_THE_DATABASE), (proxy.cut, ("/", TILE))):
        wait_until(lambda: is_cached(url) and httpx2.get(url + TILE).content, "a tile with events in the cache")
        proxy.fall_silent()
        hide_events(urls, hidden=True)
        wait_until(lambda: httpx2.get(url + TILE, timeout=SECONDS).status_code == 503, "the tile to be refused")
        for path in paths:
            refused = httpx2.get(url + path, timeout=SECONDS)
            assert (refused.status_code, bool(refused.headers["retry-after"])) == (503, True), path
        assert status_of(f"{url}/livez") == status_of(f"{url}/static/css/tokens.css") == 200
        revive()
        for path in paths:
            wait_until(lambda: status_of(url + path) == 200, f"{path} to be answered again")  # noqa: B023 - called at once
        assert httpx2.get(url + TILE).content == b""
        hide_events(urls, hidden=False)


@pytest.mark.usefixtures("short_limits")
def test_silent_database_closes_the_cache_and_recovers(
    demo_copy: DatabaseUrls, theatre: Theatre, tmp_path: Path
) -> None:
    with silent_proxy(demo_copy) as proxy:
        with serving(proxy.urls(demo_copy), theatre, make_settings(tmp_path)) as served:
            check_silence_and_recovery(served.url, demo_copy, proxy)
            proxy.fall_silent()
        # The server stops although the database is silent.
        with pytest.raises(httpx2.TransportError):
            status_of(f"{served.url}/livez")


@pytest.mark.long
def test_program_keeps_its_time_limits_while_the_database_is_silent(demo_copy: DatabaseUrls, tmp_path: Path) -> None:
    with silent_proxy(demo_copy) as proxy:
        env = environment(tmp_path, **on(proxy.urls(demo_copy)))
        for name in LONG_TIMEOUTS_ENVIRONMENT:
            del env[name]
        with served_by_program(env) as (url, process):
            check_silence_and_recovery(url, demo_copy, proxy)
            wait_until(lambda: is_cached(url), "a tile in the cache")
            proxy.fall_silent()
            started = time.monotonic()
            for path in NEED_THE_DATABASE[:-2]:  # these find dead connections, as nobody knows yet
                assert status_of(url + path) == 503, path
            wait_until(lambda: status_of(url + TILE) == 503, "the tile to be refused")
            assert time.monotonic() - started < CLOSED_WITHIN_SECONDS
            process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            process.wait(timeout=SECONDS)
            assert time.monotonic() - started < STOPPED_WITHIN_SECONDS
