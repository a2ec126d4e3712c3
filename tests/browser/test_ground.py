"""The built-in background map: land, water and borders, and place names where no tiles are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

GROUND = PROJECT_DIRECTORY / "static" / "ground" / "ground.json"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not GROUND.is_file(), reason="the ground was not made: make assets"),
]

AZOV = "/?at=46.2,36.5,8"
MIDDLE = (640, 400)  # of the view


def colour_in(page: Page, pane: str, x: int, y: int) -> str:
    """Returns the colour of a pane's canvas at a point of the viewport, as `#rrggbb`."""
    colour: str = page.evaluate(
        """([pane, x, y]) => {
          const canvas = document.querySelector(`#map .leaflet-${pane}-pane canvas`);
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const at = [(x - box.left) * scale, (y - box.top) * scale].map(Math.round);
          const copy = new OffscreenCanvas(1, 1).getContext("2d"); // it has a context of another kind
          copy.drawImage(canvas, ...at, 1, 1, 0, 0, 1, 1);
          const [red, green, blue] = copy.getImageData(0, 0, 1, 1).data;
          return "#" + [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
        }""",
        [pane, x, y],
    )
    return colour


def token(page: Page, name: str) -> str:
    value: str = page.evaluate("(name) => getComputedStyle(document.documentElement).getPropertyValue(name)", name)
    return value.strip()


def wait_for_ground(page: Page) -> None:
    page.wait_for_selector("#map .leaflet-ground-pane canvas", state="attached")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_land_and_water_have_their_colours(page_at: PageAt, theme: str) -> None:
    page = page_at(AZOV, theme=theme)
    wait_for_ground(page)
    assert colour_in(page, "ground", *MIDDLE) == token(page, "--water")
    page = page_at("/?at=48.27,37.1,8", theme=theme)
    wait_for_ground(page)
    assert colour_in(page, "ground", *MIDDLE) == token(page, "--ground")
    assert token(page, "--ground") != token(page, "--water")


def test_ground_is_drawn_at_every_zoom(page_at: PageAt) -> None:
    for zoom in (3, 5, 12, 19):
        page = page_at(f"/?at=46.2,36.5,{zoom}")
        wait_for_ground(page)
        assert colour_in(page, "ground", *MIDDLE) == token(page, "--water"), zoom


def test_names_are_drawn_without_tiles(page_at: PageAt) -> None:
    page = page_at("/?at=48.27,37.1,11", tiles=False)
    page.wait_for_selector("#map .leaflet-names-pane canvas", state="attached")
    expect(page.locator("#notice")).to_contain_text("Background map unavailable")


def test_names_are_not_drawn_over_tiles(page_at: PageAt) -> None:
    requested: list[str] = []
    page = page_at(
        "/?at=48.27,37.1,11",
        prepare=lambda context: context.on("request", lambda request: requested.append(request.url)),
    )
    page.wait_for_selector("#map .base-tiles img.leaflet-tile-loaded", state="attached")
    expect(page.locator("#map .leaflet-names-pane canvas")).to_have_count(0)
    assert not [url for url in requested if "/labels" in url], "names that nobody sees are not fetched"


def test_attribution_of_the_ground(page_at: PageAt, axe: Callable[[Page], None]) -> None:
    page = page_at(AZOV)
    for name in ("Natural Earth", "GeoNames", "Leaflet"):
        expect(page.locator("#attribution").get_by_role("link", name=name)).to_be_visible()
    axe(page)
    page = page_at("/about")
    expect(page.get_by_role("link", name="Natural Earth")).to_be_visible()
