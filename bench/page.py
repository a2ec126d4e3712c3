"""The map page with a million events: first view, time from click to card, frames while the slider
moves.

Each is measured on a desktop, and on an emulated phone with a processor slowed down six times.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import statistics
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.browser import chromium
from bench.report import Measurement, format_number, spread
from bench.server_parts import database, frontline_server, wait_for_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

EVENTS: Final = 1_000_000
PATIENCE_MS: Final = 60_000
OPENINGS: Final = 5
CLICKS: Final = 12
# Where is clicked: many spots of one event, and spots that carry as many as a card lists.
VIEWS: Final = {"30 days": ("48.3,37.6,10", 30), "all days": ("48.3,37.6,9", None)}
DRAG_STEPS: Final = 120
DRAG_PX: Final = 1.5
SEED: Final = 42
PARTS: Final = "/api/collections/events/columns/parts"


@dataclass(frozen=True)
class Device:
    """A device that shows the page."""

    name: str
    width: int
    height: int
    slower: int
    touch: bool
    judged: bool

    def blank(self, browser: Browser) -> tuple[Page, CDPSession]:
        """Returns a page without a cache that has the measuring scripts."""
        context = browser.new_context(
            viewport={"width": self.width, "height": self.height},
            has_touch=self.touch,
            is_mobile=self.touch,
            device_scale_factor=2 if self.touch else 1,
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_MEASURE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": self.slower})
        session.send("Network.enable")
        return page, session


def _go(page: Page, address: str) -> None:
    """Opens a URL and waits for the first count."""
    page.goto(address, wait_until="commit")
    page.evaluate("firstCountMs")


DEVICES: Final = (
    Device("desktop", 1280, 800, slower=1, touch=False, judged=True),
    Device("phone, 6 times slower", 390, 844, slower=6, touch=True, judged=False),
)

# In the page: when the first count is on screen; from the press that ends a click to the frame with
# a card; and frames.
_MEASURE: Final = """
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
window.firstCountMs = new Promise((done) => {
  const watch = new MutationObserver(() => {
    if (!/[0-9]/.test(document.querySelector(".dock-count")?.textContent ?? "")) return;
    watch.disconnect();
    done(painted());
  });
  watch.observe(document, { childList: true, characterData: true, subtree: true });
});
window.clicked = () => {
  window.opened = new Promise((done) => {
    addEventListener("click", async (event) => {
      const start = event.timeStamp;
      const found = { card: null, filled: null };
      while (found.filled === null && performance.now() - start < 5000) {
        const now = await painted();
        const card = document.querySelector("#panel:not([hidden]) .card");
        if (card) found.card ??= now - start;
        if (card && !card.matches(".card-shell")) found.filled ??= now - start;
      }
      done(found);
    }, { capture: true, once: true });
  });
};
window.framesOf = () => {
  const frames = [];
  let last = null;
  let going = true;
  requestAnimationFrame(function next(now) {
    if (last !== null) frames.push(now - last);
    last = now;
    if (going) requestAnimationFrame(next);
  });
  window.endFrames = () => { going = false; return frames; };
};
"""
# Places of the map that nothing lies over and that are drawn on, as x and y.
_DRAWN: Final = """() => {
  const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
  const box = canvas.getBoundingClientRect();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = [];
  for (let y = Math.ceil(Math.max(0, box.top)); y < Math.min(innerHeight, box.bottom); y += 3) {
    for (let x = Math.ceil(Math.max(0, box.left)); x < Math.min(innerWidth, box.right); x += 3) {
      const column = Math.floor(((x - box.left) / box.width) * canvas.width);
      const row = Math.floor(((y - box.top) / box.height) * canvas.height);
      if (data[4 * (row * canvas.width + column) + 3] > 200 && document.elementFromPoint(x, y)?.closest("#map"))
        found.push([x, y]);
    }
  }
  return found;
}"""


def measure() -> Iterator[Measurement]:
    """Yields the measurements of each device."""
    kept = os.environ.get("BENCH_KEEP")
    with (
        database(EVENTS, kept=Path(kept) / str(EVENTS) if kept else None) as (cluster, folder, _),
        frontline_server(folder) as (base, _),
        chromium() as browser,
    ):
        wait_for_columns(cluster)
        for device in DEVICES:
            yield from on(browser, base, device)


def on(browser: Browser, base: str, device: Device) -> Iterator[Measurement]:
    """Yields the measurements of one device."""
    what = f"page of {format_number(EVENTS)} events, {device.name}"
    yield from _first_view(browser, base, device, what)
    yield from _clicks(browser, base, device, what)
    yield from _drag(browser, base, device, what)


def _first_view(browser: Browser, base: str, device: Device, what: str) -> Iterator[Measurement]:
    """Opens the page without a cache: transferred bytes with headers, and the time until there is a
    count.
    """
    waited, before, after = [], 0.0, 0.0
    for _ in range(OPENINGS):
        page, session = device.blank(browser)
        received = _received(session)
        _go(page, f"{base}/")
        waited.append(page.evaluate("firstCountMs"))
        page.wait_for_load_state("networkidle")
        data = sum(size for url, size in received.items() if "/columns/" in url)
        after = sum(received.values())
        before = after - data
        page.context.close()
    yield Measurement(
        f"{what}: bytes of the first view before data", before / 1000, "kB", 250 if device.judged else None
    )
    yield Measurement(f"{what}: bytes with the last 90 days", after / 1000, "kB", 400 if device.judged else None)
    yield Measurement(
        f"{what}: first count on screen after opening, median of {OPENINGS}", statistics.median(waited), "ms"
    )


def _received(session: CDPSession) -> dict[str, float]:
    """Returns the transferred bytes by URL."""
    urls: dict[str, str] = {}
    sizes: dict[str, float] = defaultdict(float)
    session.on("Network.requestWillBeSent", lambda told: urls.update({told["requestId"]: told["request"]["url"]}))

    def finished(told: dict[str, Any]) -> None:
        sizes[urls.get(told["requestId"], "")] += told["encodedDataLength"]

    session.on("Network.loadingFinished", finished)
    return sizes


def _clicks(browser: Browser, base: str, device: Device, what: str) -> Iterator[Measurement]:
    """Clicks on drawn events; list and card are closed before each click."""
    cards: list[float] = []
    filled: list[float] = []
    for at, days in VIEWS.values():
        page, _ = _opened_on(browser, base, device, at, days)
        chance = random.Random(SEED)  # noqa: S311 - no secret
        for _ in range(CLICKS):
            x, y = chance.choice(page.evaluate(_DRAWN))  # a card may have moved the map
            page.evaluate("clicked()")
            (page.touchscreen.tap if device.touch else page.mouse.click)(x, y)
            found = page.evaluate("opened")
            if found["card"] is None or found["filled"] is None:
                raise RuntimeError(f"{what}: no card after a click on {x}, {y}")
            cards.append(found["card"])
            filled.append(found["filled"])
            page.keyboard.press("Escape")
            page.locator("#panel").wait_for(state="hidden")
            page.wait_for_timeout(400)  # a sheet that closes moves
        page.context.close()
    count = len(cards)
    yield Measurement(f"{what}: click to card, median of {count}", statistics.median(cards), "ms")
    yield Measurement(f"{what}: click to card, worst of {count}", max(cards), "ms", 100 if device.judged else None)
    yield Measurement(
        f"{what}: click to card with title and sources, median of {count}", statistics.median(filled), "ms"
    )
    yield Measurement(f"{what}: click to card with title and sources, worst of {count}", max(filled), "ms")


def _drag(browser: Browser, base: str, device: Device, what: str) -> Iterator[Measurement]:
    """Drags a window of 365 days: time between frames, and the part of it that the page itself
    uses.
    """
    page, session = _opened_on(browser, base, device, "48.5,36.5,7", 365)
    session.send("Performance.enable")
    (x, _), (_, y) = _middle(page, '[data-grip="window"]'), _middle(page, ".dock-chart")
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("framesOf()")
    before = metrics(session)
    for step in range(DRAG_STEPS):
        # There and back, so that the window stays within its axis.
        away = DRAG_PX * (step if step < DRAG_STEPS / 2 else DRAG_STEPS - step)
        page.mouse.move(x - away, y)
    after = metrics(session)
    frames: list[float] = page.evaluate("endFrames()")
    page.mouse.up()
    page.context.close()
    yield from spread(f"{what}: 365 days dragged, from frame to frame", frames)
    work = 1000 * (after["TaskDuration"] - before["TaskDuration"]) / len(frames)
    yield Measurement(f"{what}: 365 days dragged, work of the page's thread in a frame, mean", work, "ms")


def _middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    if box is None:
        raise RuntimeError(f"{selector} is not there")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def metrics(session: CDPSession) -> dict[str, float]:
    """Returns what the browser counts of a page."""
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


def _opened_on(browser: Browser, base: str, device: Device, at: str, days: int | None) -> tuple[Page, CDPSession]:
    """Opens a view with all of its events; `days` end with the newest event, None means all."""
    with urllib.request.urlopen(base + PARTS) as answer:  # noqa: S310 - loopback
        told = json.load(answer)
    newest = max(part["last_day"] for part in told["parts"] if not part["spans"])
    first = told["first_day"] if days is None else dt.date.fromisoformat(newest) - dt.timedelta(days=days - 1)
    page, session = device.blank(browser)
    _go(page, f"{base}/?at={at}&from={first}&to={newest}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)  # what arrived last is put together
    return page, session
