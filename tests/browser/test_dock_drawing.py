"""The drawing of the dock: bars, their colours, a stable layout, and a label that follows the
map.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.combinations import combine
from tests.browser.dock import DASH, Dock
from tests.browser.waiting import wait_frames, wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_tooltip_describes_the_bar_under_the_pointer(page_at: PageAt) -> None:
    dock = Dock(page_at("/?from=2025-07-15&to=2025-07-21", width=1280, height=800))
    dock.expect_period("15-21 July 2025")
    frame = dock.box(dock.frame)
    dock.page.mouse.move(frame["x"] + frame["width"] - 3, frame["y"] - 30)
    dock.page.mouse.move(frame["x"] + 2.5 * frame["width"] / 7, frame["y"] + 8)
    tip = dock.root.locator(".dock-tip")
    sides = r"Russia \d+, Ukraine \d+, Unknown or both \d+"
    expect(tip).to_have_text(re.compile(rf"^Thu,? 17 Jul 2025 · events: \d+ · affected side: {sides}$"))
    dock.page.mouse.move(10, 10)
    expect(tip).to_be_hidden()


COLOURS = """() => [...document.querySelectorAll(".dock-bars")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) found.add(data.slice(i, i + 3).join());
  return [...found].sort().join(" ");
})"""


def test_bars_have_the_colours_of_the_theme(page_at: PageAt) -> None:
    dock = Dock(page_at("/?from=2025-07-15&to=2025-07-21", width=1280, height=800))
    dock.expect_period("15-21 July 2025")
    light = dock.page.evaluate(COLOURS)
    assert all(light)
    assert light[0] != light[1]  # quiet outside the window, dark inside
    dock.page.emulate_media(color_scheme="dark")
    bars = partial(dock.page.evaluate, COLOURS)
    night: list[str] = wait_until(dock.page, bars, lambda colours: not set(colours) & set(light))
    assert not set(night) & set(light)
    dock.page.evaluate("() => { document.documentElement.dataset.theme = 'light'; }")
    assert wait_until(dock.page, bars, lambda colours: colours == light) == light


def test_moving_the_window_does_not_redraw_the_bars(dock: Dock) -> None:
    dock.page.evaluate(
        """() => { globalThis.drawn = 0;
          const { clearRect } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.clearRect = function (...box) {
            if (this.canvas.matches(".dock-bars")) globalThis.drawn++;
            return clearRect.apply(this, box);
          }; }"""
    )
    dock.drag("window", -20)
    dock.drag("from", 3)
    dock.expect_period("20-23 June 2025")
    assert dock.page.evaluate("() => globalThis.drawn") == 0
    dock.page.get_by_role("button", name="Timeline: zoom in").click()
    dock.page.wait_for_function("() => globalThis.drawn > 0")


def test_layout_of_the_dock_does_not_shift(dock: Dock) -> None:
    places = """() => ["play", "plot", "transport", "dates", "span"].map((name) => {
      const box = document.querySelector(`.dock-${name}`).getBoundingClientRect();
      return [name, box.x, box.y, box.width, box.height].join(" ");
    })"""
    before = dock.page.evaluate(places)
    for mode in ["cumulative", "day", "window"]:
        dock.mode(mode)
        assert dock.page.evaluate(places) == before, mode
    dock.grip("from").focus()
    dock.page.keyboard.press("Home")  # the longest label
    expect(dock.period).to_have_text(re.compile(f"2022 {DASH} "))
    assert dock.page.evaluate(places) == before
    assert dock.period.evaluate("(words) => words.scrollWidth <= words.clientWidth")


# A separate dock over a simulated map, which shows the requested days only when the test calls
# `show`.
SLOW_MAP = """async () => {
  const config = JSON.parse(document.querySelector("#config").textContent);
  const [{ createStore }, { createDock }, { createTranslate }] = await Promise.all(
    ["state/store", "ui/dock", "lib/messages"].map((name) => import(`/static/js/${name}.js`)));
  const root = document.createElement("section");
  root.className = "dock";
  root.style.width = "1000px";
  document.body.replaceChildren(root);
  const window = { from: 20276, to: 20283 }; // 7 to 13 July 2025
  const store = createStore({ window, shown: window, mode: "window", playing: null, assessors: [], problems: {} });
  const selection = { get: () => null, watch: () => () => {} };
  const territory = { get: () => null, series: () => null, watch: () => () => {}, start() {} };
  const change = { get: () => null, refusal: () => "", areas: () => null, watch: () => () => {} };
  const dock = createDock(root, { store, selection, territory, change, config, t: createTranslate({}, "en") });
  globalThis.ours = { store, dock, show: () => store.set({ shown: store.get().window }) };
}"""


def test_label_follows_the_map_and_handles_follow_the_input(dock: Dock) -> None:
    page, ours = dock.page, Dock(dock.page, ".dock")
    page.evaluate(SLOW_MAP)
    ours.expect_period("7-13 July 2025")
    page.evaluate("() => ours.store.set({ window: { from: 20266, to: 20273 } })")
    expect(ours.grip("window")).to_have_attribute("aria-valuetext", f"27 June {DASH} 3 July 2025")
    ours.expect_period("7-13 July 2025")
    # Heading and fields name the same days: those that the map shows.
    expect(ours.root.get_by_label("From", exact=True)).to_have_value("7 Jul 2025")
    expect(ours.root.get_by_label("To", exact=True)).to_have_value("13 Jul 2025")
    page.evaluate("() => ours.store.set({ mode: 'cumulative' })")
    ours.expect_period("7-13 July 2025")
    page.evaluate("() => ours.show()")
    ours.expect_period("Up to 3 July 2025")
    expect(ours.root.get_by_label("To", exact=True)).to_have_value("3 Jul 2025")


def test_playback_waits_for_the_map(dock: Dock) -> None:
    page = dock.page
    page.evaluate(SLOW_MAP)
    page.evaluate("() => ours.store.set({ playing: 30 })")
    page.wait_for_function("() => ours.store.get().window.from > 20276")
    requested = page.evaluate("() => ours.store.get().window.from")
    wait_frames(page, 24)
    assert page.evaluate("() => ours.store.get().window.from") == requested
    page.evaluate("() => ours.show()")
    page.wait_for_function("(requested) => ours.store.get().window.from > requested", arg=requested)
    assert page.evaluate("() => ours.store.get().window.from") <= requested + 8  # skipped days are not caught up


def test_destroy_removes_the_dock_and_stops_playback(dock: Dock) -> None:
    page = dock.page
    page.evaluate(SLOW_MAP)
    page.evaluate("() => { ours.store.set({ playing: 30 }); ours.dock.destroy(); }")
    expect(page.locator("section")).to_be_empty()
    before = page.evaluate("() => ours.store.get().window.from")
    wait_frames(page, 10)
    assert page.evaluate("() => ours.store.get().window.from") == before


# The space between the text of the label and its box, and the font size, in pixels.
ROOM = """(label) => {
  const range = new Range();
  range.selectNodeContents(label);
  const [words, box] = [range.getBoundingClientRect(), label.getBoundingClientRect()];
  const size = parseFloat(getComputedStyle(label).fontSize);
  return { right: box.right - words.right, bottom: box.bottom - words.bottom, size };
}"""


@pytest.mark.parametrize(("width", "language"), combine([1280, 390], ["en", "uk"]))
def test_label_is_never_clipped(page_at: PageAt, width: int, language: str) -> None:
    page = page_at(f"/?lang={language}", width=width, height=800)
    period = Dock(page).period
    for query in (
        "mode=cumulative&to=2025-09-30",
        "from=2024-11-20&to=2025-11-20",
        "from=2025-09-20&to=2025-11-20",
        "mode=day&from=2025-09-30&to=2025-09-30",
    ):
        page.goto(f"{page.url.split('?')[0]}?lang={language}&{query}")
        expect(period).not_to_be_empty()
        room: dict[str, float] = wait_until(
            page, lambda: period.evaluate(ROOM), lambda room: room["right"] >= 0 and room["bottom"] >= -4
        )
        assert room["right"] >= 0, (query, period.inner_text())
        assert room["bottom"] >= -4, (query, period.inner_text())
        assert room["size"] >= 12, (query, period.inner_text())
