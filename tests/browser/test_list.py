"""The list of events in view, the accessible alternative to the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser.combinations import last_of
from tests.browser.crowd import LONG_LIST, Crowd
from tests.browser.map_page import PHONE, wait_for_map
from tests.browser.waiting import wait_frames, wait_until, wait_until_stable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

DEMO = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"
JUNE = "/?at=48.2,37.05,12&from=2025-05-01&to=2025-06-30"
ITEMS = re.compile(r"/events/items\?")


def open_list(page: Page) -> None:
    wait_for_map(page)
    page.locator("#list-toggle").click()
    expect(page.locator(".list-count")).to_contain_text("in view")
    # The first rows are there at once; the server sends their titles.
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")


def titles(page: Page) -> list[str]:
    return page.locator(".list-body .row-title").all_inner_texts()


def test_list_shows_the_events_of_the_map_by_day_newest_first(page_at: PageAt) -> None:
    page = page_at(DEMO)
    open_list(page)
    expect(page.locator(".list-count")).to_have_text("4 in view of 4 in this period")
    assert page.locator(".list-day h3").all_inner_texts() == ["21 July 2025", "19 July 2025", "17 July 2025"]
    assert ["E50" in title for title in titles(page)] == [True, False, False, False]
    lasting = page.locator(".list-body .row-facts").nth(1)
    expect(lasting).to_have_text("Advance · by Russian forces · 19\N{EN DASH}21 July 2025 · Geolocated")


def test_list_follows_the_period_the_filters_and_the_view(page_at: PageAt) -> None:
    page = page_at(DEMO)
    open_list(page)
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowLeft")  # the last day is now the 20th
    expect(page.locator(".list-count")).to_have_text("3 in view of 3 in this period")
    page = page_at(f"{DEMO}&side=ua")
    open_list(page)
    expect(page.locator(".list-count")).to_have_text("1 in view of 1 in this period")
    page = page_at(DEMO.replace("37.1", "38.1"))
    open_list(page)
    expect(page.locator(".list-count")).to_have_text("0 in view of 4 in this period")
    expect(page.locator(".list-empty")).to_be_visible()


def test_events_known_to_the_month_are_under_the_month(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.25,37.05,12&from=2025-05-01&to=2025-05-31", served=crowded[0])
    open_list(page)
    assert page.locator(".list-day h3").all_inner_texts() == ["20 May 2025", "May 2025 (known to the month)"]
    expect(page.locator(".list-body .row-facts").first).to_contain_text("14:00")


def test_a_long_list_is_paginated(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at(JUNE, served=crowded[0])
    open_list(page)
    expect(page.locator(".list-count")).to_have_text(f"{LONG_LIST + 2} in view of {LONG_LIST + 2} in this period")
    expect(page.locator(".list-body .row")).to_have_count(50)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".list-body .row")).to_have_count(LONG_LIST + 2)
    expect(page.locator(".list-body .row-button").nth(50)).to_be_focused()
    expect(page.get_by_role("button", name="Show more", exact=True)).to_have_count(0)
    assert len(set(titles(page))) == LONG_LIST + 2


def test_list_can_be_sorted_by_distance(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.2,37.03,12&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    page.get_by_label("Sort by").select_option("nearest")
    expect(page.locator(".list-body .row-title").first).to_have_text("In the long list 30")
    expect(page.locator(".list-body .row-facts").first).to_contain_text("0 m")
    near = {int(title.rsplit(" ", 1)[1]) for title in titles(page)[:21]}
    assert near == set(range(20, 41))
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".list-body .row")).to_have_count(LONG_LIST)


def test_list_sends_no_request_while_the_window_moves(page_at: PageAt) -> None:
    requested: list[str] = []

    def record_request(request: Request) -> None:
        if "/events/items?" in request.url:
            requested.append(request.url)

    page = page_at(DEMO)
    open_list(page)
    page.on("request", record_request)
    page.get_by_role("slider").first.focus()
    # Six steps of a day, like those of a held key.
    page.evaluate(
        """async () => {
          for (let step = 0; step < 6; step++) {
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }"""
    )
    assert requested == []
    expect(page.locator(".list-count")).to_have_text("3 in view of 3 in this period")
    wait_until(page, lambda: requested)
    wait_frames(page, 24)
    assert len(requested) == 1


def row_tops(page: Page, rows: str) -> list[float]:
    """Returns the distances of rows from the top of the list, in order."""
    found: list[float] = page.locator(f".list-body {rows}").evaluate_all(
        """(rows) => rows.map((row) =>
          row.getBoundingClientRect().top - row.closest(".list").getBoundingClientRect().top)"""
    )
    return found


@pytest.mark.parametrize("size", [pytest.param((1280, 800), marks=pytest.mark.long), PHONE])
def test_first_rows_are_shown_before_the_response(
    page_at: PageAt, crowded: tuple[Served, Crowd], size: tuple[int, int]
) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(JUNE, *size, served=crowded[0], prepare=prepare)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    outlines = page.locator(".list-body .outline")
    expect(outlines.first).to_be_visible()
    assert (
        wait_until_stable(page, lambda: len(held)) > 0
    )  # opening the sheet changes the view, which sends another request
    expect(page.locator(".list-count")).to_contain_text(f"in view of {LONG_LIST + 2} in this period")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    facts = page.locator(".list-body .row-facts").all_inner_texts()
    headings = page.locator(".list-day h3").all_inner_texts()
    before = row_tops(page, ".outline")
    fit = len(before)
    assert fit * 60 >= size[1]
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    expect(outlines).to_have_count(0)
    assert row_tops(page, ".row")[:fit] == before
    assert page.locator(".list-day h3").all_inner_texts()[: len(headings)] == headings
    assert page.locator(".list-body .row-facts").all_inner_texts()[:fit] == facts


def test_loaded_rows_keep_their_titles(page_at: PageAt) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(DEMO, prepare=prepare)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    wait_until(page, lambda: held)
    held.pop().fallback()
    expect(page.locator(".list-body .row")).to_have_count(4)
    loaded_titles = titles(page)
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowLeft")  # the last day is now the 20th
    expect(page.locator(".list-body .row")).to_have_count(3)
    assert titles(page) == loaded_titles[1:]
    assert page.locator(".list-body .outline").count() == 0
    expect(page.locator(".list-count")).to_have_text("3 in view of 3 in this period")
    wait_until(page, lambda: held)
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    assert titles(page) == loaded_titles[1:]


def test_rows_do_not_move_while_the_list_loads(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(JUNE, served=crowded[0], prepare=prepare)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    wait_until(page, lambda: held)
    held.pop().fallback()
    expect(page.locator(".list-body .row")).to_have_count(50)
    body = page.locator(".panel-body")
    body.evaluate("(element) => element.scrollTo(0, 900)")
    visible_title = page.evaluate(
        """() => [...document.querySelectorAll(".list-body .row")]
          .find((row) => row.getBoundingClientRect().top > 200).querySelector(".row-title").innerText"""
    )
    row = page.locator(".list-body .row", has_text=visible_title).filter(
        has=page.get_by_text(visible_title, exact=True)
    )
    before = row.bounding_box()
    page.locator("#map").focus()
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    assert row.bounding_box() == before
    wait_until(page, lambda: held)
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    after = row.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1


def test_opening_an_event_moves_the_map_only_if_it_is_hidden(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.2,37.03,13&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    at = "48.2,37.03,13"
    page.locator(".row-button", has_text="In the long list 20").first.click()
    expect(page.locator("#card-title")).to_have_text("In the long list 20")
    wait_frames(page, 30)
    assert at in page.url
    at = "48.2,36.95,13"
    page = page_at(f"/?at={at}&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    page.get_by_label("Sort by").select_option("nearest")
    page.locator(".row-button", has_text="In the long list 0").click()  # at the right, under the panel
    expect(page.locator("#card-title")).to_have_text("In the long list 0")
    page.wait_for_url(lambda url: at not in url)  # by the shortest way, which may be less than 0.01°


def test_list_closes_by_its_button_and_by_its_toggle(page_at: PageAt) -> None:
    page = page_at(DEMO)
    toggle = page.locator("#list-toggle")
    open_list(page)
    expect(toggle).to_have_attribute("aria-pressed", "true")
    page.locator("#panel").get_by_role("button", name="Close").click()
    expect(page.locator("#panel")).to_be_hidden()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(page.locator("#panel")).to_be_visible()
    toggle.click()
    expect(page.locator("#panel")).to_be_hidden()


def test_a_failure_shows_its_reason_and_can_be_retried(page_at: PageAt) -> None:
    failing = True

    def answer(route: Route) -> None:
        if failing:
            route.fulfill(
                status=503, body='{"title": "Busy", "status": 503, "detail": "The database does not answer."}'
            )
        else:
            route.fallback()

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, answer)

    page = page_at(DEMO, prepare=prepare, tolerate="503")
    page.locator("#list-toggle").click()
    expect(page.locator(".list-body")).to_contain_text("The list could not be loaded. The database does not answer.")
    wait_frames(page, 24)  # rows of the columns do not replace the message
    expect(page.locator(".list-body")).to_contain_text("The list could not be loaded.")
    failing = False
    page.locator(".list-body").get_by_role("button", name="Try again").click()
    expect(page.locator(".list-body .row")).to_have_count(4)


def test_list_is_in_the_sheet_on_a_phone(page_at: PageAt) -> None:
    page = page_at(DEMO, *PHONE, touch=True)
    page.locator("#list-toggle").tap()
    expect(page.locator("#sheet .list-body .row")).to_have_count(4)
    page.locator("#grip").press("ArrowUp")
    page.locator(".row-button").first.tap()
    expect(page.locator("#card-title")).to_contain_text("E50")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#panel button, #panel a.button, #panel select")]
          .filter((one) => one.checkVisibility())
          .map((one) => [one.className, Math.round(one.getBoundingClientRect().height)])
          .filter(([name, height]) => height < (name === "copy" ? 32 : 44))"""
    )
    assert small == []


@pytest.mark.parametrize(("size", "theme"), last_of([(1280, 800), PHONE], ["light", "dark"]))
def test_list_is_accessible(
    page_at: PageAt, axe: Callable[[Page], None], crowded: tuple[Served, Crowd], size: tuple[int, int], theme: str
) -> None:
    page = page_at(JUNE, *size, theme=theme, served=crowded[0])
    open_list(page)
    expect(page.locator(".list-body .row")).to_have_count(50)
    axe(page)
    page = page_at("/?at=48.2,39.0,12&from=2025-06-01&to=2025-06-30", *size, theme=theme, served=crowded[0])
    open_list(page)
    expect(page.locator(".list-empty")).to_be_visible()
    axe(page)
