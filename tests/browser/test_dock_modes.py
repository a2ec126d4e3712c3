"""The dock: playback, modes and dates, always in UTC."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.dock import DASH, WEEK, Dock
from tests.browser.waiting import wait_until_stable

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_playback_pauses_and_stops_when_dragged(dock: Dock) -> None:
    # At this speed, playback does not reach its end before the pause button is pressed.
    dock.page.get_by_label("Speed").select_option("7")
    dock.drag("window", -30)
    dock.expect_period("7-13 June 2025")
    dock.page.get_by_role("button", name="Play").click()
    expect(dock.period).not_to_have_text(f"7{DASH}13 June 2025")
    dock.page.get_by_role("button", name="Pause").click()
    wait_until_stable(dock.page, dock.period.text_content)  # the map may have one more step to draw

    dock.grip("window").focus()
    dock.page.keyboard.press("Space")
    expect(dock.play).to_have_attribute("aria-label", "Pause")
    dock.drag("window", -2)
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
    dock.root.get_by_label("To", exact=True).fill("2025-07-13")
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
    first.fill("2025-07-01")
    dock.expect_period("1-13 July 2025")
    last.fill("2025-07-10")
    dock.expect_period("1-10 July 2025")

    first.fill("2025-07-12")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_have_text("“From” is after “to”.")
    expect(first).to_have_attribute("aria-invalid", "")
    dock.expect_period("1-10 July 2025")
    expect(first).to_have_value("2025-07-12")

    last.fill("2025-07-14")
    last.press("Enter")
    first.fill("1999-01-01")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_have_text(re.compile("“From” must be from 24 February 2022 to "))
    first.fill("2025-07-12")
    first.press("Enter")
    expect(dock.root.get_by_role("alert")).to_be_hidden()
    dock.expect_period("12-14 July 2025")


@pytest.mark.parametrize(
    "timezone", [pytest.param("America/New_York", marks=pytest.mark.long), "Pacific/Honolulu", "Pacific/Kiritimati"]
)
def test_days_are_utc_days_in_every_time_zone(page_at: PageAt, timezone: str) -> None:
    dock = Dock(page_at(WEEK, width=1280, height=800, timezone=timezone))
    dock.expect_period("7-13 July 2025")
    expect(dock.root.get_by_label("From", exact=True)).to_have_value("2025-07-07")
    dock.grip("window").focus()
    dock.page.keyboard.press("ArrowRight")
    dock.expect_period("8-14 July 2025")
    expect(dock.page).to_have_url(re.compile("from=2025-07-08&to=2025-07-14"))
