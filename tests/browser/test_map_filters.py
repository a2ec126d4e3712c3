"""The chips, the search and the colours of the map page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.map_page import JULY, WIDE, canvas_colours, open_chip, search_box, wait_for_map
from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_filters_change_the_map_and_the_url(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    expect(page.locator(".dock-count")).to_contain_text("4 of 5")
    open_chip(page, "category")
    page.get_by_role("dialog", name="Category").get_by_label("Clash").check()
    expect(page.locator(".dock-count")).to_contain_text("1 of 5")
    expect(page.locator('[data-chip="category"]')).to_contain_text("clash")
    page.wait_for_url(re.compile("category=clash"))
    page.keyboard.press("Escape")
    expect(page.locator('[data-chip="category"]')).to_be_focused()
    page.get_by_role("button", name="Reset filters").first.click()
    expect(page.locator(".dock-count")).to_contain_text("4 of 5")
    page.wait_for_url(lambda url: "category" not in url)


def test_options_show_the_number_of_events(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&verification=geolocated", *WIDE)
    wait_for_map(page)
    open_chip(page, "category")
    rows = page.get_by_role("dialog", name="Category").locator(".option")
    expect(rows.filter(has_text="Clash").locator(".option-count")).to_have_text("1")
    expect(rows.filter(has_text="Infiltration").locator(".option-count")).to_have_text("0")
    page.keyboard.press("Escape")
    open_chip(page, "verification")
    rows = page.get_by_role("dialog", name="Verification").locator(".option")
    expect(rows.filter(has_text="Disputed").locator(".option-count")).to_have_text("1")


def test_a_parent_category_includes_its_children(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=strike", *WIDE)
    open_chip(page, "category")
    dialog = page.get_by_role("dialog", name="Category")
    expect(dialog.get_by_label("Drone strike")).to_be_checked()
    dialog.get_by_label("Drone strike").uncheck()
    page.wait_for_url(re.compile("category=strike.artillery,strike.missile,strike.air"))
    partly = dialog.locator('input[value="strike"]').evaluate("(input) => input.indeterminate")
    assert partly is True


def test_the_side_matches_actor_and_affected(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&side=ua", *WIDE)
    wait_for_map(page)
    expect(page.locator(".dock-count")).to_contain_text("1 of 5")


def test_typed_dates_are_inclusive(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    open_chip(page, "dates")
    dialog = page.get_by_role("dialog", name="Date range")
    dialog.get_by_label("To", exact=True).fill("2025-07-18")
    dialog.get_by_label("To", exact=True).press("Enter")
    expect(page.locator(".dock-count")).to_contain_text("2 of 5")
    expect(page.locator('[data-chip="dates"]')).to_contain_text("15\N{EN DASH}18 Jul 2025")
    dialog.get_by_label("From", exact=True).fill("2025-07-19")
    dialog.get_by_label("From", exact=True).press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("after")
    expect(page.locator(".dock-count")).to_contain_text("2 of 5")
    dialog.get_by_role("button", name="30 days").click()
    page.wait_for_url(re.compile("from=2025-06-2[0-9]"))


def test_dates_stand_in_their_fields_before_they_can_be_typed(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    written = page.locator('[data-chip="dates"]').evaluate("""(chip) => {
        chip.popoverTargetElement.showPopover();
        return chip.popoverTargetElement.querySelector("input").value;
    }""")
    assert written == "15 Jul 2025"


def test_a_date_that_is_being_typed_stays(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    open_chip(page, "dates")
    dialog = page.get_by_role("dialog", name="Date range")
    first = dialog.get_by_label("From", exact=True)
    first.fill("2025-07-")  # not yet entered
    dialog.get_by_role("button", name="30 days").evaluate("(button) => button.click()")
    page.wait_for_url(re.compile("from=2025-06-2[0-9]"))
    expect(first).to_have_value("2025-07-")


def test_text_search_runs_on_the_server(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    search_box(page).fill("E50")
    page.get_by_role("option", name="Search events for “E50”").click()
    expect(page.locator(".dock-count")).to_contain_text("1 of 1")
    page.wait_for_url(re.compile("q=E50"))
    page.get_by_role("button", name="Stop filtering by “E50”").click()
    expect(page.locator(".dock-count")).to_contain_text("4 of 5")


def test_search_finds_a_place_by_any_spelling(page_at: PageAt) -> None:
    found = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [37.12879, 48.25057]},
                "properties": {"geonameid": 1, "name": "Zvirove", "names": {}, "matched": "Zverovo", "country": "UA"},
            }
        ],
    }

    def answer(context: BrowserContext) -> None:
        context.route("**/api/collections/places/items?q=**", lambda route: route.fulfill(json=found))

    page = page_at("/", *WIDE, prepare=answer)
    wait_for_map(page)
    box = search_box(page)
    box.fill("Zverovo")
    expect(page.get_by_role("option", name="Zvirove “Zverovo” · UA")).to_be_visible()
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "search-0")
    box.press("Enter")
    page.wait_for_url(re.compile(r"at=48\.25057,37\.12879,13"))
    expect(page.locator(".place-mark")).to_have_text("Zvirove")


def test_enter_before_the_places_are_loaded_goes_to_the_first(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    wait_for_map(page)
    box = search_box(page)
    box.fill("48.5, 37.9")
    box.press("Enter")
    page.wait_for_url(re.compile(r"at=48\.5,37\.9,13"))


def test_unknown_place_shows_a_message(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    wait_for_map(page)
    search_box(page).fill("Qqqqq")
    expect(page.get_by_role("option", name="No place found for “Qqqqq”")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_map_and_legend_follow_the_colour_setting(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    wait_for_map(page)
    expect(page.locator("#legend")).to_contain_text("Russia")
    side = page.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--side-ru').trim()")
    assert side in canvas_colours(page)
    open_chip(page, "colour")
    page.get_by_role("dialog", name="Colour by").get_by_label("Verification").check()
    expect(page.locator("#legend h2").first).to_have_text("Colour: verification")
    page.wait_for_url(re.compile("colour=verification"))
    after = wait_until(page, lambda: canvas_colours(page), lambda found: "#1d62b0" in found and side not in found)
    assert "#1d62b0" in after
    assert side not in after


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_the_systems_until_the_reader_chooses(page_at: PageAt, theme: str) -> None:
    page = page_at("/", *WIDE, theme=theme)
    wait_for_map(page)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light, night = "rgb(245, 243, 238)", "rgb(22, 24, 27)"
    assert page.evaluate(ground) == (night if theme == "dark" else light)
    page.locator("details[data-menu] summary").click()
    page.get_by_text("Night" if theme == "light" else "Light", exact=True).click()
    assert page.evaluate(ground) == (light if theme == "dark" else night)
    page.reload()
    wait_for_map(page)
    assert page.evaluate(ground) == (light if theme == "dark" else night)
