"""The card before the response of the server: it shows the data of the columns, with placeholders
for the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.combinations import last_of
from tests.browser.map_page import PHONE, map_centre, wait_for_map
from tests.browser.waiting import wait_frames, wait_until, wait_until_stable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.browser.crowd import Crowd
    from tests.conftest import Served

pytestmark = pytest.mark.browser

ZVIROVE = "/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19"
SPOT = "/?at=48.3,37.2,13&from=2025-07-21&to=2025-07-21"
ITEMS = re.compile(r"/events/items\?")


class HeldRequests:
    """Holds the requests for events back until a test answers them."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def prepare(self, context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: self.routes.append(route))

    def answer(self, page: Page) -> None:
        """Lets the server answer all held requests."""
        wait_until(page, lambda: self.routes)
        while self.routes:
            self.routes.pop().fallback()

    def fail(self, page: Page) -> None:
        wait_until(page, lambda: self.routes)
        body = '{"title": "Busy", "status": 503, "detail": "The database does not answer."}'
        while self.routes:
            self.routes.pop().fulfill(status=503, content_type="application/problem+json", body=body)


def click_middle(page: Page) -> None:
    wait_for_map(page)
    page.mouse.click(*map_centre(page))


def shell(page: Page) -> Locator:
    return page.locator("#panel .card-shell")


def positions(page: Page, *selectors: str) -> list[dict[str, int]]:
    """Returns the position of the first element of each selector."""
    found = []
    for selector in selectors:
        box = page.locator(f"#panel {selector}").first.bounding_box()
        assert box is not None
        found.append({"x": round(box["x"]), "y": round(box["y"]), "height": round(box["height"])})
    return found


@pytest.mark.parametrize("size", [pytest.param((1280, 800), marks=pytest.mark.long), PHONE])
def test_shell_shows_the_columns_and_does_not_move_when_the_event_arrives(
    page_at: PageAt, size: tuple[int, int]
) -> None:
    held = HeldRequests()
    page = page_at(ZVIROVE, *size, prepare=held.prepare)
    click_middle(page)
    expect(shell(page)).to_be_visible()
    for words in ("Advance · by Russian forces", "Geolocated", "19\N{EN DASH}21 July 2025", "within 2 km"):
        expect(shell(page)).to_contain_text(words)
    for unknown in ("Zvirove", "48.25", "inferred", "Sources"):
        expect(shell(page)).not_to_contain_text(unknown)
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("button", name="Later event in this view")).to_have_attribute("aria-disabled", "true")
    assert "event=" not in page.url
    parts = (".card-kind", ".badge", ".card-title", "dt", "dd")
    before = wait_until_stable(page, lambda: positions(page, *parts))
    held.answer(page)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    after = positions(page, *parts)
    for axis in ("x", "y"):
        assert [one[axis] for one in after] == [one[axis] for one in before]
    assert after[:3] == before[:3]
    expect(shell(page)).to_have_count(0)
    page.wait_for_url(re.compile("event="))


def test_precision_does_not_move_when_the_event_arrives(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    held = HeldRequests()
    path = "/?at=48.24798,37.12879,14&from=2025-03-01&to=2025-03-01"
    page = page_at(path, served=crowded[0], prepare=held.prepare)
    click_middle(page)
    exactly = page.locator("#panel .where > span", has_text="within 100 m")
    expect(exactly).to_be_visible()
    before = exactly.bounding_box()
    held.answer(page)
    expect(page.locator("#card-title")).to_have_text("Infantry seen by the village")
    assert exactly.bounding_box() == before


@pytest.mark.parametrize("size", [pytest.param((1280, 800), marks=pytest.mark.long), PHONE])
def test_shell_of_several_events_shows_the_list(
    page_at: PageAt, crowded: tuple[Served, Crowd], size: tuple[int, int]
) -> None:
    held = HeldRequests()
    page = page_at(SPOT, *size, served=crowded[0], prepare=held.prepare)
    click_middle(page)
    expect(page.locator("#card-stack")).to_have_text("3 events here")
    rows = page.locator(".stack li")
    expect(rows).to_have_count(3)
    assert shell(page).locator("button, .card-kind, dl").count() == 0, "only the server knows which event it will be"

    def row_positions() -> list[tuple[float, str]]:
        found: list[tuple[float, str]] = rows.evaluate_all(
            "(rows) => rows.map((row) => [row.getBoundingClientRect().top, row.querySelector('.row-facts').innerText])"
        )
        return found

    before = wait_until_stable(page, row_positions)
    held.answer(page)
    expect(page.locator(".stack .row-button")).to_have_count(3)
    assert row_positions() == before
    expect(page.locator('.stack [aria-current="true"]')).to_have_count(1)


def test_shell_reserves_space_for_the_time_of_day(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    held = HeldRequests()
    path = "/?at=48.25,37.06,14&from=2025-05-20&to=2025-05-20"
    page = page_at(path, served=crowded[0], prepare=held.prepare)
    click_middle(page)
    expect(shell(page)).to_contain_text(re.compile("20 May 2025.*known to the hour"))
    expect(shell(page)).not_to_contain_text("14:00")
    before = positions(page, "dd", ".where")
    held.answer(page)
    expect(page.locator("#panel dd").first).to_contain_text("14:00")
    assert positions(page, "dd", ".where")[0] == before[0]
    assert positions(page, ".where")[0]["y"] == before[1]["y"]


def test_a_failure_is_shown_in_the_shell_and_can_be_retried_by_keyboard(page_at: PageAt) -> None:
    held = HeldRequests()
    page = page_at(ZVIROVE, prepare=held.prepare, tolerate="503")
    click_middle(page)
    held.fail(page)
    expect(shell(page).get_by_role("alert")).to_contain_text("The database does not answer.")
    expect(page.locator("#card-title")).to_have_text("The event could not be opened.")
    expect(shell(page)).to_contain_text("within 2 km")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    again = shell(page).get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#card-title")).to_be_focused()
    held.answer(page)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    expect(page.locator("#card-title")).to_be_focused()


def test_a_removed_event_shows_a_message_and_loses_its_outline(page_at: PageAt) -> None:
    def answer(route: Route) -> None:
        route.fulfill(json={"type": "FeatureCollection", "features": [], "numberReturned": 0, "links": []})

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, answer)

    page = page_at(ZVIROVE, prepare=prepare)
    click_middle(page)
    expect(shell(page).get_by_role("alert")).to_contain_text("It is no longer there")
    expect(shell(page)).not_to_contain_text("Advance")


def test_a_card_closed_while_loading_stays_closed(page_at: PageAt) -> None:
    held = HeldRequests()
    page = page_at(ZVIROVE, prepare=held.prepare)
    click_middle(page)
    expect(shell(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    with page.expect_response(ITEMS):
        held.answer(page)
    wait_frames(page, 20)
    expect(page.locator("#panel")).to_be_hidden()
    assert "event=" not in page.url


def test_back_leaves_a_loading_event_and_opens_the_previous_one(page_at: PageAt) -> None:
    held = HeldRequests()
    page = page_at(ZVIROVE, prepare=held.prepare)
    click_middle(page)
    held.answer(page)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    page.wait_for_url(re.compile("event="))
    first = page.url
    page.evaluate("history.pushState(null, '', location.href.replace(/&event=[^&]*/, ''))")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.locator("#panel")).to_be_hidden()
    page.mouse.click(*map_centre(page))
    expect(shell(page)).to_be_visible()
    page.go_back()
    expect(shell(page)).to_have_count(0)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    assert page.url == first
    held.answer(page)  # it comes too late
    wait_frames(page, 20)
    assert page.url == first


@pytest.mark.parametrize(("size", "theme"), last_of([(1280, 800), PHONE], ["light", "dark"]))
def test_shell_is_accessible(
    page_at: PageAt, axe: Callable[[Page], None], crowded: tuple[Served, Crowd], size: tuple[int, int], theme: str
) -> None:
    held = HeldRequests()
    page = page_at(ZVIROVE, *size, theme=theme, prepare=held.prepare, tolerate="503")
    click_middle(page)
    expect(shell(page)).to_be_visible()
    axe(page)
    held.fail(page)
    expect(shell(page).get_by_role("alert")).to_be_visible()
    axe(page)
    page = page_at(SPOT, *size, theme=theme, served=crowded[0], prepare=held.prepare)
    click_middle(page)
    expect(page.locator("#card-stack")).to_be_visible()
    axe(page)
