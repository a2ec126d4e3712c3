"""Checks the layout of a page by geometry: everything is reachable, nothing overlaps, and targets
are large enough.

`problems_of` returns one line for each problem:

- a control that is outside the page or cut off by an element that does not scroll;
- a control that another element covers, or whose target is too small;
- two surfaces that overlap, such as legend and dock;
- words over words, words that are cut off, and words of legend, dock or chips that end in dots.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Smallest side of a target in pixels (WCAG 2.2: 24), for a mouse and for touch.
MOUSE_TARGET = 24
TOUCH_TARGET = 44

FIND_PROBLEMS = Path(__file__).with_suffix(".js").read_text("utf-8")

# The share of the window where the map is visible, at a grid of points.
MAP_SHARE = """(over) => {
  let [seen, all] = [0, 0];
  for (let x = 0.5; x < 40; x++) {
    for (let y = 0.5; y < 40; y++) {
      const stack = document.elementsFromPoint((x / 40) * innerWidth, (y / 40) * innerHeight);
      const top = stack.find((element) => !over || !element.closest(over));
      all++;
      if (top?.closest("#map")) seen++;
    }
  }
  return seen / all;
}"""

# Elements over the map that must not overlap each other.
SURFACES = (".head", ".chip", ".zoom", "#legend", "#credits", "#panel", "#dock", "#grip", ".notice")
# Elements that may cover the others for a moment.
IN_FRONT = (".menu[open] .menu-body", ".choice:popover-open", ".search-list", "dialog[open]")


def problems_of(page: Page, *, touch: bool) -> list[str]:
    """Returns the problems of the page's present state, one line each."""
    found: list[str] = page.evaluate(
        FIND_PROBLEMS,
        {"least": TOUCH_TARGET if touch else MOUSE_TARGET, "surfaces": SURFACES, "over": IN_FRONT},
    )
    return found


def map_share(page: Page) -> float:
    """Returns the share of the window that shows the map. What lies in front for a moment, such as
    the menu, does not count.
    """
    share: float = page.evaluate(MAP_SHARE, ".menu-body")
    return share


def width_share(page: Page, selector: str) -> float:
    """Returns the share of the window's width that an element has."""
    share: float = page.locator(selector).evaluate("(one) => one.getBoundingClientRect().width / innerWidth")
    return share
