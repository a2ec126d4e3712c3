"""Runs the code of the page in a browser: the areas of any day, until they are painted."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from typing_extensions import override

from app.models.control_area import AREA_STATUSES
from app.settings import PROJECT_DIRECTORY
from bench.report import Measurement, spread

VIEW: Final = (1280, 800)
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
# What is seen, and longitude, latitude, zoom.
VIEWS: Final = {"the whole theatre": (36.0, 48.3, 6), "a sector": (37.13, 48.25, 9), "a village": (37.13, 48.25, 12)}


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the checkout with the right media types and without a log."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def chromium(flags: Sequence[str] = FLAGS) -> Iterator[Browser]:
    """Returns the browser of `CHROMIUM`, else the one of the system, else Playwright's."""
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(flags))
        yield browser
        browser.close()


@contextmanager
def page_of_the_checkout() -> Iterator[Page]:
    """Yields a page that can load the modules of the checkout."""
    handler = partial(_Quiet, directory=str(PROJECT_DIRECTORY))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, chromium() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport={"width": VIEW[0], "height": VIEW[1]})
        page.goto(f"http://127.0.0.1:{server.server_port}/bench/blank.html")
        yield page
        server.shutdown()


def drawing(what: str, blocks: Sequence[bytes], times: int = 200) -> Iterator[Measurement]:
    """Measures how long a day takes from request to paint, far away and close by: any day, and the
    next day.
    """
    with page_of_the_checkout() as page:
        for number, block in enumerate(blocks):
            page.route(f"**/block/{number}", partial(_answer, block))
        asked: dict[str, Any] = {
            "parts": [f"/block/{number}" for number in range(len(blocks))],
            "statuses": list(AREA_STATUSES),
            "view": VIEW,
            "times": times,
        }
        for seen, at in VIEWS.items():
            for way, how in (("jump", "any day"), ("drag", "the next day")):
                told = page.evaluate(
                    "async (asked) => (await import('/bench/draw-areas.js')).measure(asked)",
                    asked | {"at": at, "way": way},
                )
                label = f"{what}, {told['vertices']} vertices, drawn at {VIEW[0]}x{VIEW[1]}: {seen}, {how}"
                yield from spread(label, told["milliseconds"], 16)


def _answer(block: bytes, route: Any) -> None:
    route.fulfill(body=block, content_type="application/octet-stream")
