"""The layout of the map page: accessibility, and the sheet on a phone. `test_every_screen.py`
checks overlaps and targets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combinations import combine
from tests.browser.map_page import JULY, PHONES, WIDE, open_chip, search_box, wait_for_map
from tests.browser.waiting import wait_until_stable

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size", "theme"), combine([WIDE, PHONES[0]], ["light", "dark"]))
def test_map_page_is_accessible(
    page_at: PageAt, axe: Callable[[Page], None], size: tuple[int, int], theme: str
) -> None:
    page = page_at(f"{JULY}&q=the", *size, theme=theme, touch=size != WIDE)
    wait_for_map(page)
    axe(page)
    open_chip(page, "category")
    axe(page)


@pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.long), "dark"])
def test_text_pages_are_accessible(page_at: PageAt, axe: Callable[[Page], None], theme: str) -> None:
    page = page_at("/about", *WIDE, theme=theme, tolerate="404")
    axe(page)
    for path in ("/api/docs", "/nothing"):
        page.goto(page.url[: page.url.index("/", 8)] + path)
        axe(page)


def test_search_and_menu_are_accessible(page_at: PageAt, axe: Callable[[Page], None]) -> None:
    page = page_at("/?from=2025-01-01&to=2025-01-07", *WIDE)
    search_box(page).fill("48.5, 37.9")
    expect(page.get_by_role("listbox")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.locator("details[data-menu] summary").click()
    axe(page)


@pytest.mark.parametrize("size", [pytest.param(PHONES[0], marks=pytest.mark.long), *PHONES[1:]])
def test_sheet_has_three_heights(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=True)
    wait_for_map(page)
    sheet, grip = page.locator("#sheet"), page.locator("#grip")
    heights: dict[str, float] = {}

    def height_at(level: str) -> float:
        expect(sheet).to_have_attribute("data-level", level)
        height: float = wait_until_stable(
            page, lambda: sheet.evaluate("(sheet) => sheet.getBoundingClientRect().height")
        )
        return height

    heights["dock"] = height_at("half")
    grip.focus()
    page.keyboard.press("ArrowDown")
    heights["peek"] = height_at("peek")
    page.locator("#list-toggle").click()
    heights["half"] = height_at("half")
    page.locator("#grip").press("ArrowUp")
    heights["full"] = height_at("full")
    assert heights["peek"] < heights["dock"] < heights["full"]
    assert heights["peek"] < heights["half"] < heights["full"]
    assert heights["full"] <= size[1] - 60


def test_sheet_is_dragged(page_at: PageAt) -> None:
    page = page_at(JULY, 390, 844, touch=True)
    wait_for_map(page)
    box = page.locator("#grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + step * 25)
    page.mouse.up()
    expect(page.locator("#sheet")).to_have_attribute("data-level", "peek")
