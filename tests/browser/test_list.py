"""The list of events in view, the map's equal for whoever cannot see the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser.combinations import combine
from tests.browser.crowd import LONG_LIST, Crowd
from tests.browser.map_page import PHONE
from tests.browser.waiting import comes_to, draw_frames, rests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

DEMO = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"
JUNE = "/?at=48.2,37.05,12&from=2025-05-01&to=2025-06-30"
ITEMS = re.compile(r"/events/items\?")


def drawn(page: Page) -> None:
    """Wait until the map has drawn: before, it has no bounds to follow."""
    expect(page.locator(".dock-count")).to_contain_text("events")


def open_list(page: Page) -> None:
    drawn(page)
    page.locator("#list-toggle").click()
    expect(page.locator(".list-count")).to_contain_text("in view")
    # The head is there at once; the titles are the server's.
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")


def titles(page: Page) -> list[str]:
    return page.locator(".list-body .row-title").all_inner_texts()


def test_it_has_what_the_map_shows_newest_first_under_its_days(page_at: PageAt) -> None:
    page = page_at(DEMO)
    open_list(page)
    expect(page.locator(".list-count")).to_have_text("4 in view of 4 in this period")
    assert page.locator(".list-day h3").all_inner_texts() == ["21 July 2025", "19 July 2025", "17 July 2025"]
    assert ["E50" in title for title in titles(page)] == [True, False, False, False]
    expect(page.locator(".list-body .row-facts").nth(1)).to_have_text("Advance · Russian forces · Geolocated")


def test_it_follows_the_window_the_filters_and_the_view(page_at: PageAt) -> None:
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


def test_what_is_known_to_the_month_stands_under_the_month(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.25,37.05,12&from=2025-05-01&to=2025-05-31", served=crowded[0])
    open_list(page)
    assert page.locator(".list-day h3").all_inner_texts() == ["20 May 2025", "May 2025 (known to the month)"]
    expect(page.locator(".list-body .row-facts").first).to_contain_text("14:00")


def test_a_long_list_is_given_in_parts(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at(JUNE, served=crowded[0])
    open_list(page)
    expect(page.locator(".list-count")).to_have_text(f"{LONG_LIST + 2} in view of {LONG_LIST + 2} in this period")
    expect(page.locator(".list-body .row")).to_have_count(50)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".list-body .row")).to_have_count(LONG_LIST + 2)
    expect(page.locator(".list-body .row-button").nth(50)).to_be_focused()
    expect(page.get_by_role("button", name="Show more", exact=True)).to_have_count(0)
    assert len(set(titles(page))) == LONG_LIST + 2


def test_the_nearest_come_first_when_asked(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.2,37.03,12&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    page.get_by_label("Sort by").select_option("nearest")
    expect(page.locator(".list-body .row-title").first).to_have_text("In the long list 30")
    expect(page.locator(".list-body .row-facts").first).to_contain_text("0 m")
    near = {int(title.rsplit(" ", 1)[1]) for title in titles(page)[:21]}
    assert near == set(range(20, 41))
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".list-body .row")).to_have_count(LONG_LIST)


def test_it_asks_for_nothing_while_the_window_moves(page_at: PageAt) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/events/items?" in request.url:
            asked.append(request.url)

    page = page_at(DEMO)
    open_list(page)
    page.on("request", note)
    page.get_by_role("slider").first.focus()
    # Six steps of a day, as a key that is held makes them.
    page.evaluate(
        """async () => {
          for (let step = 0; step < 6; step++) {
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }"""
    )
    assert asked == []
    expect(page.locator(".list-count")).to_have_text("3 in view of 3 in this period")
    comes_to(page, lambda: asked)
    draw_frames(page, 24)
    assert len(asked) == 1


def tops(page: Page, rows: str) -> list[float]:
    """Where rows begin, from the top of the list, in order."""
    found: list[float] = page.locator(f".list-body {rows}").evaluate_all(
        """(rows) => rows.map((row) =>
          row.getBoundingClientRect().top - row.closest(".list").getBoundingClientRect().top)"""
    )
    return found


@pytest.mark.parametrize("size", [(1280, 800), PHONE])
def test_its_head_is_there_before_the_server_answers(
    page_at: PageAt, crowded: tuple[Served, Crowd], size: tuple[int, int]
) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(JUNE, *size, served=crowded[0], prepare=prepare)
    drawn(page)
    page.locator("#list-toggle").click()
    outlines = page.locator(".list-body .outline")
    expect(outlines.first).to_be_visible()
    assert rests(page, lambda: len(held)) > 0  # a sheet that opens changes the view, and is asked about once more
    expect(page.locator(".list-count")).to_contain_text(f"in view of {LONG_LIST + 2} in this period")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    facts = page.locator(".list-body .row-facts").all_inner_texts()
    headings = page.locator(".list-day h3").all_inner_texts()
    before = tops(page, ".outline")
    fit = len(before)
    assert fit * 60 >= size[1]
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    expect(outlines).to_have_count(0)
    assert tops(page, ".row")[:fit] == before
    assert page.locator(".list-day h3").all_inner_texts()[: len(headings)] == headings
    assert page.locator(".list-body .row-facts").all_inner_texts()[:fit] == facts


def test_what_is_known_of_its_head_keeps_its_title(page_at: PageAt) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(DEMO, prepare=prepare)
    drawn(page)
    page.locator("#list-toggle").click()
    comes_to(page, lambda: held)
    held.pop().fallback()
    expect(page.locator(".list-body .row")).to_have_count(4)
    known = titles(page)
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowLeft")  # the last day is now the 20th
    expect(page.locator(".list-body .row")).to_have_count(3)
    assert titles(page) == known[1:]
    assert page.locator(".list-body .outline").count() == 0
    expect(page.locator(".list-count")).to_have_text("3 in view of 3 in this period")
    comes_to(page, lambda: held)
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    assert titles(page) == known[1:]


def test_nothing_jumps_while_it_loads(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    held: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(ITEMS, lambda route: held.append(route))

    page = page_at(JUNE, served=crowded[0], prepare=prepare)
    drawn(page)
    page.locator("#list-toggle").click()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    comes_to(page, lambda: held)
    held.pop().fallback()
    expect(page.locator(".list-body .row")).to_have_count(50)
    body = page.locator(".panel-body")
    body.evaluate("(element) => element.scrollTo(0, 900)")
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".list-body .row")]
          .find((row) => row.getBoundingClientRect().top > 200).querySelector(".row-title").innerText"""
    )
    row = page.locator(".list-body .row", has_text=seen).filter(has=page.get_by_text(seen, exact=True))
    before = row.bounding_box()
    page.locator("#map").focus()
    page.get_by_role("slider").last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    assert row.bounding_box() == before
    comes_to(page, lambda: held)
    held.pop().fallback()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    after = row.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1


def test_opening_moves_the_map_only_to_what_is_not_to_be_seen(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    page = page_at("/?at=48.2,37.03,13&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    at = "48.2,37.03,13"
    page.locator(".row-button", has_text="In the long list 20").first.click()
    expect(page.locator("#card-title")).to_have_text("In the long list 20")
    draw_frames(page, 30)
    assert at in page.url
    page = page_at("/?at=48.2,36.95,13&from=2025-06-01&to=2025-06-30", served=crowded[0])
    open_list(page)
    page.get_by_label("Sort by").select_option("nearest")
    page.locator(".row-button", has_text="In the long list 0").click()  # it lies at the right, beneath the panel
    expect(page.locator("#card-title")).to_have_text("In the long list 0")
    page.wait_for_url(lambda url: "36.95" not in url)


def test_it_closes_by_its_button_and_by_its_toggle(page_at: PageAt) -> None:
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


def test_a_failure_says_why_and_can_be_tried_again(page_at: PageAt) -> None:
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
    draw_frames(page, 24)  # the rows that follow the slider do not take its place
    expect(page.locator(".list-body")).to_contain_text("The list could not be loaded.")
    failing = False
    page.locator(".list-body").get_by_role("button", name="Try again").click()
    expect(page.locator(".list-body .row")).to_have_count(4)


def test_on_a_phone_it_lies_in_the_sheet(page_at: PageAt) -> None:
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


@pytest.mark.parametrize(("size", "theme"), combine([(1280, 800), PHONE], ["light", "dark"]))
def test_no_barrier(
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
