"""States of the map page: empty, failed, outdated, offline, and without tiles, Leaflet or
scripts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from app.geo.event_columns import decode
from tests.browser.map_page import JULY, WIDE, coloured_pixels, wait_for_map
from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def test_an_empty_period_offers_the_nearest_day(page_at: PageAt) -> None:
    page = page_at("/?from=2025-01-01&to=2025-01-07", *WIDE)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No events in this period.")
    notice.get_by_role("button", name="Nearest: 31 Aug 2024").click()
    page.wait_for_url(re.compile("from=2024-08-25&to=2024-08-31"))
    expect(notice).to_be_empty()


def test_notice_offers_to_go_to_events_out_of_view(page_at: PageAt) -> None:
    page = page_at("/?at=50.45,30.52,12&from=2025-07-15&to=2025-07-21", *WIDE)
    page.locator("#notice").get_by_role("button", name="Go to the events").click()
    expect(page.locator("#notice")).not_to_contain_text("No events")
    assert coloured_pixels(page) > 500


def test_filters_without_matches_can_be_reset(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=fortification", *WIDE)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No events match these filters on any day.")
    notice.get_by_role("button", name="Reset filters").click()
    expect(notice).not_to_contain_text("No events")


def test_a_part_that_cannot_be_read_leaves_the_other_events(page_at: PageAt) -> None:
    is_broken = [True]

    def break_one(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            content = bytearray(route.fetch().body())
            content[-10] ^= is_broken[0] and decode(bytes(content)).iso_day(0).startswith("2024")
            route.fulfill(body=bytes(content))

        context.route("**/events/columns/parts/*", answer)

    page = page_at(JULY, *WIDE, prepare=break_one)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("1 event could not be read. The map shows all others.")
    wait_for_map(page)
    assert wait_until(page, lambda: coloured_pixels(page), lambda count: count > 500) > 500
    is_broken[0] = False
    with page.expect_response("**/events/columns/parts/*"):
        notice.get_by_role("button", name="Try again").click()
    expect(notice).to_be_empty()


def test_a_link_may_have_any_years(page_at: PageAt) -> None:
    page = page_at("/?from=0001-01-01&to=9999-12-31", *WIDE)
    expect(page.locator("#dock")).to_contain_text("4 of 5 events · UTC+ 1 known only to the month")
    expect(page.locator("#notice")).to_be_empty()


def test_a_failure_shows_its_reason_and_can_be_retried(page_at: PageAt) -> None:
    is_failing = [True]

    def fail_once(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            if is_failing[0]:
                route.fulfill(status=503, json={"title": "Unavailable", "detail": "The database is away."})
            else:
                route.fallback()

        context.route("**/events/columns/parts", answer)

    page = page_at(JULY, *WIDE, prepare=fail_once, tolerate="503")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("The events could not be loaded. The database is away.")
    is_failing[0] = False
    notice.get_by_role("button", name="Try again").click()
    wait_for_map(page)
    expect(notice).not_to_contain_text("could not be loaded")


def test_each_part_that_fails_keeps_its_message_and_button(page_at: PageAt) -> None:
    is_failing = [True]

    def fail(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            if is_failing[0]:
                headers = {"Retry-After": "300"}
                route.fulfill(status=503, headers=headers, json={"title": "Unavailable", "detail": "Busy."})
            else:
                route.fallback()

        for url in ("**/events/columns/parts", "**/territory/history?*", "**/territory/series?*", "**/ground*.json*"):
            context.route(url, answer)
        context.route("**/places/labels?*", answer)

    page = page_at(JULY, *WIDE, prepare=fail, tolerate="503|ERR_FAILED", tiles=False)
    notices = page.locator('#notice [data-kind="problem"]')
    for words in ("The events could not", "The front line of", "in km²", "The place names could not"):
        expect(notices.filter(has_text=words)).to_have_count(1)
        expect(notices.filter(has_text=words).get_by_role("button", name="Try again")).to_be_visible()
    expect(notices.filter(has_text="place names")).to_contain_text("Busy. Trying again in 300 seconds.")

    expect(page.locator("#dock")).to_contain_text("15\N{EN DASH}21 July 2025Events not loaded")
    expect(page.locator("#legend")).to_contain_text("not loaded")
    page.get_by_role("button", name="List of events").click()
    expect(page.locator("#panel").get_by_role("alert")).to_contain_text("The events could not be loaded. Busy.")

    is_failing[0] = False
    notices.filter(has_text="The events could not").get_by_role("button", name="Try again").click()
    wait_for_map(page)
    expect(notices.filter(has_text="The front line of")).to_have_count(1)
    while notices.count():
        count = notices.count()
        notices.first.get_by_role("button", name="Try again").click()
        expect(notices).to_have_count(count - 1)
    expect(page.locator("#legend")).not_to_contain_text("loading")


def test_a_failed_first_load_is_tried_again(page_at: PageAt) -> None:
    remaining = {"parts": 1, "history": 1, "labels": 2}

    def fail_at_first(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            name = next((name for name in remaining if name in route.request.url and remaining[name]), None)
            if name is None:
                route.fallback()
                return
            remaining[name] -= 1
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"title": "Unavailable", "detail": "Busy."})

        for url in ("**/events/columns/parts", "**/territory/history?*", "**/places/labels?*"):
            context.route(url, answer)

    page = page_at(JULY, *WIDE, prepare=fail_at_first, tolerate="503|ERR_FAILED", tiles=False)
    notices = page.locator('#notice [data-kind="problem"]')
    expect(notices.filter(has_text="The events could not be loaded. Busy. Trying again in 2 seconds.")).to_have_count(1)
    wait_for_map(page)
    expect(notices.filter(has_text="Trying again in 4 seconds.")).to_have_count(1)
    expect(notices).to_have_count(0)
    assert remaining == dict.fromkeys(remaining, 0)


def test_a_page_that_cannot_be_updated_says_from_when_it_is(page_at: PageAt) -> None:
    is_failing = [False]

    def fail_later(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            if is_failing[0]:
                route.fulfill(status=503, json={"title": "Unavailable", "detail": "Busy."})
            else:
                route.fallback()

        context.route("**/events/columns/parts", answer)

    page = page_at(JULY, *WIDE, prepare=fail_later, tolerate="503")
    wait_for_map(page)
    is_failing[0] = True
    page.context.set_offline(True)
    page.context.set_offline(False)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Newer events could not be loaded. Busy. What is shown was loaded on ")
    is_failing[0] = False
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_be_empty()


@pytest.mark.parametrize("newer_in", ["manifest", "part"])
def test_an_outdated_page_offers_to_reload(page_at: PageAt, newer_in: str) -> None:
    is_newer = [False]

    def upgrade(context: BrowserContext) -> None:
        def manifest(route: Route) -> None:
            answer = route.fetch()
            body = answer.json()
            if is_newer[0]:
                if newer_in == "manifest":
                    body["format"] = 2
                for part in body["parts"]:
                    part["url"] += "?newer"
            headers = {name: value for name, value in answer.headers.items() if name.lower() != "etag"}
            route.fulfill(status=200, headers=headers, json=body)

        def part(route: Route) -> None:
            body = bytearray(route.fetch(url=route.request.url.removesuffix("?newer")).body())
            body[4] = 2
            route.fulfill(body=bytes(body))

        context.route("**/events/columns/parts", manifest)
        context.route(re.compile(r"/events/columns/parts/\w+\?newer"), part)

    page = page_at(f"{JULY}&side=ru", *WIDE, prepare=upgrade)
    count = page.locator(".dock-count")
    expect(count).to_contain_text("3 of 5")
    is_newer[0] = True
    page.context.set_offline(True)
    page.context.set_offline(False)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("The map was updated on the server.")
    expect(notice).not_to_contain_text("could not be loaded")
    expect(notice.get_by_role("button", name="Try again")).to_have_count(0)
    expect(count).to_contain_text("3 of 5")
    assert coloured_pixels(page) > 500
    page.locator('[data-grip="window"]').focus()
    page.keyboard.press("ArrowLeft")
    is_newer[0] = False  # the reloaded page has the format of the server
    notice.get_by_role("button", name="Reload the page").click()
    expect(notice).to_be_empty()
    expect(count).to_contain_text("of 5")
    page.wait_for_url(re.compile(r"[?&]from=2025-07-14&to=2025-07-20&side=ru&assessor=\w+$"))


def test_an_offline_page_shows_the_last_update(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    page.context.set_offline(True)
    expect(page.locator("#notice")).to_contain_text("You are offline. Last updated")
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_empty()


def test_map_works_without_tiles(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, tiles=False)
    wait_for_map(page)
    expect(page.locator("#notice")).to_contain_text("Background map unavailable")
    assert coloured_pixels(page) > 500


def test_without_leaflet_the_list_is_shown(page_at: PageAt) -> None:
    def refuse(context: BrowserContext) -> None:
        context.route(re.compile(r"leaflet[-@][\d.]+/.*leaflet\.js"), lambda route: route.abort())

    page = page_at(JULY, *WIDE, prepare=refuse, tolerate="ERR_FAILED")
    expect(page.locator("#notice")).to_contain_text("The map cannot be drawn.")
    expect(page.locator("#panel")).to_contain_text("Zvirove")
    wait_for_map(page)


def test_without_scripts_the_newest_events_are_links(page_at: PageAt) -> None:
    page = page_at("/", *WIDE, scripts=False)
    expect(page.get_by_role("heading", name="The map needs JavaScript")).to_be_visible()
    page.get_by_role("link", name=re.compile("Zvirove")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zvirove")


def test_moving_the_window_sends_no_request(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if request.resource_type == "fetch" else None)
    page.locator('[data-grip="window"]').focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".dock-period")).to_contain_text("1 July")
    assert requests == []
