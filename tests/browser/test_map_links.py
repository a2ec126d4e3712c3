"""URLs of the map page: the URL describes the view, and back and forward restore it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.dock import Dock
from tests.browser.map_page import JULY, WIDE, map_centre, search_box, wait_for_map

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def allow_clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])


@pytest.mark.parametrize("timezone", ["Pacific/Honolulu", pytest.param("Pacific/Auckland", marks=pytest.mark.long)])
def test_url_restores_the_view_in_every_time_zone(page_at: PageAt, timezone: str) -> None:
    query = "from=2024-08-01&to=2025-07-17&category=infiltration&side=ru&verification=disputed&colour=actor"
    page = page_at(f"/?at=48.3,37.2,12&{query}", *WIDE, timezone=timezone)
    wait_for_map(page)
    expect(page.locator(".dock-count")).to_contain_text("1 of 5")
    expect(page.locator(".dock-imprecise")).to_contain_text("1 known only to the month")
    expect(page.locator('[data-chip="dates"]')).to_contain_text("1 Aug 2024 \N{EN DASH} 17 Jul 2025")
    expect(page.locator('[data-chip="colour"]')).to_contain_text("acting side")
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r"at=48\.3\d*,37\.2\d*,13&"))
    assert query in page.url


def test_changing_the_language_keeps_the_view(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=clash", *WIDE)
    wait_for_map(page)
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r"at=48\.2\d*,37\.1\d*,12"))
    page.locator("details[data-menu] summary").click()
    page.locator('a[data-language][lang="uk"]').click()
    page.wait_for_url(re.compile(r"at=48\.2\d*,37\.1\d*,12&.*category=clash&.*lang=uk"))
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r",13&.*lang=uk"))
    expect(page.locator(".head-submit")).to_have_attribute("href", "/submit?lang=uk")


def test_back_and_forward_open_and_close_events(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    wait_for_map(page)
    page.mouse.click(*map_centre(page))
    page.wait_for_url(re.compile("event="))
    opened = page.url
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    assert page.url == opened


def test_moving_and_dragging_add_no_history_entries(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    before: int = page.evaluate("() => history.length")
    page.locator("#zoom button").first.click()
    Dock(page).drag("window", -2)
    page.wait_for_url(re.compile(",12&from=2025-07-1[234]&"))
    assert page.evaluate("() => history.length") == before


def test_the_opening_view_has_its_place_and_days_in_the_address(page_at: PageAt) -> None:
    page = page_at("/?fbclid=1", *WIDE, prepare=allow_clipboard)
    page.wait_for_url(re.compile(r"/\?at=[\d.]+,[\d.]+,[\d.]+&from=2025-07-\d\d&to=2025-07-\d\d(&assessor=\w+)?$"))
    wait_for_map(page)
    page.get_by_role("button", name="List of events").click()
    page.wait_for_url(re.compile("panel=list"))
    page.get_by_role("button", name="Link to this view").click()
    expect(page.locator(".link-here")).to_have_attribute("data-copied", "Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    page.goto(copied)
    expect(page.locator("#list-title")).to_be_visible()


def test_back_undoes_a_search_a_date_and_a_filter(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=clash", *WIDE)
    count = page.locator(".dock-count")
    expect(count).to_contain_text("of 5")
    filtered = count.text_content() or ""

    page.get_by_role("button", name="Reset filters").click()
    expect(count).to_contain_text("4 of 5")
    Dock(page).type_day("From", "19 July 2025")
    page.wait_for_url(re.compile("from=2025-07-19&to=2025-07-21"))
    Dock(page).drag("window", -1, ppd=Dock(page).pixels_per_day(3))
    page.wait_for_url(re.compile("from=2025-07-18&to=2025-07-20"))
    search_box(page).fill("E50")
    page.get_by_role("option", name="Search events for “E50”").click()
    expect(count).to_contain_text("of 1 ")
    search_box(page).fill("48.5, 37.9")
    page.get_by_role("option", name="latitude, longitude").click()
    page.wait_for_url(re.compile("at=48.5,37.9"))

    page.go_back()
    page.wait_for_url(re.compile(r"at=48\.27,37\.1,11&from=2025-07-18&to=2025-07-20&q=E50"))
    expect(search_box(page)).to_have_value("")
    page.go_back()
    page.wait_for_url(re.compile(r"from=2025-07-18&to=2025-07-20(?!.*q=)"))
    page.go_back()
    Dock(page).expect_period("15-21 July 2025")
    page.go_back()
    page.wait_for_url(re.compile("category=clash"))
    expect(count).to_have_text(filtered)
    page.go_forward()
    expect(count).to_contain_text("4 of 5")


def test_invalid_parameters_are_shown_in_a_notice(page_at: PageAt) -> None:
    page = page_at("/?from=2024-02-30&category=flags&fbclid=1", *WIDE)
    wait_for_map(page)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("from=2024-02-30, category=flags")
    expect(notice).not_to_contain_text("fbclid")


def test_url_of_an_event_shows_its_place_and_day(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    items = page.evaluate(
        "async () => (await (await fetch('/api/collections/events/items?q=Myrnohrad')).json()).features"
    )
    page.goto(f"{page.url.split('?')[0]}?event={items[0]['id']}")
    expect(page.locator("#card-title")).to_contain_text("Myrnohrad")
    page.wait_for_url(re.compile(r"at=48\.3\d*,37\.26"))
    expect(page.locator(".dock-period")).to_contain_text("August 2024")
