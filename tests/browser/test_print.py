"""The printed map page: on A4 and Letter, in both orientations."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.crowd import LONG_LIST, Crowd
from tests.browser.map_page import JULY, wait_for_map
from tests.browser.test_list import JUNE, open_list

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

# The printable area in CSS pixels: 12 mm of margin on each side.
PAPERS = {"A4": (703, 1032), "A4 landscape": (1032, 703), "Letter": (725, 965), "Letter landscape": (965, 725)}

LAYOUT = """() => {
  const boxOf = (selector) => {
    const element = document.querySelector(selector);
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return element.checkVisibility() ? { left, right, top, bottom } : null;
  };
  const parts = ["#print-head", "#print-map", "#attribution", "#legend", "#panel"];
  return Object.fromEntries(parts.map((selector) => [selector, boxOf(selector)]));
}"""


def begin_print(page: Page, width: int, height: int) -> None:
    """Shows the page as it is printed. The event comes first, as in a browser."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="print")


@pytest.mark.parametrize(
    "paper", [pytest.param(one, marks=() if one == "A4 landscape" else pytest.mark.long) for one in PAPERS]
)
def test_print_has_title_days_map_legend_credits_and_address(page_at: PageAt, paper: str) -> None:
    width, height = PAPERS[paper]
    # Without tiles of another site, whose pixels a test cannot read.
    page = page_at(JULY, 1280, 800, theme="dark", tiles=False)
    wait_for_map(page)
    page.get_by_role("button", name="List of events").click()
    page.locator("#panel .row-button").first.click()
    expect(page.locator("#panel .card-actions")).to_be_visible()
    begin_print(page, width, height)

    head = page.locator("#print-head")
    expect(head).to_contain_text("Frontline")
    expect(head).to_contain_text("15\N{EN DASH}21 July 2025")
    expect(head).to_contain_text("events")
    expect(head).to_contain_text(re.compile(r"at=48\.27,37\.1,11.*from=2025-07-15&to=2025-07-21.*event="))
    expect(page.locator("#legend")).to_contain_text("Occupied")
    for hidden in ("#dock", ".head", ".chip", ".zoom", "#list-toggle", ".panel-bar"):
        expect(page.locator(hidden).first).to_be_hidden()
    boxes = page.evaluate(LAYOUT)
    for part, box in boxes.items():
        assert box is not None, f"{part} is not printed"
        assert 0 <= box["left"] < box["right"] <= width + 1, f"{part} is cut at the side"
    for (part, box), (other, its) in combinations(boxes.items(), 2):
        beside = box["right"] <= its["left"] + 1 or its["right"] <= box["left"] + 1
        below = box["bottom"] <= its["top"] + 1 or its["bottom"] <= box["top"] + 1
        assert beside or below, f"{part} and {other} overlap"
    picture = boxes["#print-map"]
    ratio = (picture["right"] - picture["left"]) / (picture["bottom"] - picture["top"])
    assert ratio == pytest.approx(1280 / 800, rel=0.02), "the whole map is printed"
    assert boxes["#legend"]["bottom"] <= height, "map and legend are on the first page"
    # The corner of the picture has the colour of light ground, although the page is dark.
    light = page.evaluate(
        "() => [...document.querySelector('#print-map').getContext('2d').getImageData(600, 60, 1, 1).data]"
    )
    assert min(light[:3]) > 200
    page.emulate_media(media="null")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    # The browser itself sends the events. The card goes on to other pages.
    printed = page.pdf(format=paper.split()[0], landscape="landscape" in paper, prefer_css_page_size=True)
    pages = re.findall(rb"/Count (\d+)", printed)
    assert pages in ([b"2"], [b"3"]), "first the map, then the card"
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")


def test_a_part_of_a_long_list_says_so_on_paper(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at(JUNE, served=crowded[0])
    open_list(page)
    expect(page.locator(".list-body .row")).to_have_count(50)
    expect(page.locator(".list-printed")).to_be_hidden()
    begin_print(page, *PAPERS["A4"])
    expect(page.locator(".list-printed")).to_have_text(f"The first 50 of {LONG_LIST + 2} events")
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".list-body .row")).to_have_count(LONG_LIST + 2)
    begin_print(page, *PAPERS["A4"])
    expect(page.locator(".list-printed")).to_be_hidden()
