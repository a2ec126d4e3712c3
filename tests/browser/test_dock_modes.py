"""The dock: playback, modes and dates, always in UTC."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.dock import DASH, WEEK, Dock
from tests.browser.waiting import wait_until_stable

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page, Route

    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

YEAR = "\N{CYRILLIC SMALL LETTER ER}."  # after the year, in Ukrainian


def test_playback_pauses_and_goes_on_from_where_it_was_dropped(dock: Dock) -> None:
    # At this speed, playback does not reach its end before the pause button is pressed.
    dock.page.get_by_label("Speed").select_option("1")
    dock.drag("window", -30)
    dock.expect_period("7-13 June 2025")
    dock.page.get_by_role("button", name="Play").click()
    expect(dock.period).not_to_have_text(f"7{DASH}13 June 2025")
    dock.page.get_by_role("button", name="Pause").click()
    wait_until_stable(dock.page, dock.period.text_content)  # the map may have one more step to draw

    dock.grip("window").focus()
    dock.page.keyboard.press("Space")
    expect(dock.play).to_have_attribute("aria-label", "Pause")
    dock.drag("window", -30)
    expect(dock.play).to_have_attribute("aria-label", "Pause")
    dropped = dock.period.text_content() or ""
    expect(dock.period).not_to_have_text(dropped)
    dock.page.keyboard.press("Space")
    expect(dock.play).to_have_attribute("aria-label", "Play")


def test_playback_stops_at_the_end(dock: Dock) -> None:
    dock.page.get_by_label("Speed").select_option("30")
    dock.page.get_by_role("button", name="Play").click()
    expect(dock.play).to_have_attribute("aria-label", "Play")
    end = dock.grip("window")
    assert end.get_attribute("aria-valuenow") == end.get_attribute("aria-valuemax")


def test_modes(dock: Dock) -> None:
    dock.mode("cumulative")
    dock.expect_period("Up to 13 July 2025")
    expect(dock.grip("to")).to_be_in_viewport()
    expect(dock.root.get_by_role("slider")).to_have_count(1)
    expect(dock.root.get_by_label("From", exact=True)).to_be_hidden()
    dock.drag("to", 2, ppd=4)
    expect(dock.period).to_have_text(re.compile("^Up to 1[3-5] July 2025$"))
    dock.type_day("To", "13.7.2025")
    dock.expect_period("Up to 13 July 2025")

    dock.mode("day")
    dock.expect_period("13 July 2025")
    expect(dock.root.get_by_role("slider")).to_have_count(1)
    dock.grip("window").focus()
    dock.page.keyboard.press("ArrowLeft")
    dock.expect_period("12 July 2025")

    dock.mode("window")
    dock.expect_period("6-12 July 2025")


def test_url_sets_the_mode(page_at: PageAt) -> None:
    page = page_at("/?mode=day&from=2025-07-13&to=2025-07-13", width=1280, height=800)
    Dock(page).expect_period("13 July 2025")
    expect(page.locator('#dock input[value="day"]')).to_be_checked()


def test_date_fields_are_inclusive_and_show_errors(dock: Dock) -> None:
    first, last = dock.root.get_by_label("From", exact=True), dock.root.get_by_label("To", exact=True)
    dock.type_day("From", "2025-07-01")
    dock.expect_period("1-13 July 2025")
    dock.type_day("To", "10 july 2025")
    dock.expect_period("1-10 July 2025")

    # Both fields belong together: what is typed first is not lost.
    dock.type_day("From", "12 July 2025")
    expect(dock.root.get_by_role("alert")).to_have_text("“From” is after “to”.")
    expect(first).to_have_attribute("aria-invalid", "")
    dock.expect_period("1-10 July 2025")
    expect(first).to_have_value("12 July 2025")
    dock.type_day("To", "14 July 2025")
    expect(dock.root.get_by_role("alert")).to_be_hidden()
    dock.expect_period("12-14 July 2025")
    expect(first).to_have_value("12 Jul 2025")

    dock.type_day("From", "1 January 1999")
    expect(dock.root.get_by_role("alert")).to_have_text(re.compile("“From” must be from 24 February 2022 to "))
    dock.type_day("From", "07/13/2025")
    expect(dock.root.get_by_role("alert")).to_have_text(re.compile("“From” is not a real date"))
    dock.type_day("From", "13.07.2025")
    expect(dock.root.get_by_role("alert")).to_be_hidden()
    dock.expect_period("13-14 July 2025")
    expect(last).to_have_value("14 Jul 2025")


def test_dates_are_in_the_language_of_the_page_not_of_the_browser(page_at: PageAt, axe: Callable[[Page], None]) -> None:
    page = page_at(f"{WEEK}&lang=uk", width=1280, height=800, locale="en-US")
    dock = Dock(page)
    first = dock.root.get_by_label("Від", exact=True)
    expect(first).to_have_value(f"7 лип. 2025 {YEAR}")
    dock.type_day("Від", f"9 липня 2025 {YEAR}")
    page.wait_for_url(re.compile("from=2025-07-09&to=2025-07-13"))

    dock.root.locator(".day-opener").first.click()
    calendar = page.locator(".day-calendar:popover-open")
    expect(calendar.get_by_role("button", name="середа, 9 липня 2025")).to_be_focused()
    axe(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageUp")
    expect(calendar.get_by_role("button", name="неділя, 8 червня 2025")).to_be_focused()
    page.keyboard.press("Enter")
    expect(calendar).to_have_count(0)
    page.wait_for_url(re.compile("from=2025-06-08&to=2025-07-13"))
    expect(first).to_have_value(f"8 черв. 2025 {YEAR}")


@pytest.mark.parametrize(
    "timezone", [pytest.param("America/New_York", marks=pytest.mark.long), "Pacific/Honolulu", "Pacific/Kiritimati"]
)
def test_days_are_utc_days_in_every_time_zone(page_at: PageAt, timezone: str) -> None:
    dock = Dock(page_at(WEEK, width=1280, height=800, timezone=timezone))
    dock.expect_period("7-13 July 2025")
    expect(dock.root.get_by_label("From", exact=True)).to_have_value("7 Jul 2025")
    dock.grip("window").focus()
    dock.page.keyboard.press("ArrowRight")
    dock.expect_period("8-14 July 2025")
    expect(dock.page).to_have_url(re.compile("from=2025-07-08&to=2025-07-14"))


def start_theatre_in_july(context: BrowserContext) -> None:
    """Makes the event of August 2024 a stray one, before the theatre's first day."""

    def answer(route: Route) -> None:
        page = route.fetch()
        route.fulfill(response=page, body=page.text().replace('"first_day": "2022-02-24"', '"first_day": "2025-07-01"'))

    context.route(re.compile(r"/\?from="), answer)


def test_stray_events_are_a_mark_at_the_edge_of_the_axis(page_at: PageAt, axe: Callable[[Page], None]) -> None:
    page = page_at(WEEK, width=1280, height=800, prepare=start_theatre_in_july, tolerate="loopback|ERR_FAILED")
    dock = Dock(page)
    dock.expect_period("7-13 July 2025")
    page.get_by_role("button", name="Timeline: all").click()
    # The theatre's days fill the axis, not the eleven months since the stray event.
    dock.expect_frame("box.width > document.querySelector('.dock-chart').clientWidth / 6")
    mark = page.get_by_role("button", name="1 earlier")
    expect(mark).to_have_attribute("title", "1 event before 1 July 2025")
    axe(page)
    mark.click()
    dock.expect_period("25-31 August 2024")
    page.wait_for_url(re.compile("from=2024-08-25&to=2024-08-31"))
    expect(dock.frame).to_be_in_viewport()
    page.go_back()
    dock.expect_period("7-13 July 2025")


def test_all_selects_everything_in_cumulative_mode(dock: Dock) -> None:
    dock.mode("cumulative")
    dock.expect_period("Up to 13 July 2025")
    dock.page.get_by_role("button", name="Timeline: all").click()
    expect(dock.period).not_to_have_text("Up to 13 July 2025")
    end = dock.grip("to")
    assert end.get_attribute("aria-valuenow") == end.get_attribute("aria-valuemax")
    expect(dock.root.locator(".dock-count")).to_contain_text("4 of 5")


def test_playback_skips_a_silence_and_says_so(page_at: PageAt) -> None:
    page = page_at("/?mode=day&from=2023-01-10&to=2023-01-10", width=1280, height=800)
    dock = Dock(page)
    dock.expect_period("10 January 2023")
    dock.root.get_by_label("Speed").select_option("1")
    expect(dock.root.locator(".dock-count")).to_contain_text("of 5")
    dock.play.click()
    dock.expect_period("1 August 2024")
    expect(dock.root.locator(".dock-note")).to_contain_text("no events, no new assessment")
    dock.play.click()
