"""The dock on a touch screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.dock import WEEK, Dock

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


class Fingers:
    """Sends touch events, as a phone does."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)

    def _send(self, kind: str, points: list[tuple[float, float]]) -> None:
        touches: list[dict[str, Any]] = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def move(self, start: list[tuple[float, float]], end: list[tuple[float, float]], steps: int = 8) -> None:
        """Moves all fingers from their start to their end."""
        self._send("touchStart", start)
        for step in range(1, steps + 1):
            share = step / steps
            self._send(
                "touchMove",
                [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in zip(start, end, strict=True)],
            )
        self._send("touchEnd", [])


@pytest.mark.parametrize(("width", "height"), [pytest.param(390, 844, marks=pytest.mark.long), (360, 640)])
def test_touch_gestures(page_at: PageAt, width: int, height: int) -> None:
    page = page_at(WEEK, width=width, height=height, touch=True)
    dock, fingers = Dock(page), Fingers(page)
    dock.expect_period("7-13 July 2025")
    ppd = dock.pixels_per_day()

    x, y = dock.hold("window")
    fingers.move([(x, y)], [(x - 5 * ppd, y + 2)])
    dock.expect_period("2-8 July 2025")

    x, y = dock.hold("from")
    fingers.move([(x - 15, y + 25)], [(x - 15 - 3 * ppd, y + 25)])  # next to the handle, like a thumb
    expect(dock.grip("from")).to_have_attribute("aria-valuetext", "29 June 2025")

    before = dock.box(dock.frame)
    chart = dock.box(dock.root.locator(".dock-chart"))
    y = chart["y"] + 10
    middle = chart["x"] + chart["width"] / 2
    fingers.move([(middle - 40, y), (middle + 40, y)], [(middle - 100, y), (middle + 100, y)])
    dock.expect_frame("box.width > than[0] * 1.8", before["width"])


@pytest.mark.parametrize(("width", "height"), [pytest.param(390, 844, marks=pytest.mark.long), (360, 640)])
def test_touch_targets_are_large_enough(page_at: PageAt, width: int, height: int) -> None:
    page = page_at(WEEK, width=width, height=height, touch=True)
    dock = Dock(page)
    dock.expect_period("7-13 July 2025")
    more = dock.root.get_by_role("button", name="Dates and range")
    expect(dock.root.get_by_label("From", exact=True)).to_be_hidden()
    more.tap()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(dock.root.get_by_label("From", exact=True)).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll("#dock :is(button, select, input[type=text])")]
          .filter((e) => e.checkVisibility({ visibilityProperty: true }))
          .map((e) => [e.className || e.tagName, e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44)
          .map(([name, box]) => `${name} ${box.width} by ${box.height}`)"""
    )
    assert small == []
    # The two handles and the window between them are each 44 px wide.
    chart = dock.box(dock.root.locator(".dock-chart"))
    hits = page.evaluate(
        """([left, right, y]) => { const found = {}; for (let x = left; x < right; x++) {
          const grip = document.elementFromPoint(x, y)?.dataset.grip; if (grip) found[grip] = (found[grip] ?? 0) + 1; }
          return found; }""",
        [chart["x"], chart["x"] + chart["width"], chart["y"] + 20],
    )
    assert all(hits.get(name, 0) >= 43 for name in ("from", "window", "to")), hits
