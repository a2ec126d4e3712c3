"""The layout of the map page: accessibility, no overlaps, the sheet on a phone, touch targets."""

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


# Sizes between a desktop and the smallest phone, which `make test` tries.
LONG_SIZES = [(1024, 700), (768, 1024), PHONES[0]]


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


OVERLAPS = """() => {
  const ids = [".head", ".chips", ".zoom", "#legend", "#credits", "#panel", "#dock", "#notice"];
  const boxes = ids.flatMap((id) => {
    const element = document.querySelector(id);
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && box.width && box.height ? [{ id, box }] : [];
  });
  const sheet = getComputedStyle(document.querySelector("#sheet")).display !== "contents";
  const found = [];
  for (const { id, box } of boxes) {
    const fits = box.left >= -0.5 && box.right <= innerWidth + 0.5 && box.top >= -0.5;
    if (!fits && id !== ".chips") found.push(`${id} leaves the page`);
    for (const other of boxes) {
      if (other.id <= id) continue;
      if (sheet && ["#panel", "#dock"].includes(id) && ["#panel", "#dock"].includes(other.id)) continue;
      const apart = box.right <= other.box.left + 0.5 || other.box.right <= box.left + 0.5
        || box.bottom <= other.box.top + 0.5 || other.box.bottom <= box.top + 0.5;
      if (!apart) found.push(`${id} and ${other.id}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize(
    "size", [WIDE, *(pytest.param(size, marks=pytest.mark.long) for size in LONG_SIZES), PHONES[-1]]
)
def test_nothing_overlaps(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=size in PHONES)
    wait_for_map(page)
    assert page.evaluate(OVERLAPS) == []
    page.locator("#list-toggle").click()
    expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate(OVERLAPS) == []


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


@pytest.mark.parametrize("size", [pytest.param(PHONES[0], marks=pytest.mark.long), *PHONES[1:]])
def test_touch_targets_are_large_enough(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=True)
    wait_for_map(page)
    small: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".head :is(button, summary, input), .zoom-button, .chip, summary")]
          .filter((element) => element.checkVisibility())
          .map((element) => {
            const box = element.getBoundingClientRect();
            const after = getComputedStyle(element, "::after");
            const widened = after.position === "absolute" && after.content !== "none";
            const more = widened ? -parseFloat(after.top) * 2 || 0 : 0;
            return [element.className || element.id, Math.round(box.width), Math.round(box.height + more)];
          })
          .filter(([, width, height]) => width < 40 || height < 44)
          .map((found) => found.join(" "))"""
    )
    assert small == []
