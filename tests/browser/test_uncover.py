"""The map moves once to show the selected event beside the card; nothing else moves."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_page import wait_for_map
from tests.browser.waiting import wait_until, wait_until_stable

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

# Two events of the demo, and the size of the world at the zoom level of the tests.
LONGITUDE, LATITUDE = 37.172, 48.264
ZOOM = 11
WORLD_PX: float = 256 * 2**ZOOM


def down(latitude: float) -> float:
    """Projects a latitude: pixels from the equator, growing to the south."""
    north: float = math.asinh(math.tan(math.radians(latitude)))
    return -north / 2 / math.pi * float(WORLD_PX)


def view_with_mark(dx: float, dy: float) -> str:
    """Returns the URL of a view whose centre lies so many pixels left of and above the events."""
    north = down(LATITUDE) - dy
    latitude = math.degrees(math.atan(math.sinh(-north / WORLD_PX * 2 * math.pi)))
    return f"/?at={latitude:.5f},{LONGITUDE - dx / WORLD_PX * 360:.5f},{ZOOM}&from=2025-07-15&to=2025-07-21"


def mark_of(page: Page) -> tuple[float, float]:
    """Returns where the events are in the window, by the view in the URL."""
    found = re.search(r"at=([-0-9.]+),([-0-9.]+)", page.url)
    box = page.locator("#map").bounding_box()
    assert found is not None
    assert box is not None
    latitude, longitude = map(float, found.groups())
    return (
        box["x"] + box["width"] / 2 + (LONGITUDE - longitude) / 360 * WORLD_PX,
        box["y"] + box["height"] / 2 + down(LATITUDE) - down(latitude),
    )


def shows_map(page: Page, at: tuple[float, float]) -> bool:
    """Returns whether nothing covers the map at a place of the window."""
    shown: bool = page.evaluate("([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('#map'))", list(at))
    return shown


CONTROLS = """() => [...document.querySelectorAll(".head, .chip, .zoom, #legend, #credits, #dock")]
  .map((element) => [element.className || element.id, ...Object.values(element.getBoundingClientRect().toJSON())])"""


def test_a_click_where_the_card_opens_moves_the_mark_beside_it(page_at: PageAt) -> None:
    page = page_at(view_with_mark(460, 60), 1280, 800)
    wait_for_map(page)
    before: Any = page.evaluate(CONTROLS)
    page.mouse.click(1100, 460)
    expect(page.locator("#panel .card-actions")).to_be_visible()
    x, y = wait_until(page, lambda: mark_of(page), lambda at: shows_map(page, at))
    panel = page.locator("#panel").bounding_box()
    assert panel is not None
    assert panel["x"] - 60 < x < panel["x"], "the mark moved no further than it had to"
    assert abs(y - 460) < 3
    assert page.evaluate(CONTROLS) == before, "no other control moved"


@pytest.mark.parametrize("size", [(390, 844), pytest.param((360, 640), marks=pytest.mark.long)])
def test_a_tapped_spot_stays_visible_above_the_sheet(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(view_with_mark(0, 0), *size, touch=True)
    wait_for_map(page)
    box = page.locator("#map").bounding_box()
    assert box is not None
    right, below = 105, box["height"] / 2 - 90  # beside the legend, above credits and sheet
    page.goto(page.url.split("?")[0] + view_with_mark(right, below)[1:])
    wait_for_map(page)
    page.touchscreen.tap(size[0] / 2 + right, box["y"] + box["height"] - 90)
    expect(page.locator("#panel .stack .row-button")).to_have_count(2)
    wait_until_stable(page, lambda: page.locator("#sheet").bounding_box())
    x, y = wait_until(page, lambda: mark_of(page), lambda at: shows_map(page, at))
    assert shows_map(page, (x, y)), (x, y)
    # The stack can be scrolled to the card of its event.
    title = page.locator("#card-title")
    title.scroll_into_view_if_needed()
    panel, heading = page.locator("#panel").bounding_box(), title.bounding_box()
    assert panel is not None
    assert heading is not None
    assert panel["y"] <= heading["y"] <= panel["y"] + panel["height"] - 20
