"""The map page as a reader meets it: opening, filters, colours, link, states, themes, phones, what does not load."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from app.geo.event_columns import Dictionary, Rows, encode
from app.models.columns import TIME_PRECISIONS, VERIFICATIONS

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

WIDE = (1280, 800)
PHONES = [(390, 844), (360, 640)]
JULY = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"


def drawn(page: Page) -> None:
    """Wait until the map has drawn what was asked for: the dock's label follows it."""
    expect(page.locator(".dock-count")).to_contain_text("events")


def marks(page: Page) -> int:
    """How many pixels of the events' canvas have a colour."""
    count: int = page.evaluate(
        """() => {
          const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let n = 3; n < data.length; n += 4) if (data[n] > 0) count++;
          return count;
        }"""
    )
    return count


def colours(page: Page) -> set[str]:
    """The full colours on the events' canvas."""
    found: list[str] = page.evaluate(
        """() => {
          const canvas = document.querySelector("#map .leaflet-overlay-pane canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let n = 0; n < data.length; n += 4) {
            if (data[n + 3] < 255) continue;
            found.add([0, 1, 2].map((channel) => data[n + channel].toString(16).padStart(2, "0")).join(""));
          }
          return [...found];
        }"""
    )
    return {f"#{colour}" for colour in found}


def search_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def open_chip(page: Page, name: str) -> None:
    page.locator(f'[data-chip="{name}"]').click()


# Opening


def test_opens_with_events_and_asks_for_no_cookie(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    drawn(page)
    expect(page.locator(".dock-shown")).not_to_be_empty()
    assert marks(page) > 500
    assert page.context.cookies() == []


def test_events_are_drawn_by_geometry_and_precision(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    with_line = marks(page)
    page.goto(page.url.replace("from=2025-07-15&to=2025-07-21", "from=2025-07-19&to=2025-07-19"))
    drawn(page)
    assert marks(page) < with_line / 3, "the band of the road covers much of the map"


def test_a_click_opens_the_card_of_what_is_there(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    page.wait_for_url(re.compile(r"event=[0-9a-f-]{36}$"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.wait_for_url(lambda url: "event=" not in url)


def test_a_click_on_a_line_opens_it(page_at: PageAt) -> None:
    page = page_at("/?at=48.40061,36.71598,13&from=2025-07-21&to=2025-07-21", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_contain_text("E50")


def test_a_click_on_nothing_closes_the_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    expect(page.locator("#card-title")).to_be_visible()
    page.mouse.click(400, 300)
    expect(page.locator("#panel")).to_be_hidden()


def test_the_pointer_says_what_it_points_at(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.move(*centre(page))
    expect(page.locator("#tip")).to_have_text("Advance · 19\N{EN DASH}21 July 2025 · Geolocated")
    page.mouse.move(400, 300)
    expect(page.locator("#tip")).to_be_hidden()


def centre(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_tens_of_thousands_of_events_are_drawn(page_at: PageAt) -> None:
    count = 40_000

    numbers = np.arange(count)
    nothing = np.full(count, -1)
    rows = Rows(
        ids=np.stack((numbers, numbers), axis=1).astype(np.uint64),
        longitude=36.5 + numbers * 7919 % 120_000 / 1e5,
        latitude=48 + numbers * 104_729 % 60_000 / 1e5,
        day=20_284 + numbers * 7 // count,  # from 15 July 2025
        days=np.ones(count, dtype=np.int64),
        category=np.zeros(count, dtype=np.int64),
        actor=nothing,
        affected=numbers % 2,
        verification=numbers % 5,
        time_precision=np.full(count, 2),
        precision_m=nothing,
    )
    blob = encode(rows, Dictionary(("clash",), ("ru", "ua"), VERIFICATIONS, TIME_PRECISIONS))
    told = {"url": "/api/collections/events/columns/parts/many", "events": count, "spans": False}
    days = {"first_day": "2025-07-15", "last_day": "2025-07-21"}
    part = told | days | {"bytes": len(blob), "decoded_bytes": len(blob)}

    def answer(context: BrowserContext) -> None:
        manifest = {"stale": False, "events": count, **days, "parts": [part]}
        context.route("**/events/columns/parts", lambda route: route.fulfill(json=manifest))
        context.route("**/events/columns/parts/many", lambda route: route.fulfill(body=blob))

    page = page_at(JULY, *WIDE, prepare=answer)
    expect(page.locator(".dock-count")).to_contain_text("40 000 of 40 000".replace(" ", "\u202f", 1))
    assert marks(page) > 300_000
    sides = {
        page.evaluate(f"() => getComputedStyle(document.documentElement).getPropertyValue('--side-{side}').trim()")
        for side in ("ru", "ua")
    }
    assert sides <= colours(page)


# Filters


def test_filters_narrow_the_map_and_the_address(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
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


def test_choices_tell_how_many_events_they_leave(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&verification=geolocated", *WIDE)
    drawn(page)
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
    drawn(page)
    expect(page.locator(".dock-count")).to_contain_text("1 of 5")


def test_dates_are_typed_inclusive(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    open_chip(page, "dates")
    dialog = page.get_by_role("dialog", name="Date range")
    dialog.get_by_label("To", exact=True).fill("2025-07-18")
    expect(page.locator(".dock-count")).to_contain_text("2 of 5")
    expect(page.locator('[data-chip="dates"]')).to_contain_text("15\N{EN DASH}18 Jul 2025")
    dialog.get_by_label("From", exact=True).fill("2025-07-19")
    expect(dialog.get_by_role("alert")).to_contain_text("after")
    expect(page.locator(".dock-count")).to_contain_text("2 of 5")
    dialog.get_by_role("button", name="30 days").click()
    page.wait_for_url(re.compile("from=2025-06-2[0-9]"))


def test_words_are_looked_for_by_the_server(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    search_box(page).fill("E50")
    page.get_by_role("option", name="Events with the words “E50”").click()
    expect(page.locator(".dock-count")).to_contain_text("1 of 1")
    page.wait_for_url(re.compile("q=E50"))
    page.get_by_role("button", name="Stop filtering by “E50”").click()
    expect(page.locator(".dock-count")).to_contain_text("4 of 5")


def test_search_goes_to_a_place_by_any_spelling(page_at: PageAt) -> None:
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
    drawn(page)
    box = search_box(page)
    box.fill("Zverovo")
    expect(page.get_by_role("option", name="Zvirove “Zverovo” · UA")).to_be_visible()
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "search-0")
    box.press("Enter")
    page.wait_for_url(re.compile(r"at=48\.25057,37\.12879,13"))
    expect(page.locator(".place-mark")).to_have_text("Zvirove")


def test_enter_before_the_places_are_there_goes_to_the_first(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    drawn(page)
    box = search_box(page)
    box.fill("48.5, 37.9")
    box.press("Enter")
    page.wait_for_url(re.compile(r"at=48\.5,37\.9,13"))


def test_the_gazetteer_may_not_have_it(page_at: PageAt) -> None:
    page = page_at("/", *WIDE)
    drawn(page)
    search_box(page).fill("Qqqqq")
    expect(page.get_by_role("option", name="“Qqqqq” is not in the gazetteer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


# Colours


def test_colours_follow_the_choice_and_the_legend_follows_them(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    expect(page.locator("#legend")).to_contain_text("Russia")
    side = page.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--side-ru').trim()")
    assert side in colours(page)
    open_chip(page, "colour")
    page.get_by_role("dialog", name="Colour by").get_by_label("Verification").check()
    expect(page.locator("#legend h2").first).to_have_text("Colour: verification")
    page.wait_for_url(re.compile("colour=verification"))
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    after = colours(page)
    assert "#1d62b0" in after
    assert side not in after


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_systems_until_the_reader_chooses(page_at: PageAt, theme: str) -> None:
    page = page_at("/", *WIDE, theme=theme)
    drawn(page)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light, night = "rgb(245, 243, 238)", "rgb(22, 24, 27)"
    assert page.evaluate(ground) == (night if theme == "dark" else light)
    page.locator("details[data-menu] summary").click()
    page.get_by_text("Night" if theme == "light" else "Light", exact=True).click()
    assert page.evaluate(ground) == (light if theme == "dark" else night)
    page.reload()
    drawn(page)
    assert page.evaluate(ground) == (light if theme == "dark" else night)


# The link


@pytest.mark.parametrize("timezone", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_a_link_restores_the_view_in_any_zone(page_at: PageAt, timezone: str) -> None:
    asked = "from=2024-08-01&to=2025-07-17&category=infiltration&side=ru&verification=disputed&colour=actor"
    page = page_at(f"/?at=48.3,37.2,12&{asked}", *WIDE, timezone=timezone)
    drawn(page)
    expect(page.locator(".dock-count")).to_contain_text("1 of 5")
    expect(page.locator(".dock-vague")).to_contain_text("1 known only to the month")
    expect(page.locator('[data-chip="dates"]')).to_contain_text("1 Aug 2024 \N{EN DASH} 17 Jul 2025")
    expect(page.locator('[data-chip="colour"]')).to_contain_text("actor")
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r"at=48\.3\d*,37\.2\d*,13&"))
    assert page.url.endswith(asked)


def test_another_language_shows_the_same_view(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=clash", *WIDE)
    drawn(page)
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r"at=48\.2\d*,37\.1\d*,12"))
    page.locator("details[data-menu] summary").click()
    page.locator('a[data-language][lang="uk"]').click()
    page.wait_for_url(re.compile(r"at=48\.2\d*,37\.1\d*,12&.*category=clash&lang=uk"))
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    page.locator("#zoom button").first.click()
    page.wait_for_url(re.compile(r",13&.*lang=uk"))
    expect(page.locator(".head-submit")).to_have_attribute("href", "/submit?lang=uk")


def test_back_and_forward_open_and_close_events(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19", *WIDE)
    drawn(page)
    page.mouse.click(*centre(page))
    page.wait_for_url(re.compile("event="))
    opened = page.url
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    assert page.url == opened


def test_moving_and_filtering_make_no_entries_to_go_back_through(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    before: int = page.evaluate("() => history.length")
    page.locator("#zoom button").first.click()
    open_chip(page, "category")
    page.get_by_role("dialog", name="Category").get_by_label("Clash").check()
    page.wait_for_url(re.compile("category=clash"))
    assert page.evaluate("() => history.length") == before


def test_what_a_link_asks_in_vain_is_told(page_at: PageAt) -> None:
    page = page_at("/?from=2024-02-30&category=flags&fbclid=1", *WIDE)
    drawn(page)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("from=2024-02-30, category=flags")
    expect(notice).not_to_contain_text("fbclid")


def test_a_link_to_an_event_alone_shows_its_place_and_day(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    items = page.evaluate(
        "async () => (await (await fetch('/api/collections/events/items?q=Myrnohrad')).json()).features"
    )
    page.goto(f"{page.url.split('?')[0]}?event={items[0]['id']}")
    expect(page.locator("#card-title")).to_contain_text("Myrnohrad")
    page.wait_for_url(re.compile(r"at=48\.3\d*,37\.26"))
    expect(page.locator(".dock-shown")).to_contain_text("August 2024")


# States


def test_an_empty_window_names_the_nearest_day(page_at: PageAt) -> None:
    page = page_at("/?from=2025-01-01&to=2025-01-07", *WIDE)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No events in this window.")
    notice.get_by_role("button", name="Nearest: 31 Aug 2024").click()
    page.wait_for_url(re.compile("from=2024-08-25&to=2024-08-31"))
    expect(notice).to_be_empty()


def test_events_out_of_view_can_be_gone_to(page_at: PageAt) -> None:
    page = page_at("/?at=50.45,30.52,12&from=2025-07-15&to=2025-07-21", *WIDE)
    page.locator("#notice").get_by_role("button", name="Show where they are").click()
    expect(page.locator("#notice")).not_to_contain_text("No events")
    assert marks(page) > 500


def test_filters_that_leave_nothing_can_be_reset(page_at: PageAt) -> None:
    page = page_at(f"{JULY}&category=fortification", *WIDE)
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No events with these filters, on any day.")
    notice.get_by_role("button", name="Reset filters").click()
    expect(notice).not_to_contain_text("No events")


def test_a_failure_says_why_and_can_be_tried_again(page_at: PageAt) -> None:
    fails = [True]

    def fail_once(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            if fails[0]:
                route.fulfill(status=503, json={"title": "Unavailable", "detail": "The database is away."})
            else:
                route.fallback()

        context.route("**/events/columns/parts", answer)

    page = page_at(JULY, *WIDE, prepare=fail_once, tolerate="503")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("The events could not be loaded. The database is away.")
    fails[0] = False
    notice.get_by_role("button", name="Try again").click()
    drawn(page)
    expect(notice).not_to_contain_text("could not be loaded")


def test_a_broken_part_is_refused_and_the_others_are_shown(page_at: PageAt) -> None:
    def break_one(context: BrowserContext) -> None:
        broken: list[str] = []

        def answer(route: Route) -> None:
            body = bytearray(route.fetch().body())
            broken[:] = broken or [route.request.url]
            body[-10] ^= route.request.url in broken
            route.fulfill(body=bytes(body))

        context.route("**/events/columns/parts/*", answer)

    page = page_at(JULY, *WIDE, prepare=break_one)
    expect(page.locator("#notice")).to_contain_text("could be loaded; the others are shown.")
    expect(page.locator("#notice").get_by_role("button", name="Try again")).to_be_visible()


def test_without_connection_the_page_says_from_when_it_is(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    page.context.set_offline(True)
    expect(page.locator("#notice")).to_contain_text("No connection. What is shown is from")
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_empty()


def test_the_map_does_without_tiles(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, tiles=False)
    drawn(page)
    expect(page.locator("#notice")).to_contain_text("The map tiles do not load")
    assert marks(page) > 500


def test_without_the_maps_program_the_list_stands_in(page_at: PageAt) -> None:
    def refuse(context: BrowserContext) -> None:
        context.route(re.compile(r"leaflet[-@][\d.]+/.*leaflet\.js"), lambda route: route.abort())

    page = page_at(JULY, *WIDE, prepare=refuse, tolerate="ERR_FAILED")
    expect(page.locator("#notice")).to_contain_text("The map cannot be drawn.")
    expect(page.locator("#panel")).to_contain_text("Zvirove")
    drawn(page)


def test_without_scripts_the_newest_events_are_links(page_at: PageAt) -> None:
    page = page_at("/", *WIDE, scripts=False)
    expect(page.get_by_role("heading", name="The map needs JavaScript")).to_be_visible()
    page.get_by_role("link", name=re.compile("Zvirove")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zvirove")


def test_nothing_is_asked_while_time_moves(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    drawn(page)
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if request.resource_type == "fetch" else None)
    page.locator('[data-grip="window"]').focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".dock-shown")).to_contain_text("1 July")
    assert requests == []


# For everybody


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONES[0]])
def test_no_barrier(page_at: PageAt, axe: Callable[[Page], None], size: tuple[int, int], theme: str) -> None:
    page = page_at(f"{JULY}&q=the", *size, theme=theme, touch=size != WIDE)
    drawn(page)
    axe(page)
    open_chip(page, "category")
    axe(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_barrier_in_pages_that_are_read(page_at: PageAt, axe: Callable[[Page], None], theme: str) -> None:
    page = page_at("/about", *WIDE, theme=theme, tolerate="404")
    axe(page)
    for path in ("/api/docs", "/nothing"):
        page.goto(page.url[: page.url.index("/", 8)] + path)
        axe(page)


def test_no_barrier_in_search_and_menu(page_at: PageAt, axe: Callable[[Page], None]) -> None:
    page = page_at("/?from=2025-01-01&to=2025-01-07", *WIDE)
    search_box(page).fill("48.5, 37.9")
    expect(page.get_by_role("listbox")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.locator("details[data-menu] summary").click()
    axe(page)


OVERLAPS = """() => {
  const ids = [".head", ".chips", ".zoom", "#legend", "#credits", "#panel", "#dock", "#notice"];
  const boxes = ids.flatMap((id) => {
    const element = document.querySelector(id);
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && box.width && box.height ? [{ id, box }] : [];
  });
  const sheet = getComputedStyle(document.querySelector("#sheet")).display !== "contents";
  const found = [];
  for (const { id, box } of boxes) {
    const fits = box.left >= -0.5 && box.right <= innerWidth + 0.5 && box.top >= -0.5;
    if (!fits && id !== ".chips") found.push(`${id} leaves the page`);
    for (const other of boxes) {
      if (other.id <= id) continue;
      if (sheet && ["#panel", "#dock"].includes(id) && ["#panel", "#dock"].includes(other.id)) continue;
      const apart = box.right <= other.box.left + 0.5 || other.box.right <= box.left + 0.5
        || box.bottom <= other.box.top + 0.5 || other.box.bottom <= box.top + 0.5;
      if (!apart) found.push(`${id} and ${other.id}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("size", [WIDE, (1024, 700), (768, 1024), *PHONES])
def test_nothing_overlaps(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=size in PHONES)
    drawn(page)
    assert page.evaluate(OVERLAPS) == []
    page.locator("#list-toggle").click()
    expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("size", PHONES)
def test_the_sheet_has_three_heights(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=True)
    drawn(page)
    sheet, grip = page.locator("#sheet"), page.locator("#grip")
    heights: dict[str, float] = {}

    def height_at(level: str) -> float:
        expect(sheet).to_have_attribute("data-level", level)
        page.wait_for_timeout(50)  # a transition, however short, takes a frame
        box = sheet.bounding_box()
        assert box is not None
        return box["height"]

    heights["dock"] = height_at("half")
    grip.focus()
    page.keyboard.press("ArrowDown")
    heights["peek"] = height_at("peek")
    page.locator("#list-toggle").click()
    heights["half"] = height_at("half")
    page.locator("#grip").press("ArrowUp")
    heights["full"] = height_at("full")
    assert heights["peek"] < heights["dock"] < heights["full"]
    assert heights["peek"] < heights["half"] < heights["full"]
    assert heights["full"] <= size[1] - 60


def test_the_sheet_is_dragged(page_at: PageAt) -> None:
    page = page_at(JULY, 390, 844, touch=True)
    drawn(page)
    box = page.locator("#grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + step * 25)
    page.mouse.up()
    expect(page.locator("#sheet")).to_have_attribute("data-level", "peek")


@pytest.mark.parametrize("size", PHONES)
def test_targets_are_wide_enough_for_thumbs(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=True)
    drawn(page)
    small: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".head :is(button, summary, input), .zoom-button, .chip, summary")]
          .filter((element) => element.checkVisibility())
          .map((element) => {
            const box = element.getBoundingClientRect();
            const after = getComputedStyle(element, "::after");
            const widened = after.position === "absolute" && after.content !== "none";
            const more = widened ? -parseFloat(after.top) * 2 || 0 : 0;
            return [element.className || element.id, Math.round(box.width), Math.round(box.height + more)];
          })
          .filter(([, width, height]) => width < 40 || height < 44)
          .map((found) => found.join(" "))"""
    )
    assert small == []
