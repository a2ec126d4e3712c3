"""Shared fixtures of the browser tests: pages of a real server in Chromium, without console errors
and without accessibility violations.

A local server serves the tiles of the map, and no request leaves the machine. Tests with the same
browser settings share a browser context, so that its HTTP cache loads the scripts only once.
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
from tests.browser.waiting import TIMEOUT_MS
from tests.conftest import bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre
    from tests.conftest import Served

expect.set_options(timeout=TIMEOUT_MS)
NODE_MODULES = PROJECT_DIRECTORY / "node_modules"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages share processes: a process takes longer to start than most pages to open.
    "--process-per-site",
    "--in-process-gpu",
    # Requests to other hosts fail at once and are reported.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
BLANK_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# Violations of the content security policy are logged to the console, like all other errors.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} refuses ${event.blockedURI} at ${event.sourceFile}`));
"""

# A page without an origin has no storage, and access to it throws an error.
CLEAR_STORAGE = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} return true; }"


def chromium_path() -> str | None:
    """Returns the path of the browser: `CHROMIUM`, else the system's; None for Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser. It is closed after the tests of this package, because Playwright's event loop
    would disturb other tests.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield browser
        browser.close()


class _BlankTile(BaseHTTPRequestHandler):
    """Answers every request with a blank image that may be cached."""

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
    """Ignores connections that the browser closes early."""

    daemon_threads = True

    @override
    def handle_error(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def tile_host() -> Iterator[str]:
    """The origin of a server with blank tiles."""
    with _TileHost(("127.0.0.1", 0), _BlankTile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def theatre(theatre: Theatre, tile_host: str) -> Theatre:
    """The theatre, with tiles from the test server."""
    tiles = theatre.tiles.model_copy(update={"url": f"{tile_host}/{{z}}/{{x}}/{{y}}.png"})
    return theatre.model_copy(update={"tiles": tiles})


@pytest.fixture(scope="session")
def demo_server(
    demo_database: DatabaseUrls, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A real server with the demo data and that theatre."""
    with serving(demo_database, theatre, make_settings(tmp_path_factory.mktemp("served"))) as served:
        bring_columns_up_to_date(served, theatre)
        yield served


@dataclass(frozen=True)
class Reader:
    """The browser settings of a reader; each combination has its own browser context."""

    timezone: str
    locale: str
    theme: str
    touch: bool
    scripts: bool
    reduced_motion: bool

    def new_context(self, browser: Browser) -> BrowserContext:
        """Creates a context without cached or stored data."""
        context = browser.new_context(
            timezone_id=self.timezone,
            locale=self.locale,
            color_scheme="dark" if self.theme == "dark" else "light",
            reduced_motion="reduce" if self.reduced_motion else "no-preference",
            has_touch=self.touch,
            is_mobile=self.touch,
            java_script_enabled=self.scripts,
        )
        context.set_default_timeout(TIMEOUT_MS)
        if self.scripts:
            context.add_init_script(REPORT_VIOLATIONS)
        return context


@pytest.fixture(scope="package")
def readers(chromium: Browser) -> Iterator[Callable[[Reader], BrowserContext]]:
    """The browser contexts that tests share; only the HTTP cache is kept between tests."""
    contexts: dict[Reader, BrowserContext] = {}

    def context_of(reader: Reader) -> BrowserContext:
        if reader not in contexts:
            contexts[reader] = reader.new_context(chromium)
        return contexts[reader]

    yield context_of
    for context in contexts.values():
        context.close()


@dataclass
class PageMonitor:
    """Collects console errors and requests to other sites from the pages of a test."""

    tile_host: str
    errors: list[str] = field(default_factory=list)

    def attach(self, page: Page, path: str, site: str, *, tiles: bool, tolerate: str | None) -> None:
        """Attaches the monitor to a page before it opens; errors that match `tolerate` are
        ignored.
        """

        def record_error(what: str) -> None:
            refused = not tiles and "Failed to load resource" in what
            if not refused and not (tolerate and re.search(tolerate, what)):
                self.errors.append(f"{path}: {what}")

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                record_error(message.text)

        def on_request(request: Request) -> None:
            if not request.url.startswith((f"{site}/", f"{self.tile_host}/", "data:", "blob:")):
                self.errors.append(f"{path}: requests {request.url} from another site")

        page.on("console", on_console)
        page.on("pageerror", lambda error: record_error(f"{error}\n{error.stack}"))
        page.on("request", on_request)


class PageAt(Protocol):
    """Opens a page of the demo server."""

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
        reduced_motion: bool = True,
        served: Served | None = None,
        tolerate: str | None = None,
        prepare: Callable[[BrowserContext], None] | None = None,
    ) -> Page:
        """Opens a path and waits until the page has loaded.

        Args:
            path: the path with its query.
            width: the width of the viewport, in pixels.
            height: the height of the viewport, in pixels.
            timezone: the time zone of the browser.
            locale: the locale of the browser.
            theme: the colour scheme of the system, "light" or "dark".
            touch: whether the device is a phone with a touch screen.
            scripts: whether JavaScript is enabled.
            tiles: whether the tile server answers.
            reduced_motion: whether the reader prefers reduced motion.
            served: the server; by default, the demo server.
            tolerate: a pattern of console errors that the test expects.
            prepare: a function that adds routes or scripts to a new browser context before the page
                opens.
        """
        ...


@pytest.fixture
def page_at(
    chromium: Browser, readers: Callable[[Reader], BrowserContext], demo_server: Served, tile_host: str
) -> Iterator[PageAt]:
    """Opens pages; the test fails if a page logs an error or sends a request to another site."""
    own_contexts: list[BrowserContext] = []
    pages: list[Page] = []
    monitor = PageMonitor(tile_host)

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
        reduced_motion: bool = True,
        served: Served | None = None,
        tolerate: str | None = None,
        prepare: Callable[[BrowserContext], None] | None = None,
    ) -> Page:
        site = (served or demo_server).url
        reader = Reader(timezone, locale, theme, touch, scripts, reduced_motion)
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
        monitor.attach(page, path, site, tiles=tiles, tolerate=tolerate)
        page.goto(site + path)
        return page

    yield open_page
    for page in pages:
        _close_and_forget(page)
    for context in own_contexts:
        context.close()
    assert monitor.errors == []


def _close_and_forget(page: Page) -> None:
    """Closes all pages of a page's context, and deletes cookies and stored data."""
    context = page.context
    try:  # not with `evaluate`, which has no timeout
        page.wait_for_function(CLEAR_STORAGE)
    except TimeoutError:
        raise
    except Error:  # the page is already closed
        pass
    for one in context.pages:
        one.close()
    context.clear_cookies()  # last, because an open page may still send requests with the session cookie


@pytest.fixture
def dock(page_at: PageAt) -> Dock:
    opened = Dock(page_at(WEEK, width=1280, height=800))
    opened.expect_period("7-13 July 2025")
    return opened


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The source of axe-core, an accessibility checker."""
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], None]:
    """Asserts that axe-core finds no accessibility violation in the current state of a page."""

    def check(page: Page) -> None:
        page.evaluate(axe_source)
        found: list[dict[str, Any]] = page.evaluate(
            """async () => {
              // WCAG 2.2, off by default. axe does not see the pseudo-elements that widen the grips.
              axe.configure({ rules: [{ id: "target-size", selector: "*:not(.dock-grip)", enabled: true }] });
              return (await axe.run(document, { resultTypes: ["violations"] })).violations;
            }"""
        )
        violations = [
            {"rule": one["id"], "help": one["help"], "at": [node["html"][:200] for node in one["nodes"][:5]]}
            for one in found
        ]
        assert violations == [], json.dumps(violations, indent=1)

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
    """A server with more events than the demo, and the ids of these events."""
    settings = make_settings(tmp_path_factory.mktemp("crowded"))
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        crowd = build_crowd(served)
        bring_columns_up_to_date(served, theatre)
        yield served, crowd
