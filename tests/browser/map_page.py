"""Helpers for the map page: URLs, controls and the content of the canvas."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

WIDE = (1280, 800)
PHONE = (390, 844)


PHONES = [PHONE, (360, 640)]


JULY = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"


def wait_for_map(page: Page) -> None:
    """Waits until the map has drawn its events; then the dock shows their number."""
    expect(page.locator(".dock-count")).to_contain_text(re.compile("events|подій|події"))


def coloured_pixels(page: Page) -> int:
    """Returns the number of pixels of the events' canvas that are not transparent."""
    count: int = page.evaluate(
        """() => {
          const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let n = 3; n < data.length; n += 4) if (data[n] > 0) count++;
          return count;
        }"""
    )
    return count


def canvas_colours(page: Page, opaque: int = 255) -> set[str]:
    """Returns the colours of the pixels of the events' canvas with at least this alpha value."""
    found: list[str] = page.evaluate(
        """(opaque) => {
          const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let n = 0; n < data.length; n += 4) {
            if (data[n + 3] < opaque) continue;
            found.add([0, 1, 2].map((channel) => data[n + channel].toString(16).padStart(2, "0")).join(""));
          }
          return [...found];
        }""",
        opaque,
    )
    return {f"#{colour}" for colour in found}


def search_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def open_chip(page: Page, name: str) -> None:
    page.locator(f'[data-chip="{name}"]').click()


def map_centre(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
