"""The screens and states in which the layout of the map page is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from typing_extensions import override

from tests.browser.map_page import open_chip, wait_for_map
from tests.browser.waiting import wait_until_stable

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

# Two events of the demo are at the centre of this view.
STACK = "/?at=48.264,37.172,11&from=2025-07-15&to=2025-07-21"
STATES = ("map", "menu", "compare", "list", "card", "stack")


@dataclass(frozen=True)
class Screen:
    """A window.

    Args:
        width: in CSS pixels.
        height: in CSS pixels.
        touch: whether the pointer is a finger.
        zoom: the zoom of the browser; the window has this many times more pixels.
        text: the size of text that the reader chose, as a multiple of the usual 16 pixels.
    """

    width: int
    height: int
    touch: bool = False
    zoom: int = 1
    text: int = 1

    @property
    def is_portrait_phone(self) -> bool:
        return self.touch and self.width < 500 and self.width < self.height

    @override
    def __str__(self) -> str:
        name = f"{self.width * self.zoom}x{self.height * self.zoom}"
        return name + (f"-zoom-{self.zoom}" if self.zoom > 1 else "") + (f"-text-{self.text}" if self.text > 1 else "")


WIDE = Screen(1280, 800)
PHONE = Screen(390, 844, touch=True)
LANDSCAPE = Screen(844, 390, touch=True)
SCREENS = (
    WIDE,
    Screen(1920, 1080),
    Screen(768, 1024, touch=True),
    Screen(1024, 768),
    PHONE,
    Screen(360, 640, touch=True),
    LANDSCAPE,
    Screen(667, 375, touch=True),
    Screen(640, 400, zoom=2),
    Screen(320, 200, zoom=4),
    Screen(1280, 800, text=2),
    Screen(390, 844, touch=True, text=2),
)


def open_screen(page_at: PageAt, screen: Screen, path: str = STACK, *, theme: str = "light") -> Page:
    """Opens the map page on a screen."""
    page = page_at(path, screen.width, screen.height, touch=screen.touch, theme=theme)
    if screen.zoom > 1 or screen.text > 1:
        session = page.context.new_cdp_session(page)
        session.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": screen.width, "height": screen.height, "deviceScaleFactor": screen.zoom, "mobile": screen.touch},
        )
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * screen.text, "fixed": 13 * screen.text}})
        page.reload()
    wait_for_map(page)
    return page


def enter(page: Page, state: str) -> None:
    """Changes the page from its first state, or from the state before in `STATES`, to a state."""
    if state == "menu":
        page.locator("[data-menu] > summary").click()
    elif state == "compare":
        page.keyboard.press("Escape")
        open_chip(page, "compare")
        page.locator(".compare-start button").click()
        expect(page.locator(".compare-table")).to_be_visible()
    elif state == "list":
        page.keyboard.press("Escape")
        page.locator("#list-toggle").click()
        expect(page.locator("#panel .row-button").first).to_be_visible()
    elif state == "card":
        page.locator("#panel .row-button").first.click()
        expect(page.locator("#panel .card-actions")).to_be_visible()
    elif state == "stack":
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        page.locator("#map").click()
        expect(page.locator("#panel .stack .row-button")).to_have_count(2)
    wait_until_stable(page, lambda: page.locator("#sheet").evaluate("(one) => one.getBoundingClientRect().top"))
