"""The dock: drags, keys, touch, wheel, playing, modes, dates; what it says is what the map shows, in UTC everywhere.

Ranges of days are written here with a hyphen; the page has the dash that typographers want.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

DASH = "\N{EN DASH}"
WEEK = "/?from=2025-07-07&to=2025-07-13"


@dataclass
class Dock:
    """The dock as a reader meets it."""

    page: Page
    selector: str = "#dock"

    @property
    def root(self) -> Locator:
        return self.page.locator(self.selector)

    @property
    def shown(self) -> Locator:
        return self.root.locator(".dock-shown")

    @property
    def play(self) -> Locator:
        return self.root.locator(".dock-play")

    @property
    def frame(self) -> Locator:
        return self.root.locator(".dock-window")

    def grip(self, name: str) -> Locator:
        return self.root.locator(f'[data-grip="{name}"]')

    def mode(self, name: str) -> None:
        self.root.locator(f'label:has(input[value="{name}"])').click()

    def box(self, locator: Locator) -> dict[str, float]:
        box = locator.bounding_box()
        assert box is not None
        return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}

    def pixels_per_day(self, days: int = 7) -> float:
        """Of the axis now; ``days`` is the length of the window."""
        return self.box(self.frame)["width"] / days

    def hold(self, name: str) -> tuple[float, float]:
        """Where a grip can be held: in the middle of the body, at the handle of an end."""
        box, chart = self.box(self.grip(name)), self.box(self.root.locator(".dock-chart"))
        x = {"from": box["x"] - 2, "to": box["x"] + box["width"] + 2}.get(name, box["x"] + box["width"] / 2)
        return x, chart["y"] + chart["height"] / 2

    def drag(self, name: str, days: float, *, ppd: float | None = None) -> None:
        """Drag a grip some days with the mouse, in several moves."""
        x, y = self.hold(name)
        far = days * (ppd or self.pixels_per_day())
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + far / 2, y, steps=3)
        self.page.mouse.move(x + far, y, steps=3)
        self.page.mouse.up()

    def expect_shown(self, words: str) -> None:
        expect(self.shown).to_have_text(words.replace("-", DASH))

    def expect_frame(self, condition: str, *than: float) -> None:
        """Wait until the frame of the window fulfils a condition on its `box` and the numbers `than`."""
        self.page.wait_for_function(
            f"""(than) => {{ const box = document.querySelector(".dock-window").getBoundingClientRect();
              return {condition}; }}""",
            arg=list(than),
        )

    def expect_width(self, pixels: float) -> None:
        self.expect_frame("Math.abs(box.width - than[0]) < 1", pixels)


@pytest.fixture
def dock(page_at: PageAt) -> Dock:
    opened = Dock(page_at(WEEK, width=1280, height=800))
    opened.expect_shown("7-13 July 2025")
    return opened


def test_says_what_is_shown_how_much_and_when(dock: Dock) -> None:
    expect(dock.root.locator(".dock-count")).to_have_text(re.compile(r"^\d+ of [\d\u202f]+ events · UTC$"))
    expect(dock.grip("from")).to_have_attribute("aria-valuetext", "7 July 2025")
    expect(dock.grip("to")).to_have_attribute("aria-valuetext", "13 July 2025")
    expect(dock.grip("window")).to_have_attribute("aria-valuetext", f"7{DASH}13 July 2025")
    expect(dock.root.get_by_label("From", exact=True)).to_have_value("2025-07-07")
    expect(dock.root.get_by_label("To", exact=True)).to_have_value("2025-07-13")
    expect(dock.root.get_by_role("img")).to_have_attribute("aria-label", re.compile("Histogram of the events"))


def test_body_is_dragged(dock: Dock) -> None:
    dock.drag("window", -5)
    dock.expect_shown("2-8 July 2025")
    dock.drag("window", 3)
    dock.expect_shown("5-11 July 2025")


def test_ends_are_dragged_and_never_pass_each_other(dock: Dock) -> None:
    dock.drag("from", -3)
    dock.expect_shown("4-13 July 2025")
    dock.drag("to", 2, ppd=dock.pixels_per_day(10))
    dock.expect_shown("4-15 July 2025")
    dock.drag("from", 40, ppd=dock.pixels_per_day(12))
    dock.expect_shown("15 July 2025")


def test_drag_beyond_the_edge_moves_the_axis(dock: Dock) -> None:
    x, y = dock.hold("window")
    plot = dock.box(dock.root.locator(".dock-chart"))
    dock.page.mouse.move(x, y)
    dock.page.mouse.down()
    dock.page.mouse.move(plot["x"] - 60, y, steps=4)
    before = dock.root.get_by_label("From", exact=True).input_value()
    dock.page.wait_for_function("before => document.querySelector('#dock input[type=date]').value < before", arg=before)
    dock.page.mouse.up()


def test_axis_is_dragged_and_the_window_stays(dock: Dock) -> None:
    plot = dock.box(dock.root.locator(".dock-chart"))
    left = dock.box(dock.frame)["x"]
    y = plot["y"] + 10
    dock.page.mouse.move(plot["x"] + 20, y)
    dock.page.mouse.down()
    dock.page.mouse.move(plot["x"] + 80, y, steps=5)
    dock.page.mouse.up()
    dock.expect_frame("box.x > than[0] + 40", left)
    dock.expect_shown("7-13 July 2025")


def test_click_on_the_axis_brings_the_window_there(dock: Dock) -> None:
    frame, ppd = dock.box(dock.frame), dock.pixels_per_day()
    dock.page.mouse.click(frame["x"] + frame["width"] / 2 - 14 * ppd, frame["y"] + 10)
    dock.expect_shown("23-29 June 2025")


def test_double_click_shows_all_of_time_and_keeps_the_window(dock: Dock) -> None:
    frame = dock.box(dock.frame)
    dock.page.mouse.dblclick(frame["x"] - 200, frame["y"] + 10)
    dock.expect_frame("box.width < than[0] / 2", frame["width"])
    dock.expect_shown("7-13 July 2025")


def test_double_click_on_the_window_keeps_it(dock: Dock) -> None:
    dock.drag("window", -5)
    dock.expect_shown("2-8 July 2025")
    frame = dock.box(dock.frame)
    dock.page.mouse.dblclick(frame["x"] + frame["width"] / 2, frame["y"] + 10)
    dock.expect_frame("box.width < than[0] / 2", frame["width"])
    dock.expect_shown("2-8 July 2025")


def test_wheel_changes_the_span_under_the_pointer(dock: Dock) -> None:
    frame = dock.box(dock.frame)
    middle = frame["x"] + frame["width"] / 2
    dock.page.mouse.move(middle, frame["y"] + 10)
    dock.page.mouse.wheel(0, -300)
    dock.expect_frame("box.width > than[0] * 1.5", frame["width"])
    zoomed = dock.box(dock.frame)
    assert abs(zoomed["x"] + zoomed["width"] / 2 - middle) < 2
    dock.page.mouse.wheel(-200, 0)
    dock.expect_frame("box.x > than[0] + 50", zoomed["x"])
    dock.expect_shown("7-13 July 2025")


def test_keys(dock: Dock) -> None:
    press = dock.page.keyboard.press
    dock.grip("window").focus()
    for key, words in {
        "ArrowLeft": "6-12 July 2025",
        "ArrowRight": "7-13 July 2025",
        "Shift+ArrowLeft": "30 June - 6 July 2025",
        "Shift+ArrowUp": "7-13 July 2025",
        "ArrowDown": "6-12 July 2025",
    }.items():
        press(key)
        dock.expect_shown(words)
    press("Home")
    dock.expect_shown("24 Feb - 2 Mar 2022")
    expect(dock.frame).to_be_in_viewport()
    press("End")
    expect(dock.grip("window")).to_have_attribute(
        "aria-valuenow", dock.grip("window").get_attribute("aria-valuemax") or ""
    )


def test_keys_on_the_ends(dock: Dock) -> None:
    press = dock.page.keyboard.press
    dock.grip("from").focus()
    press("ArrowLeft")
    dock.expect_shown("6-13 July 2025")
    press("End")
    dock.expect_shown("13 July 2025")
    dock.grip("to").focus()
    press("Shift+ArrowRight")
    dock.expect_shown("13-20 July 2025")
    press("Home")
    dock.expect_shown("13 July 2025")


def test_plus_and_minus_change_the_span(dock: Dock) -> None:
    dock.grip("window").focus()
    width = dock.box(dock.frame)["width"]
    dock.page.keyboard.press("+")
    dock.expect_width(width * 1.5)
    dock.page.keyboard.press("-")
    dock.expect_width(width)
    dock.page.get_by_role("button", name="Show less time").click()
    dock.expect_width(width * 1.5)
    dock.page.get_by_role("button", name="Show all of time").click()
    dock.expect_frame("box.width < than[0]", width)


def test_every_control_is_reached_with_tab(dock: Dock) -> None:
    dock.play.focus()
    seen = []
    for _ in range(18):
        dock.page.keyboard.press("Tab")
        seen.append(
            dock.page.evaluate(
                """() => { const { type, dataset } = document.activeElement;
                  return document.activeElement.closest("#dock") ? dataset.grip || type : ""; }"""
            )
        )
    for control in ["radio", "select-one", "from", "window", "to", "date", "button"]:
        assert control in seen, (control, seen)


def test_plays_pauses_and_stops_when_dragged(dock: Dock) -> None:
    # At a pace at which it does not come to its end, and to a button that plays again, before the pause is pressed.
    dock.page.get_by_label("Speed").select_option("7")
    dock.drag("window", -30)
    dock.expect_shown("7-13 June 2025")
    dock.page.get_by_role("button", name="Play").click()
    expect(dock.shown).not_to_have_text(f"7{DASH}13 June 2025")
    dock.page.get_by_role("button", name="Pause").click()
    dock.page.wait_for_timeout(200)  # the map may have one more step to draw
    paused = dock.shown.text_content() or ""
    dock.page.wait_for_timeout(300)  # two more, if it went on
    expect(dock.shown).to_have_text(paused)

    dock.grip("window").focus()
    dock.page.keyboard.press("Space")
    expect(dock.play).to_have_attribute("aria-label", "Pause")
    dock.drag("window", -2)
    expect(dock.play).to_have_attribute("aria-label", "Play")


def test_plays_to_the_end_and_stops(dock: Dock) -> None:
    dock.page.get_by_label("Speed").select_option("30")
    dock.page.get_by_role("button", name="Play").click()
    expect(dock.play).to_have_attribute("aria-label", "Play", timeout=10_000)
    end = dock.grip("window")
    assert end.get_attribute("aria-valuenow") == end.get_attribute("aria-valuemax")


def test_modes(dock: Dock) -> None:
    dock.mode("cumulative")
    dock.expect_shown("Up to 13 July 2025")
    expect(dock.grip("to")).to_be_in_viewport()
    expect(dock.root.get_by_role("slider")).to_have_count(1)
    expect(dock.root.get_by_label("From", exact=True)).to_be_hidden()
    dock.drag("to", 2, ppd=4)
    expect(dock.shown).to_have_text(re.compile("^Up to 1[3-5] July 2025$"))
    dock.root.get_by_label("To", exact=True).fill("2025-07-13")
    dock.expect_shown("Up to 13 July 2025")

    dock.mode("day")
    dock.expect_shown("13 July 2025")
    expect(dock.root.get_by_role("slider")).to_have_count(1)
    dock.grip("window").focus()
    dock.page.keyboard.press("ArrowLeft")
    dock.expect_shown("12 July 2025")

    dock.mode("window")
    dock.expect_shown("6-12 July 2025")


def test_link_with_a_mode_opens_in_it(page_at: PageAt) -> None:
    page = page_at("/?mode=day&from=2025-07-13&to=2025-07-13", width=1280, height=800)
    Dock(page).expect_shown("13 July 2025")
    expect(page.locator('#dock input[value="day"]')).to_be_checked()


def test_date_fields_are_inclusive_and_say_what_is_wrong(dock: Dock) -> None:
    first, last = dock.root.get_by_label("From", exact=True), dock.root.get_by_label("To", exact=True)
    first.fill("2025-07-01")
    dock.expect_shown("1-13 July 2025")
    last.fill("2025-07-10")
    dock.expect_shown("1-10 July 2025")

    first.fill("2025-07-12")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_have_text("“From” is after “to”.")
    expect(first).to_have_attribute("aria-invalid", "")
    dock.expect_shown("1-10 July 2025")
    expect(first).to_have_value("2025-07-12")

    last.fill("2025-07-14")
    last.press("Enter")
    first.fill("1999-01-01")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_have_text(re.compile("“From” must be from 24 February 2022 to "))
    first.fill("2025-07-12")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_be_hidden()
    dock.expect_shown("12-14 July 2025")


@pytest.mark.parametrize("timezone", ["Pacific/Honolulu", "America/New_York", "Pacific/Kiritimati"])
def test_days_are_utc_days_whatever_the_readers_zone(page_at: PageAt, timezone: str) -> None:
    dock = Dock(page_at(WEEK, width=1280, height=800, timezone=timezone))
    dock.expect_shown("7-13 July 2025")
    expect(dock.root.get_by_label("From", exact=True)).to_have_value("2025-07-07")
    dock.grip("window").focus()
    dock.page.keyboard.press("ArrowRight")
    dock.expect_shown("8-14 July 2025")
    expect(dock.page).to_have_url(re.compile("from=2025-07-08&to=2025-07-14"))


def test_bar_under_the_pointer_says_what_it_stands_for(page_at: PageAt) -> None:
    dock = Dock(page_at("/?from=2025-07-15&to=2025-07-21", width=1280, height=800))
    dock.expect_shown("15-21 July 2025")
    frame = dock.box(dock.frame)
    dock.page.mouse.move(frame["x"] + frame["width"] - 3, frame["y"] - 30)
    dock.page.mouse.move(frame["x"] + 2.5 * frame["width"] / 7, frame["y"] + 8)
    tip = dock.root.locator(".dock-tip")
    expect(tip).to_have_text(re.compile(r"^Thu,? 17 Jul 2025 · events: \d+ · showing Russia: \d+$"))
    dock.page.mouse.move(10, 10)
    expect(tip).to_be_hidden()


COLOURS = """() => [...document.querySelectorAll(".dock-bars")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) found.add(data.slice(i, i + 3).join());
  return [...found].sort().join(" ");
})"""


def test_bars_take_the_colours_of_the_theme(page_at: PageAt) -> None:
    dock = Dock(page_at("/?from=2025-07-15&to=2025-07-21", width=1280, height=800))
    dock.expect_shown("15-21 July 2025")
    light = dock.page.evaluate(COLOURS)
    assert all(light)
    assert light[0] != light[1]  # quiet outside the window, dark inside
    dock.page.emulate_media(color_scheme="dark")
    dock.page.wait_for_timeout(100)
    night = dock.page.evaluate(COLOURS)
    assert not set(night) & set(light)
    dock.page.evaluate("() => { document.documentElement.dataset.theme = 'light'; }")
    dock.page.wait_for_timeout(100)
    assert dock.page.evaluate(COLOURS) == light


def test_moving_the_window_draws_no_bar(dock: Dock) -> None:
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
    dock.expect_shown("20-23 June 2025")
    assert dock.page.evaluate("() => globalThis.drawn") == 0
    dock.page.get_by_role("button", name="Show less time").click()
    dock.page.wait_for_function("() => globalThis.drawn > 0")


def test_nothing_jumps(dock: Dock) -> None:
    places = """() => ["play", "plot", "transport", "dates", "span"].map((name) => {
      const box = document.querySelector(`.dock-${name}`).getBoundingClientRect();
      return [name, box.x, box.y, box.width, box.height].join(" ");
    })"""
    before = dock.page.evaluate(places)
    for mode in ["cumulative", "day", "window"]:
        dock.mode(mode)
        assert dock.page.evaluate(places) == before, mode
    dock.grip("from").focus()
    dock.page.keyboard.press("Home")  # the longest words there are
    expect(dock.shown).to_have_text(re.compile(f"2022 {DASH} "))
    assert dock.page.evaluate(places) == before
    assert dock.shown.evaluate("(words) => words.scrollWidth <= words.clientWidth")


# A dock of the test's own, over a map that shows what is asked for only when the test says so.
SLOW_MAP = """async () => {
  const config = JSON.parse(document.querySelector("#config").textContent);
  const [{ createStore }, { createDock }, { createTranslate }] = await Promise.all(
    ["state/store", "ui/dock", "lib/messages"].map((name) => import(`/static/js/${name}.js`)));
  const root = document.createElement("section");
  root.className = "dock";
  root.style.width = "1000px";
  document.body.replaceChildren(root);
  const window = { from: 20276, to: 20283 }; // 7 to 13 July 2025
  const store = createStore({ window, shown: window, mode: "window", playing: null, assessors: [] });
  const selection = { get: () => null, watch: () => () => {} };
  const territory = { get: () => null, series: () => null, watch: () => () => {}, start() {} };
  const dock = createDock(root, { store, selection, territory, config, t: createTranslate({}) });
  globalThis.ours = { store, dock, show: () => store.set({ shown: store.get().window }) };
}"""


def test_label_follows_what_is_shown_and_the_grips_what_is_asked(dock: Dock) -> None:
    page, ours = dock.page, Dock(dock.page, ".dock")
    page.evaluate(SLOW_MAP)
    ours.expect_shown("7-13 July 2025")
    page.evaluate("() => ours.store.set({ window: { from: 20266, to: 20273 } })")
    expect(ours.grip("window")).to_have_attribute("aria-valuetext", f"27 June {DASH} 3 July 2025")
    ours.expect_shown("7-13 July 2025")
    page.evaluate("() => ours.store.set({ mode: 'cumulative' })")
    ours.expect_shown("7-13 July 2025")
    page.evaluate("() => ours.show()")
    ours.expect_shown("Up to 3 July 2025")


def test_playing_waits_for_what_it_asked_for(dock: Dock) -> None:
    page = dock.page
    page.evaluate(SLOW_MAP)
    page.evaluate("() => ours.store.set({ playing: 30 })")
    page.wait_for_function("() => ours.store.get().window.from > 20276")
    asked = page.evaluate("() => ours.store.get().window.from")
    page.wait_for_timeout(400)
    assert page.evaluate("() => ours.store.get().window.from") == asked
    page.evaluate("() => ours.show()")
    page.wait_for_function("(asked) => ours.store.get().window.from > asked", arg=asked)
    assert page.evaluate("() => ours.store.get().window.from") <= asked + 8  # nothing is made up for


def test_dock_leaves_nothing_behind(dock: Dock) -> None:
    page = dock.page
    page.evaluate(SLOW_MAP)
    page.evaluate("() => { ours.store.set({ playing: 30 }); ours.dock.destroy(); }")
    expect(page.locator("section")).to_be_empty()
    before = page.evaluate("() => ours.store.get().window.from")
    page.wait_for_timeout(150)
    assert page.evaluate("() => ours.store.get().window.from") == before


class Fingers:
    """Touches, as a phone sends them."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)

    def _send(self, kind: str, points: list[tuple[float, float]]) -> None:
        touches: list[dict[str, Any]] = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def move(self, start: list[tuple[float, float]], end: list[tuple[float, float]], steps: int = 8) -> None:
        """All fingers go from where they touch to where they lift."""
        self._send("touchStart", start)
        for step in range(1, steps + 1):
            share = step / steps
            self._send(
                "touchMove",
                [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in zip(start, end, strict=True)],
            )
        self._send("touchEnd", [])


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640)])
def test_touch(page_at: PageAt, width: int, height: int) -> None:
    page = page_at(WEEK, width=width, height=height, touch=True)
    dock, fingers = Dock(page), Fingers(page)
    dock.expect_shown("7-13 July 2025")
    ppd = dock.pixels_per_day()

    x, y = dock.hold("window")
    fingers.move([(x, y)], [(x - 5 * ppd, y + 2)])
    dock.expect_shown("2-8 July 2025")

    x, y = dock.hold("from")
    fingers.move([(x - 15, y + 25)], [(x - 15 - 3 * ppd, y + 25)])  # beside the handle, as thumbs do
    expect(dock.grip("from")).to_have_attribute("aria-valuetext", "29 June 2025")

    before = dock.box(dock.frame)
    chart = dock.box(dock.root.locator(".dock-chart"))
    y = chart["y"] + 10
    middle = chart["x"] + chart["width"] / 2
    fingers.move([(middle - 40, y), (middle + 40, y)], [(middle - 100, y), (middle + 100, y)])
    dock.expect_frame("box.width > than[0] * 1.8", before["width"])


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640)])
def test_targets_are_wide_enough_for_thumbs(page_at: PageAt, width: int, height: int) -> None:
    page = page_at(WEEK, width=width, height=height, touch=True)
    dock = Dock(page)
    dock.expect_shown("7-13 July 2025")
    more = dock.root.get_by_role("button", name="Dates and span")
    expect(dock.root.get_by_label("From", exact=True)).to_be_hidden()
    more.tap()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(dock.root.get_by_label("From", exact=True)).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll("#dock :is(button, select, label, input[type=date])")]
          .filter((e) => e.checkVisibility({ visibilityProperty: true }))
          .map((e) => [e.className || e.tagName, e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44)
          .map(([name, box]) => `${name} ${box.width} by ${box.height}`)"""
    )
    assert small == []
    # 44 px beside each other: the first end, the body, the last end.
    chart = dock.box(dock.root.locator(".dock-chart"))
    hits = page.evaluate(
        """([left, right, y]) => { const found = {}; for (let x = left; x < right; x++) {
          const grip = document.elementFromPoint(x, y)?.dataset.grip; if (grip) found[grip] = (found[grip] ?? 0) + 1; }
          return found; }""",
        [chart["x"], chart["x"] + chart["width"], chart["y"] + 20],
    )
    assert all(hits.get(name, 0) >= 43 for name in ("from", "window", "to")), hits


def test_no_barrier_in_any_mode(dock: Dock, axe: Callable[[Page], None]) -> None:
    for mode in ["window", "cumulative", "day"]:
        dock.mode(mode)
        axe(dock.page)
