"""What tests of the map page share: links to it, and what is seen on it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

WIDE = (1280, 800)
PHONE = (390, 844)


PHONES = [PHONE, (360, 640)]


JULY = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"


def drawn(page: Page) -> None:
    """Wait until the map has drawn what was asked for: the dock's label follows it."""
    expect(page.locator(".dock-count")).to_contain_text("events")


def marks(page: Page) -> int:
    """How many pixels of the events' canvas have a colour."""
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


def colours(page: Page, opaque: int = 255) -> set[str]:
    """The colours on the events' canvas, where they are so opaque (of 255)."""
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


def centre(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
