"""The submission form: filling it in by map and by text, with and without scripts, and tracking a
submission.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combinations import last_of
from tests.browser.form_pages import (
    LINK,
    PHONE,
    expect_place_status,
    fill,
    form_server,
    open_form,
    received_code,
    submitted,
)

if TYPE_CHECKING:
    from tests.conftest import Served

pytestmark = pytest.mark.browser
__all__ = ["form_server", "open_form"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_submission_can_be_sent_and_tracked(
    open_form: Callable[..., Page], form_server: Served, scripts: bool
) -> None:
    description = f"From form to state, scripts {scripts}"
    page = open_form(scripts=scripts)
    fill(page, description)
    page.select_option("#precision_m", "250")
    page.select_option("#category", "strike.drone")
    page.select_option("#actor", "ru")
    page.get_by_label("graphic footage").check()
    page.click("#send")
    code = received_code(page)
    (row,) = submitted(form_server, description)
    assert (row["lat"], row["lon"], row["precision_m"]) == (48.5, 37.5, 250)
    assert (row["category"], row["actor"], row["affected"], row["sensitivity"]) == (
        "strike.drone",
        "ru",
        None,
        ["graphic"],
    )
    assert row["footage_urls"] == [LINK]
    control = page.get_by_role("link" if scripts else "button", name="Check progress")
    control.click()
    expect(page.locator("#track-state")).to_contain_text("Waiting for an analyst")
    assert code not in page.url


@pytest.mark.parametrize(
    ("typed", "shown_text"),
    [
        ("48°14'53.5\"N 37°07'46.8\"E", "48.24819, 37.12967"),
        ("37U CP 61154 45577", "48.24819, 37.12966"),
        ("8GWV64XH+7V", "48.24819, 37.12969"),
        ("64XH+7V Pokrovsk", "48.24819, 37.12969"),
        ("https://www.openstreetmap.org/#map=15/48.24819/37.12966", "48.24819, 37.12966"),
    ],
)
def test_a_typed_place_is_parsed_and_shown(open_form: Callable[..., Page], typed: str, shown_text: str) -> None:
    page = open_form()
    page.fill("#place", typed)
    expect_place_status(page, f"Location: {shown_text}")
    expect_place_status(page, "0.3 km south of Zvirove")
    expect(page.locator(".place-pin")).to_be_visible()


def test_a_place_is_chosen_from_the_list_by_keyboard(open_form: Callable[..., Page]) -> None:
    page = open_form()
    place = page.get_by_label("Place", exact=True)
    place.fill("Zvirove")
    expect(page.locator("#place-list").get_by_role("option")).to_have_count(1)
    place.press("ArrowDown")
    expect(place).to_have_attribute("aria-activedescendant", "place-list-0")
    place.press("Enter")
    expect(place).to_have_value("48.25057, 37.12879")
    expect_place_status(page, "in Zvirove")
    expect(page.locator("#place-list").get_by_role("option")).to_have_count(0)
    expect(place).to_be_focused()


def test_choices_of_the_server_stay_until_the_list_replaces_them(open_form: Callable[..., Page]) -> None:
    """A form that was sent before its script ran is shown again with a choice of places."""
    page = open_form(tolerate="422|Failed to load resource")
    search_url = "**/api/collections/places/items?q=*"
    page.route(search_url, lambda route: route.abort())
    choices = page.locator("#place-choices")

    def submit_without_script() -> None:
        page.fill("#place", "Zvirove")
        with page.expect_navigation():
            page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('#submit-form'))")

    submit_without_script()
    expect_place_status(page, "The place search failed.")
    choices.get_by_role("radio").click()
    expect_place_status(page, "48.25057, 37.12879")
    expect(choices).to_have_count(0)
    page.unroute(search_url)
    submit_without_script()
    expect(page.locator("#place-list [role=option]")).to_have_count(1)
    expect(choices).to_have_count(0)


def test_an_invalid_place_shows_the_reason(open_form: Callable[..., Page]) -> None:
    page = open_form()
    for typed, shown_text in (("Nowhereville", "No place found"), ("https://maps.app.goo.gl/abc", "short link")):
        page.fill("#place", typed)
        expect_place_status(page, shown_text)
    expect(page.locator(".place-pin")).to_have_count(0)
    page.fill("#footage_urls-0", LINK)
    page.click("#send")
    expect(page.locator("#summary")).to_contain_text("short link")
    expect(page.locator("#summary")).to_be_focused()


def test_a_click_on_the_map_sets_the_place_and_a_drag_moves_it(open_form: Callable[..., Page]) -> None:
    page = open_form("/submit?at=48.27,37.1")
    place = page.locator("#place")
    box = page.locator("#map").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".place-pin")).to_be_visible()
    page.mouse.click(middle[0] + 100, middle[1])
    expect(place).not_to_have_value("48.27000, 37.10000")
    first = place.input_value()
    latitude, longitude = map(float, first.split(", "))
    assert abs(latitude - 48.27) < 0.001
    assert longitude > 37.1
    page.mouse.move(middle[0] + 100, middle[1] - 15)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] - 60, steps=8)
    page.mouse.up()
    expect(place).not_to_have_value(first)
    moved = [float(part) for part in place.input_value().split(", ")]
    assert moved[0] > latitude
    assert moved[1] < longitude
    expect_place_status(page, f"Location: {place.input_value()}")


def test_precision_is_drawn_as_a_circle(open_form: Callable[..., Page]) -> None:
    page = open_form("/submit?at=48.27,37.1")
    disc = page.locator("path.place-disc")
    expect(disc).to_have_count(0)
    page.select_option("#precision_m", "500")
    expect(disc).to_be_visible()
    box = disc.bounding_box()
    assert box
    assert 60 < box["width"] < 600
    page.select_option("#precision_m", "")
    expect(disc).to_have_count(0)


def test_links_are_added_and_removed(open_form: Callable[..., Page], form_server: Served) -> None:
    page = open_form()
    expect(page.locator("#links li")).to_have_count(1)
    for _ in range(9):
        page.click("#more-links")
    expect(page.locator("#links li")).to_have_count(10)
    expect(page.locator("#more-links")).to_be_hidden()
    for _ in range(7):
        page.get_by_role("button", name="Remove link 4").click()
    expect(page.locator("#footage_urls-2")).to_be_focused()
    fill(page, "Several links")
    page.fill("#footage_urls-2", "https://example.org/third")
    page.click("#send")
    received_code(page)
    assert submitted(form_server, "Several links")[0]["footage_urls"] == [LINK, "https://example.org/third"]


def test_time_fields_depend_on_the_precision(open_form: Callable[..., Page], form_server: Served) -> None:
    page = open_form(timezone="Pacific/Auckland")
    expect(page.locator("#time_from")).to_be_hidden()
    page.select_option("#time_precision", "minute")
    fill(page, "To the minute")
    page.fill("#time_from", "23:40")
    page.fill("#time_to", "23:55")
    page.click("#send")
    received_code(page)
    (row,) = submitted(form_server, "To the minute")
    assert row["happened_from"].isoformat() == "2025-07-21T23:40:00+00:00"
    assert row["happened_to"].isoformat() == "2025-07-21T23:55:00+00:00"


def test_dates_are_in_the_language_of_the_page_and_times_have_24_hours(
    open_form: Callable[..., Page], form_server: Served
) -> None:
    page = open_form("/submit?lang=uk", locale="en-US")
    page.select_option("#time_precision", "minute")
    fill(page, "Day and time in Ukrainian")
    expect(page.locator("#happened_from")).to_have_value(re.compile(r"21 лип\. 2025"))
    page.fill("#happened_from", "3 липня 2025")
    page.fill("#time_from", "605")
    page.fill("#happened_to", "31.02.2025")
    page.click("#send")
    expect(page.locator("#happened_to-error")).to_contain_text("Такої дати чи часу не існує")
    page.locator(".day-opener").last.click()
    page.locator(".day-calendar [data-day]:enabled").first.click()
    expect(page.locator("#happened_to-error")).to_have_count(0)
    page.fill("#happened_to", "")
    page.click("#send")
    expect(page.locator(".tracking-code")).to_be_visible()
    (row,) = submitted(form_server, "Day and time in Ukrainian")
    assert row["happened_from"].isoformat() == "2025-07-03T06:05:00+00:00"
    native = open_form("/submit", scripts=False)
    assert native.locator("input[type=date]").count() == 2


def test_typed_text_is_escaped(open_form: Callable[..., Page]) -> None:
    attack = "<img src=x onerror=document.title='owned'>\"'><script>document.title='owned'</script>"
    page = open_form()
    for name in ("#footage_urls-0", "#place", "#geolocation_url", "#description"):
        page.fill(name, attack)
    page.click("#send")
    expect(page.locator("#summary")).to_be_visible()
    expect(page).to_have_title("Submit footage · Frontline")
    assert page.locator("main img:not(.leaflet-tile)").count() == 0


def test_tracking_by_typed_code_and_by_fragment(open_form: Callable[..., Page], axe: Callable[[Page], None]) -> None:
    page = open_form()
    fill(page, "To be tracked")
    page.click("#send")
    code = received_code(page)
    page = open_form("/track", tolerate="404")
    axe(page)
    page.fill("#code", "7Q2M 4XKD 9T0V HB3C 1WZE R8PN 6GYS")
    page.keyboard.press("Enter")
    expect(page.locator("#track-state")).to_contain_text("No submission has this code")
    page.fill("#code", code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.locator("#track-state")).to_contain_text("Waiting for an analyst")
    axe(page)

    page = open_form("/about")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(page.url.replace("/about", f"/track#{code}"))
    expect(page.locator("#track-state")).to_contain_text("Waiting for an analyst")
    assert page.url.endswith("/track")
    assert not any(code in url.partition("#")[0] for url in requested)


@pytest.mark.parametrize(("theme", "size"), last_of(["light", "dark"], [(1280, 800), PHONE, (360, 640)]))
def test_form_is_accessible_and_fits_the_screen(
    open_form: Callable[..., Page], axe: Callable[[Page], None], size: tuple[int, int], theme: str
) -> None:
    page = open_form("/submit?at=48.24819,37.1310", width=size[0], height=size[1], theme=theme, touch=size[0] < 700)
    page.fill("#happened_from", "2025-07-21")
    page.locator("#description").focus()
    expect(page.locator("#nearby")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size[0] < 700:
        small = page.evaluate(
            """() => [...document.querySelectorAll("#submit-form :is(button, input, select, textarea, .option)")]
              .filter((one) => one.offsetParent && !one.matches("[type=checkbox]"))
              .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_form_works_without_scripts(open_form: Callable[..., Page]) -> None:
    page = open_form(scripts=False, tolerate="422")
    expect(page.locator("#map-frame")).to_be_hidden()
    expect(page.locator("#footage_urls-2")).to_be_visible()
    expect(page.locator("#time_from")).to_be_visible()
    page.get_by_role("button", name="Another link").click()
    expect(page.locator("#footage_urls-5")).to_be_visible()
    page.fill("#description", "Enter sends")
    page.locator("#place").press("Enter")
    expect(page.locator("#summary")).to_be_visible()


def test_geolocation_is_denied(open_form: Callable[..., Page]) -> None:
    page = open_form()
    policy = page.evaluate("async () => (await navigator.permissions.query({ name: 'geolocation' })).state")
    assert policy == "denied"
