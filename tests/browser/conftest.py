"""What the tests in a browser share: pages of a real server in Chromium, held to having no error
and no barrier.

The map's tiles come from a host of the tests' own, and no request leaves the machine. Pages of the
same kind of reader share a browser context, so that what a browser keeps (the page's programs,
foremost) is fetched once.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    TimeoutError,
    expect,
    sync_playwright,
)
from typing_extensions import override

from app.access.roles import Role
from app.accounts import administration
from app.accounts.passwords import Passwords
from app.database.session import Sessions
from app.settings import PROJECT_DIRECTORY
from tests.browser.crowd import Crowd, build_crowd
from tests.browser.desk_pages import PASSWORD
from tests.browser.dock import WEEK, Dock
from tests.browser.waiting import PATIENCE_MS
from tests.conftest import bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre
    from tests.conftest import Served

expect.set_options(timeout=PATIENCE_MS)
NODE_MODULES = PROJECT_DIRECTORY / "node_modules"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks of others fails at once, and is told.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
BLANK_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# A violation of the content policy is an event of its own; the console tells everything else.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} refuses ${event.blockedURI} at ${event.sourceFile}`));
"""

# A page of no site has kept nothing, and may not even look.
FORGET = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} return true; }"


def chromium_path() -> str | None:
    """The browser: `CHROMIUM`, else the system's, else (None) Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser of the package; it is closed with it, since Playwright's loop would be in the way
    of others.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield browser
        browser.close()


class _BlankTile(BaseHTTPRequestHandler):
    """Answers whatever is asked with a blank picture that may be kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(BLANK_PNG)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(BLANK_PNG)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


class _TileHost(ThreadingHTTPServer):
    """Lets a browser hang up whenever it likes."""

    daemon_threads = True

    @override
    def handle_error(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def tile_host() -> Iterator[str]:
    """The origin of a host of blank tiles."""
    with _TileHost(("127.0.0.1", 0), _BlankTile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def theatre(theatre: Theatre, tile_host: str) -> Theatre:
    """The theatre, with tiles that come from the tests' own host."""
    tiles = theatre.tiles.model_copy(update={"url": f"{tile_host}/{{z}}/{{x}}/{{y}}.png"})
    return theatre.model_copy(update={"tiles": tiles})


@pytest.fixture(scope="session")
def demo_server(
    demo_database: DatabaseUrls, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A real server over the demo, with that theatre."""
    with serving(demo_database, theatre, make_settings(tmp_path_factory.mktemp("served"))) as served:
        bring_columns_up_to_date(served, theatre)
        yield served


@dataclass(frozen=True)
class Reader:
    """What tells one kind of reader from another: each has a browser context."""

    timezone: str
    locale: str
    theme: str
    touch: bool
    scripts: bool
    still: bool

    def new_context(self, browser: Browser) -> BrowserContext:
        """Make a context in which nothing is kept yet."""
        context = browser.new_context(
            timezone_id=self.timezone,
            locale=self.locale,
            color_scheme="dark" if self.theme == "dark" else "light",
            reduced_motion="reduce" if self.still else "no-preference",
            has_touch=self.touch,
            is_mobile=self.touch,
            java_script_enabled=self.scripts,
        )
        context.set_default_timeout(PATIENCE_MS)
        if self.scripts:
            context.add_init_script(TELL_VIOLATIONS)
        return context


@pytest.fixture(scope="package")
def readers(chromium: Browser) -> Iterator[Callable[[Reader], BrowserContext]]:
    """The contexts that tests share; a page leaves nothing in them but what the browser has
    fetched.
    """
    contexts: dict[Reader, BrowserContext] = {}

    def context_of(reader: Reader) -> BrowserContext:
        if reader not in contexts:
            contexts[reader] = reader.new_context(chromium)
        return contexts[reader]

    yield context_of
    for context in contexts.values():
        context.close()


@dataclass
class Watch:
    """What the pages of one test said and asked for that no page should."""

    tile_host: str
    errors: list[str] = field(default_factory=list)

    def over(self, page: Page, path: str, site: str, *, tiles: bool, tolerate: str | None) -> None:
        """Listen to a page before it opens; `tolerate` is a pattern of what the test is about."""

        def heard(what: str) -> None:
            refused = not tiles and "Failed to load resource" in what
            if not refused and not (tolerate and re.search(tolerate, what)):
                self.errors.append(f"{path}: {what}")

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                heard(message.text)

        def on_request(request: Request) -> None:
            if not request.url.startswith((f"{site}/", f"{self.tile_host}/", "data:", "blob:")):
                self.errors.append(f"{path}: asks another site for {request.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: heard(f"{error}\n{error.stack}"))
        page.on("request", on_request)


class PageAt(Protocol):
    """Opens a page of the demo's server."""

    def __call__(
        self,
        path: str,
        width: int = 1280,
        height: int = 800,
        *,
        timezone: str = "UTC",
        locale: str = "en-GB",
        theme: str = "light",
        touch: bool = False,
        scripts: bool = True,
        tiles: bool = True,
        still: bool = True,
        served: Served | None = None,
        tolerate: str | None = None,
        prepare: Callable[[BrowserContext], None] | None = None,
    ) -> Page:
        """Open a path and wait until it has loaded.

        Args:
            path: with its query.
            width: of the view, pixels.
            height: of the view, pixels.
            timezone: of the browser.
            locale: of the browser.
            theme: the system's, "light" or "dark".
            touch: a phone, with a finger.
            scripts: whether JavaScript runs.
            tiles: whether the host of the tiles answers.
            still: whether the reader asked for reduced motion.
            served: another server than the demo's.
            tolerate: a pattern; errors that match it are what the test is about.
            prepare: does something to a browser context of the page's own before it opens: routes,
                scripts.
        """
        ...


@pytest.fixture
def page_at(
    chromium: Browser, readers: Callable[[Reader], BrowserContext], demo_server: Served, tile_host: str
) -> Iterator[PageAt]:
    """Opens pages; the test fails if any of them has an error in the console, or asks another site
    for something.
    """
    own_contexts: list[BrowserContext] = []
    pages: list[Page] = []
    watch = Watch(tile_host)

    def open_page(
        path: str,
        width: int = 1280,
        height: int = 800,
        *,
        timezone: str = "UTC",
        locale: str = "en-GB",
        theme: str = "light",
        touch: bool = False,
        scripts: bool = True,
        tiles: bool = True,
        still: bool = True,
        served: Served | None = None,
        tolerate: str | None = None,
        prepare: Callable[[BrowserContext], None] | None = None,
    ) -> Page:
        site = (served or demo_server).url
        reader = Reader(timezone, locale, theme, touch, scripts, still)
        if tiles and prepare is None:
            context = readers(reader)
        else:
            context = reader.new_context(chromium)
            own_contexts.append(context)
        if not tiles:
            context.route(f"{tile_host}/**", lambda route: route.abort())
        if prepare is not None:
            prepare(context)
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        watch.over(page, path, site, tiles=tiles, tolerate=tolerate)
        page.goto(site + path)
        return page

    yield open_page
    for page in pages:
        _leave(page)
    for context in own_contexts:
        context.close()
    assert watch.errors == []


def _leave(page: Page) -> None:
    """Close a page, and the others of its context, and forget what it kept."""
    context = page.context
    try:  # not by `evaluate`, which waits for ever for a page that does not answer
        page.wait_for_function(FORGET)
    except TimeoutError:
        raise
    except Error:  # a page that is gone has kept nothing
        pass
    for one in context.pages:
        one.close()
    context.clear_cookies()  # last: a page that is open may be asking for something as a member


@pytest.fixture
def dock(page_at: PageAt) -> Dock:
    opened = Dock(page_at(WEEK, width=1280, height=800))
    opened.expect_shown("7-13 July 2025")
    return opened


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The checker of accessibility."""
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], None]:
    """Holds a page, as it is now, to having no barrier that axe-core knows."""

    def check(page: Page) -> None:
        page.evaluate(axe_source)
        found: list[dict[str, Any]] = page.evaluate(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
        )
        told = [
            {"rule": one["id"], "help": one["help"], "at": [node["html"][:200] for node in one["nodes"][:5]]}
            for one in found
        ]
        assert told == [], json.dumps(told, indent=1)

    return check


@pytest.fixture(scope="module")
def work_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with two analysts and an editor."""
    settings = make_settings(
        tmp_path_factory.mktemp("work"),
        sign_ins_per_minute=1000,
        submissions_per_minute=1000,
        submissions_per_hour=1000,
    )
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        with Sessions(served.engines).writing() as session, session.begin():
            for name, role in (("olena", Role.ANALYST), ("bohdan", Role.ANALYST), ("iryna", Role.EDITOR)):
                administration.create(session, Passwords(), name, role, by=None, password=PASSWORD)
        yield served


@pytest.fixture(scope="module")
def crowded(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Crowd]]:
    """A server with more than the demo has, and the ids of what it has."""
    settings = make_settings(tmp_path_factory.mktemp("crowded"))
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        crowd = build_crowd(served)
        bring_columns_up_to_date(served, theatre)
        yield served, crowd
