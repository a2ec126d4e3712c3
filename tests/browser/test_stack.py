"""Many events at one place: their true number, their list, their mark, and their precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.crowd import STACK, STACK_PATH
from tests.browser.map_page import WIDE, map_centre, wait_for_map
from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.browser.crowd import Crowd
    from tests.conftest import Served

pytestmark = pytest.mark.browser

COUNT = f"{STACK} events here"
# Whether the canvas of the events has a colour at some pixels from the middle of the map.
PAINTED = """([right, down]) => {
  const map = document.querySelector("#map").getBoundingClientRect();
  const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const x = (map.x + map.width / 2 + right - box.x) * scale;
  const y = (map.y + map.height / 2 + down - box.y) * scale;
  return canvas.getContext("2d").getImageData(x, y, 1, 1).data[3] > 0;
}"""


def rows(page: Page) -> list[str]:
    """Returns the titles of the listed events at the place."""
    return page.locator(".stack .row-title").all_inner_texts()


def test_number_and_list_of_a_stack_are_complete(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    requested: list[str] = []
    page = page_at(STACK_PATH, *WIDE, served=crowded[0])
    wait_for_map(page)
    page.on("request", lambda request: requested.append(request.url) if "limit=50" in request.url else None)
    page.mouse.move(*map_centre(page))
    expect(page.locator("#tip")).to_have_text(f"{COUNT} · 1\N{EN DASH}30 January 2025")
    page.mouse.click(*map_centre(page))
    expect(page.locator("#card-stack")).to_have_text(COUNT)
    for shown in (50, 100):
        expect(page.locator(".stack-more")).to_contain_text(f"{shown} of {STACK} shown")
        page.get_by_role("button", name="Show more").click()
    expect(page.locator(".stack-more")).to_have_count(0)
    expect(page.locator("#card-stack")).to_have_text(COUNT)
    numbers = [int(title.split()[-1]) for title in rows(page)]
    assert sorted(numbers) == list(range(STACK))
    days = [number // 4 for number in numbers]
    assert days == sorted(days, reverse=True), "newest first"
    assert len(requested) == 3, "one request for each page"


def test_a_link_to_an_old_event_of_a_stack_lists_the_stack(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    served, crowd = crowded
    page = page_at(f"{STACK_PATH}&event={crowd.oldest_of_stack}", *WIDE, served=served)
    expect(page.locator("#card-title")).to_have_text("In the stack 0")
    expect(page.locator("#card-stack")).to_have_text(COUNT)
    expect(page.locator('.stack [aria-current="true"]')).to_contain_text("In the stack 0")
    expect(page.locator(".card-outside")).to_be_hidden()
    page.goto(page.url.replace("2025-01-01", "2025-01-05"))
    expect(page.locator(".card-outside")).to_have_text("Outside the period on the map: 5\N{EN DASH}31 January 2025")
    expect(page.locator("#card-stack")).to_have_text(f"{STACK - 16} events here")


def test_a_stack_is_drawn_as_many_and_with_its_precision(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at(STACK_PATH, *WIDE, served=crowded[0])
    wait_for_map(page)
    # 2 km are 78 pixels here. Events of unknown precision are above the event with the circle.
    assert wait_until(page, lambda: page.evaluate(PAINTED, [60, 0]))
    assert page.evaluate(PAINTED, [-60, 20])
    assert not page.evaluate(PAINTED, [100, 0])
    ring = [distance for distance in range(4, 14) if page.evaluate(PAINTED, [0, distance])]
    assert ring, "a ring around the mark"
