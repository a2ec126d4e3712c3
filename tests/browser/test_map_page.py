"""The map page: opening, drawing events, clicks and the tooltip."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.fields.words import SOURCE_CLASSES, TIME_PRECISIONS, VERIFICATIONS
from app.geo.event_columns import Dictionary, Rows, encode
from tests.browser.map_page import JULY, WIDE, canvas_colours, coloured_pixels, map_centre, wait_for_map
from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_opens_with_events_and_sets_no_cookie(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    wait_for_map(page)
    expect(page.locator(".dock-period")).not_to_be_empty()
    assert coloured_pixels(page) > 500
    assert page.context.cookies() == []


def test_events_are_drawn_by_geometry_and_precision(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    with_line = coloured_pixels(page)
    page.goto(page.url.replace("from=2025-07-15&to=2025-07-21", "from=2025-07-19&to=2025-07-19"))
    wait_for_map(page)
    assert coloured_pixels(page) < with_line / 3, "the band of the road covers much of the map"


def test_a_click_on_a_mark_opens_its_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    wait_for_map(page)
    page.mouse.click(*map_centre(page))
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    page.wait_for_url(re.compile(r"event=[0-9a-f-]{36}$"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.wait_for_url(lambda url: "event=" not in url)


def test_a_click_on_a_line_opens_its_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.40061,36.71598,13&from=2025-07-21&to=2025-07-21", *WIDE)
    wait_for_map(page)
    page.mouse.click(*map_centre(page))
    expect(page.locator("#card-title")).to_contain_text("E50")


def test_a_click_on_the_empty_map_closes_the_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    wait_for_map(page)
    page.mouse.click(*map_centre(page))
    expect(page.locator("#card-title")).to_be_visible()
    page.mouse.click(400, 300)
    expect(page.locator("#panel")).to_be_hidden()


def distance_to_tip(page: Page) -> float:
    """Returns the distance of the text beside the pointer from the middle of the map, in pixels."""
    box = page.locator("#tip").bounding_box()
    assert box is not None
    x, y = map_centre(page)
    across = max(box["x"] - x, x - box["x"] - box["width"], 0)
    return math.hypot(across, max(box["y"] - y, y - box["y"] - box["height"], 0))


def test_tooltip_describes_the_event_under_the_pointer(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    wait_for_map(page)
    page.mouse.move(*map_centre(page))
    expect(page.locator("#tip span")).to_have_text("Advance · 19\N{EN DASH}21 July 2025 · Geolocated")
    expect(page.locator("#tip .tip-title")).to_contain_text("Zvirove")
    assert distance_to_tip(page) >= 30, "the marks around the pointer are visible"
    page.mouse.move(400, 300)
    expect(page.locator("#tip")).to_be_hidden()
    page.mouse.move(*map_centre(page))
    expect(page.locator("#tip .tip-title")).to_contain_text("Zvirove")
    page.evaluate("document.querySelector('.dock-play').click()")  # without moving the pointer
    expect(page.locator("#tip")).to_be_hidden()


def channels(colour: str) -> NDArray[np.int64]:
    """Returns red, green and blue of `#rrggbb`."""
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)])


def answer_with_events(count: int = 40_000) -> Callable[[BrowserContext], None]:
    """Returns a function that answers a page's requests with generated events of a week in July."""
    numbers = np.arange(count)
    nothing = np.full(count, -1)
    rows = Rows(
        ids=np.stack((numbers, numbers), axis=1).astype(np.uint64),
        longitude=36.5 + numbers * 7919 % 120_000 / 1e5,
        latitude=48 + numbers * 104_729 % 60_000 / 1e5,
        day=20_284 + numbers * 7 // count,  # from 15 July 2025
        days=np.ones(count, dtype=np.int64),
        flags=np.zeros(count, dtype=np.int64),
        category=np.zeros(count, dtype=np.int64),
        actor=nothing,
        affected=numbers % 2,
        verification=numbers % 5,
        time_precision=np.full(count, 2),
        precision_m=nothing,
        origin=np.zeros(count, dtype=np.int64),
        source_classes=np.full(count, 8),
    )
    words = Dictionary(("clash",), ("ru", "ua"), VERIFICATIONS, TIME_PRECISIONS, ("desk",), SOURCE_CLASSES)
    blob = encode(rows, words)
    columns = {"url": "/api/collections/events/columns/parts/many", "events": count, "spans": False}
    days = {"first_day": "2025-07-15", "last_day": "2025-07-21"}
    part = columns | days | {"bytes": len(blob), "decoded_bytes": len(blob)}

    def answer(context: BrowserContext) -> None:
        manifest = {"format": 1, "stale": False, "events": count, **days, "parts": [part]}
        context.route("**/events/columns/parts", lambda route: route.fulfill(json=manifest))
        context.route("**/events/columns/parts/many", lambda route: route.fulfill(body=blob))

    return answer


def test_tens_of_thousands_of_events_are_drawn(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, prepare=answer_with_events())
    expect(page.locator(".dock-count")).to_contain_text("40,000 of 40,000")
    assert coloured_pixels(page) > 300_000
    sides = {
        page.evaluate(f"() => getComputedStyle(document.documentElement).getPropertyValue('--side-{side}').trim()")
        for side in ("ru", "ua")
    }
    found = [channels(colour) for colour in canvas_colours(page, opaque=200)]
    for side in sides:
        # Rounding changes the colour of pixels that are not opaque by at most 2.
        assert any(abs(one - other).max() <= 2 for one in found for other in (channels(side),)), side


def test_place_names_are_above_many_marks_and_below_few(page_at: PageAt) -> None:
    page = page_at(JULY.replace("48.27,37.1,11", "48.3,37.1,13"), *WIDE, tiles=False, prepare=answer_with_events())
    panes = {pane: page.locator(f"#map .leaflet-{pane}-pane").first for pane in ("names", "overlay")}

    def names_are_above() -> bool:
        order = {pane: int(one.evaluate("(pane) => getComputedStyle(pane).zIndex")) for pane, one in panes.items()}
        return order["names"] > order["overlay"]

    assert wait_until(page, names_are_above)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in", exact=True).click()
    assert wait_until(page, lambda: not names_are_above())


def test_preloaded_urls_are_requested_once(page_at: PageAt) -> None:
    requested: list[str] = []
    unused: list[str] = []

    def record(context: BrowserContext) -> None:
        data = re.compile("/columns/|/territory/history")
        context.on("request", lambda request: requested.append(request.url) if data.search(request.url) else None)
        context.on("console", lambda message: unused.append(message.text) if "preload" in message.text else None)

    page = page_at(JULY, *WIDE, prepare=record)
    wait_for_map(page)
    page.wait_for_load_state("networkidle")
    preloaded = page.locator('link[rel="preload"][as="fetch"]').evaluate_all(
        "(links) => links.map((link) => link.href)"
    )
    assert len(preloaded) > 1
    assert "/territory/history?" in preloaded[0], "the line is asked for first"
    assert set(preloaded) <= set(requested)
    assert len(requested) == len(set(requested))
    # Some seconds after a page has loaded, Chromium reports unused preloads.
    page.wait_for_function(
        "() => performance.now() > performance.getEntriesByType('navigation')[0].loadEventEnd + 4000", polling=100
    )
    assert unused == []
