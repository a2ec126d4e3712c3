"""A million events: size and time of the transfer, frames while the slider moves (with peers), and
the page.

The page needs a database with a million events; `BENCH_KEEP` names a directory that keeps it for
the next run.
"""

from __future__ import annotations

import base64
import http.server
import json
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, TimeoutError
from typing_extensions import override

from app.derived.event_columns import QUALITY
from app.settings import PROJECT_DIRECTORY
from bench import page as map_page
from bench.browser import chromium
from bench.report import Measurement, format_number
from bench.synthetic_blobs import Blobs, write_blobs

HERE: Final = PROJECT_DIRECTORY / "bench"
SIZES: Final = (100_000, 1_000_000)
WINDOWS: Final = {"30 days": 30, "365 days": 365, "cumulative": None}
# Ways that are known to fall behind get fewer steps, and none gets more than so long.
STEPS: Final = 120
BUDGET_MS: Final = 10_000
GIVE_UP_MS: Final = 100_000
PEERS: Final = {
    "markers": "Leaflet, canvas circle markers",
    "markercluster": "Leaflet.markercluster",
    "glify": "leaflet.glify",
    "deck": "deck.gl, DataFilterExtension",
}
# No GPU, and no waiting for a screen: a frame takes as long as its work.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu-vsync",
    "--disable-frame-rate-limit",
    "--disable-gpu-compositing",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


_RUN: Final = """asked => {
  window.outcome = null;
  run(asked).then((told) => (window.outcome = told), (error) => (window.outcome = { error: String(error) }));
}"""


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter."""
    yield from wire()
    yield from slider()
    yield from map_page.measure()


def install_peers() -> None:
    """Installs the peers into bench/node_modules, as listed in bench/package-lock.json."""
    if not (HERE / "node_modules" / "flatgeobuf").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)  # noqa: S607 - the project's own


@cache
def folder() -> Path:
    """Yields the directory for the encoded columns of a run."""
    made = tempfile.TemporaryDirectory(prefix="frontline-bench-")
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@cache
def blobs(count: int) -> Blobs:
    """Returns the encoded columns of some events, made once in a run."""
    return write_blobs(count, folder())


def wire() -> Iterator[Measurement]:
    """Yields bytes per event, and how long a script takes to decode them."""
    install_peers()
    for count in SIZES:
        made = blobs(count)
        what = f"{count:,} events".replace(",", "\u202f")
        target = 5.0 if count == SIZES[-1] else None
        yield Measurement(f"{what}: own columns, brotli {QUALITY}", made.brotli_bytes / count, "bytes/event", target)
        yield Measurement(f"{what}: own columns, gzip {QUALITY}", made.gzip_bytes / count, "bytes/event")
        per_million = 1_000_000 / count
        yield Measurement(f"{what}: encoding, for a million, processor time", made.encode_seconds * per_million, "s")
        yield Measurement(
            f"{what}: encoding and brotli, for a million, processor time",
            (made.encode_seconds + made.brotli_seconds) * per_million,
            "s",
            1,
        )
        for told in _in_node("wire.mjs", made):
            name = f"{what}: {told['format']}"
            if told["bytes"]:
                yield Measurement(f"{name}, as it is", told["bytes"] / count, "bytes/event")
                yield Measurement(f"{name}, gzip 6", told["gzip"] / count, "bytes/event")
            reach = 50 if told["format"].startswith("own") else None
            yield Measurement(f"{name}, read, processor time", told["read_ms"], "ms", reach)


def _in_node(script: str, made: Blobs) -> list[dict[str, Any]]:
    command: list[str | Path] = ["node", "--max-old-space-size=8000", HERE / script, *made.files]
    done = subprocess.run(command, capture_output=True, check=True, timeout=600)  # noqa: S603 - our own program
    return [json.loads(line) for line in done.stdout.splitlines()]


def slider() -> Iterator[Measurement]:
    """Yields frame times while the window moves: 1000 x 700 pixels, with histogram and count where
    supported.
    """
    install_peers()
    with serving() as site, chromium(FLAGS) as browser:
        for count in SIZES:
            for words, length in WINDOWS.items():
                what = f"{format_number(count)} events, {words}"
                found = frames(browser, site, "frontline", count, length)
                yield from _summarize(f"{what}: Frontline", found, targets=count == SIZES[-1])
        for way, name in PEERS.items():
            for count in SIZES:
                for words, length in WINDOWS.items():
                    # Of a million: what makes no object for each, and one window, since a frame
                    # takes seconds.
                    if count > SIZES[0] and (way in {"markers", "markercluster"} or length != WINDOWS["365 days"]):
                        continue
                    what = f"{format_number(count)} events, {words}"
                    yield from _summarize(f"{what}: {name}", frames(browser, site, way, count, length), targets=False)


def frames(browser: Browser, site: str, way: str, count: int, length: int | None) -> dict[str, Any] | None:
    """Measures the frame times of one renderer; returns None if it did not finish in time.

    Raises:
        RuntimeError: it failed, or drew nothing.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(GIVE_UP_MS)
    try:
        page.goto(f"{site}/bench/slider.html")
        page.wait_for_function("window.ready")
        asked = {
            "files": [f"/blobs/{file.name}" for file in blobs(count).files],
            "way": way,
            "length": length,
            "steps": STEPS,
            "budgetMs": BUDGET_MS,
        }
        page.evaluate(_RUN, asked)
        page.wait_for_function("window.outcome !== null", timeout=GIVE_UP_MS)
        outcome: dict[str, Any] = page.evaluate("window.outcome")
        if "error" not in outcome:
            outcome["pixels"] = _pixels_drawn(page)
    except TimeoutError:
        return None
    finally:
        page.close()
    if "error" in outcome or not outcome["pixels"]:
        raise RuntimeError(f"{way}, {count} events: {outcome.get('error', 'nothing is drawn')}")
    return outcome


def _pixels_drawn(page: Page) -> int:
    """Counts the pixels of the map that are not background: a renderer that draws nothing is
    fast.
    """
    picture = page.locator("#map").screenshot()
    count: int = page.evaluate("picture => countDrawn(picture)", base64.b64encode(picture).decode())
    return count


def _summarize(what: str, found: dict[str, Any] | None, *, targets: bool) -> Iterator[Measurement]:
    if found is None or not found["frames"]:
        yield Measurement(f"{what}: no frame within", GIVE_UP_MS / 1000, "s")
        return
    taken = sorted(found["frames"])
    yield Measurement(f"{what}, frame, median", statistics.median(taken), "ms", 5 if targets else None)
    late = taken[max(0, round(0.95 * len(taken)) - 1)]
    yield Measurement(f"{what}, frame, 95th percentile", late, "ms", 16.7 if targets else None)
    yield Measurement(f"{what}, pixels drawn at the end", found["pixels"], "pixels")


class _Files(http.server.SimpleHTTPRequestHandler):
    """Serves the files of the project and of the peers, and the encoded columns."""

    roots: Final = {
        "/static/": PROJECT_DIRECTORY / "static",
        "/bench/": HERE,
        "/peers/": HERE / "node_modules",
        "/leaflet/": PROJECT_DIRECTORY / "node_modules" / "leaflet" / "dist",
    }
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    @override
    def translate_path(self, path: str) -> str:
        for prefix, root in (*self.roots.items(), ("/blobs/", folder())):
            if path.startswith(prefix):
                found = (root / path.removeprefix(prefix).partition("?")[0]).resolve()
                return str(found if found.is_relative_to(root.resolve()) else root / "nothing")
        return str(HERE / "nothing")

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """Serves the files on the loopback address while the block runs."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
