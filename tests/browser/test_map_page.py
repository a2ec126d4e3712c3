"""The map page as a reader meets it: opening, events drawn, clicked and pointed at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from app.fields.words import SOURCE_CLASSES, TIME_PRECISIONS, VERIFICATIONS
from app.geo.event_columns import Dictionary, Rows, encode
from tests.browser.map_page import JULY, WIDE, centre, colours, drawn, marks
from tests.browser.waiting import comes_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_opens_with_events_and_asks_for_no_cookie(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    drawn(page)
    expect(page.locator(".dock-period")).not_to_be_empty()
    assert marks(page) > 500
    assert page.context.cookies() == []


def test_events_are_drawn_by_geometry_and_precision(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    with_line = marks(page)
    page.goto(page.url.replace("from=2025-07-15&to=2025-07-21", "from=2025-07-19&to=2025-07-19"))
    drawn(page)
    assert marks(page) < with_line / 3, "the band of the road covers much of the map"


def test_a_click_opens_the_card_of_what_is_there(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    page.wait_for_url(re.compile(r"event=[0-9a-f-]{36}$"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.wait_for_url(lambda url: "event=" not in url)


def test_a_click_on_a_line_opens_it(page_at: PageAt) -> None:
    page = page_at("/?at=48.40061,36.71598,13&from=2025-07-21&to=2025-07-21", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_contain_text("E50")


def test_a_click_on_nothing_closes_the_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_be_visible()
    page.mouse.click(400, 300)
    expect(page.locator("#panel")).to_be_hidden()


def test_the_pointer_says_what_it_points_at(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.move(*centre(page))
    expect(page.locator("#tip")).to_have_text("Advance · 19\N{EN DASH}21 July 2025 · Geolocated")
    page.mouse.move(400, 300)
    expect(page.locator("#tip")).to_be_hidden()


def channels(colour: str) -> NDArray[np.int64]:
    """Red, green and blue of `#rrggbb`."""
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)])


def tens_of_thousands(count: int = 40_000) -> Callable[[BrowserContext], None]:
    """Answer a page with so many made-up events of a week in July."""
    numbers = np.arange(count)
    nothing = np.full(count, -1)
    rows = Rows(
        ids=np.stack((numbers, numbers), axis=1).astype(np.uint64),
        longitude=36.5 + numbers * 7919 % 120_000 / 1e5,
        latitude=48 + numbers * 104_729 % 60_000 / 1e5,
        day=20_284 + numbers * 7 // count,  # from 15 July 2025
        days=np.ones(count, dtype=np.int64),
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
    told = {"url": "/api/collections/events/columns/parts/many", "events": count, "spans": False}
    days = {"first_day": "2025-07-15", "last_day": "2025-07-21"}
    part = told | days | {"bytes": len(blob), "decoded_bytes": len(blob)}

    def answer(context: BrowserContext) -> None:
        manifest = {"format": 1, "stale": False, "events": count, **days, "parts": [part]}
        context.route("**/events/columns/parts", lambda route: route.fulfill(json=manifest))
        context.route("**/events/columns/parts/many", lambda route: route.fulfill(body=blob))

    return answer


def test_tens_of_thousands_of_events_are_drawn(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, prepare=tens_of_thousands())
    expect(page.locator(".dock-count")).to_contain_text("40,000 of 40,000")
    assert marks(page) > 300_000
    sides = {
        page.evaluate(f"() => getComputedStyle(document.documentElement).getPropertyValue('--side-{side}').trim()")
        for side in ("ru", "ua")
    }
    found = [channels(colour) for colour in colours(page, opaque=200)]
    for side in sides:
        # A pixel that is not opaque keeps its colour but for what rounding takes.
        assert any(abs(one - other).max() <= 2 for one in found for other in (channels(side),)), side


def test_names_lie_under_a_few_marks_and_over_many(page_at: PageAt) -> None:
    page = page_at(JULY.replace("48.27,37.1,11", "48.3,37.1,13"), *WIDE, tiles=False, prepare=tens_of_thousands())
    lie = {pane: page.locator(f"#map .leaflet-{pane}-pane").first for pane in ("names", "overlay")}

    def names_are_above() -> bool:
        order = {pane: int(one.evaluate("(pane) => getComputedStyle(pane).zIndex")) for pane, one in lie.items()}
        return order["names"] > order["overlay"]

    assert comes_to(page, names_are_above)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in", exact=True).click()
    assert comes_to(page, lambda: not names_are_above())


def test_what_is_named_early_is_what_the_page_asks_for_and_comes_once(page_at: PageAt) -> None:
    asked: list[str] = []
    unused: list[str] = []

    def note(context: BrowserContext) -> None:
        context.on("request", lambda request: asked.append(request.url) if "/columns/" in request.url else None)
        context.on("console", lambda message: unused.append(message.text) if "preload" in message.text else None)

    page = page_at(JULY, *WIDE, prepare=note)
    drawn(page)
    page.wait_for_load_state("networkidle")
    named = page.locator('link[rel="preload"][as="fetch"]').evaluate_all("(links) => links.map((link) => link.href)")
    assert len(named) > 1
    assert set(named) <= set(asked)
    assert len(asked) == len(set(asked))
    # Some seconds after a page has loaded, Chromium reports what was fetched for nothing.
    page.wait_for_function(
        "() => performance.now() > performance.getEntriesByType('navigation')[0].loadEventEnd + 4000", polling=100
    )
    assert unused == []
