"""The map page with a real line: the first view on a slow connection, and steps from day to day.

The line is DeepState's history of the shared data; without that there is nothing to measure.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine

from app.database.engines import server_options
from app.exchange.territory.importing import TerritoryOptions, import_territory
from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre
from bench.browser import chromium
from bench.page import Device, metrics
from bench.report import Measurement, format_number, spread
from bench.server_parts import database, frontline_server, wait_for_columns
from bench.territory import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

EVENTS: Final = 31_000
OPENINGS: Final = 5
# 1.6 Mbit/s down, half of it up, and the way there and back.
SLOW: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
FOUR_TIMES_SLOWER: Final = Device("slow connection", 1280, 800, slower=4, touch=False, judged=True)
DESKTOP: Final = Device("desktop", 1280, 800, slower=1, touch=False, judged=True)
DAYS: Final = 60
# Both within the line's history; a week of events, as in the opening view.
WINDOW: Final = "from=2025-05-01&to=2025-05-07"
# When the canvas of the areas has something on it, and when the dock has a count.
_SEEN: Final = """() => new Promise((done) => {
  const found = { count: null, line: null };
  requestAnimationFrame(function look() {
    if (/[0-9]/.test(document.querySelector(".dock-count")?.textContent ?? "")) found.count ??= performance.now();
    const areas = document.querySelector("#map .leaflet-areas-pane canvas:not([hidden])");
    if (areas && areas.width > 0) found.line ??= performance.now();
    if (found.count && found.line) done(found);
    else requestAnimationFrame(look);
  });
})"""
_STEP: Final = """async () => {
  const { textContent: before } = document.querySelector(".dock-period");
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  while (document.querySelector(".dock-period").textContent === before) await new Promise(requestAnimationFrame);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter."""
    if not DATA.is_dir():
        return
    with database(EVENTS, kept=None) as (cluster, folder, _):
        options = server_options(statement_seconds=0, lock_seconds=10)
        engine = create_engine(cluster.url("frontline_app"), connect_args={"options": options})
        theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
        import_territory(engine, theatre, [DATA / "deepstate-history"], "deepstate", TerritoryOptions(public=True))
        engine.dispose()
        with frontline_server(folder) as (base, _), chromium() as browser:
            wait_for_columns(cluster)
            yield from _first_view(browser, base)
            yield from _days(browser, base)


def _first_view(browser: Browser, base: str) -> Iterator[Measurement]:
    """Opens the page without a cache."""
    found: list[dict[str, Any]] = []
    for _ in range(OPENINGS):
        page, session = FOUR_TIMES_SLOWER.blank(browser)
        session.send("Network.emulateNetworkConditions", SLOW)
        page.goto(f"{base}/?{WINDOW}", wait_until="commit")
        found.append(page.evaluate(_SEEN))
        page.context.close()
    for what in ("count", "line"):
        seconds = statistics.median(one[what] for one in found) / 1000
        yield Measurement(f"1.6 Mbit/s, processor 4 times slower: first {what}, median of {OPENINGS}", seconds, "s", 3)


def _days(browser: Browser, base: str) -> Iterator[Measurement]:
    """Steps from day to day: processor time of the page's thread until the day is drawn."""
    page, session = DESKTOP.blank(browser)
    page.goto(f"{base}/?{WINDOW}&mode=day&at=48.3,37.6,8")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.locator('[data-grip="window"]').focus()
    taken = []
    for _ in range(DAYS):
        before = metrics(session)["TaskDuration"]
        page.evaluate(_STEP)
        taken.append(1000 * (metrics(session)["TaskDuration"] - before))
    page.context.close()
    yield from spread(f"{format_number(EVENTS)} events and a line, a day further, processor time", taken, 16)
