"""Sending footage in with a browser: with scripts and without, by map and by text, when it fails, and looking it up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import text

from app.database.session import Sessions
from app.models import Place, PlaceName
from app.places.spelling import fold
from tests.builders import Builder
from tests.conftest import Served, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

LINK = "https://t.me/example_channel/77"
KNOWN_LINK = "https://t.me/example_channel/1024"
PHONE = (390, 844)


@pytest.fixture(scope="module")
def form_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with a small gazetteer and two events, which takes submissions without limit."""
    settings = make_settings(
        tmp_path_factory.mktemp("form"), submissions_per_minute=10_000, submissions_per_hour=10_000
    )
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        with Sessions(served.engines).writing() as session:
            build = Builder(session)
            for geonameid, name, at in (
                (686799, "Zvirove", (37.12879, 48.25057)),
                (704422, "Pokrovsk", (37.17706, 48.28014)),
            ):
                spot = f"SRID=4326;POINT({at[0]} {at[1]})"
                session.add(
                    Place(geonameid=geonameid, name=name, country="UA", population=300, in_theatre=True, spot=spot)
                )
                session.flush()
                session.add(PlaceName(geonameid=geonameid, spelling=name, folded=fold(name), kind="name"))
            build.event("Infantry seen in Zvirove", at=(37.1330, 48.24819))
            tower = build.event("Fighting far away", at=(30.5, 50.4), happened=("2023-01-01", "2023-01-02"))
            build.source(tower, KNOWN_LINK)
        yield served


@pytest.fixture
def open_form(page_at: PageAt, form_server: Served) -> Callable[..., Page]:
    def open_form(path: str = "/submit", **options: Any) -> Page:
        page = page_at(path, served=form_server, **options)
        if options.get("scripts", True) and path.startswith("/submit"):
            expect(page.locator("#map .leaflet-map-pane, #map-frame .note").first).to_be_attached()
        return page

    return open_form


def submitted(served: Served, description: str) -> list[dict[str, Any]]:
    with served.engines.writing.connect() as connection:
        rows = connection.execute(
            text("SELECT *, ST_X(spot) AS lon, ST_Y(spot) AS lat FROM submission WHERE description = :d"),
            {"d": description},
        )
        return [dict(row._mapping) for row in rows]


def fill(page: Page, description: str, *, place: str = "48.5, 37.5", link: str = LINK) -> None:
    page.fill("#footage_urls-0", link)
    page.fill("#place", place)
    page.fill("#happened_from", "2025-07-21")
    page.fill("#description", description)


def received_code(page: Page) -> str:
    expect(page.get_by_role("heading", name="Thank you. It has been received.")).to_be_visible()
    return page.locator(".tracking-code").inner_text().strip()


def understood(page: Page, words: str) -> None:
    expect(page.locator("#place-understood")).to_contain_text(words)


def answered(page: Page, answer: Callable[[Route], None]) -> None:
    page.route("**/api/submissions", answer)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_submission_from_the_form_to_its_state(
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
    way = page.get_by_role("link" if scripts else "button", name="Look it up")
    way.click()
    expect(page.locator("#track-state")).to_contain_text("It waits for an analyst")
    assert code not in page.url


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("48°14'53.5\"N 37°07'46.8\"E", "48.24819, 37.12967"),
        ("37U CP 61154 45577", "48.24819, 37.12966"),
        ("8GWV64XH+7V", "48.24819, 37.12969"),
        ("64XH+7V Pokrovsk", "48.24819, 37.12969"),
        ("https://www.openstreetmap.org/#map=15/48.24819/37.12966", "48.24819, 37.12966"),
    ],
)
def test_a_typed_place_is_said_back(open_form: Callable[..., Page], typed: str, said: str) -> None:
    page = open_form()
    page.fill("#place", typed)
    understood(page, f"Understood as {said}")
    understood(page, "0.3 km south of Zvirove")
    expect(page.locator(".place-pin")).to_be_visible()


def test_a_name_is_chosen_from_the_list_by_keyboard(open_form: Callable[..., Page]) -> None:
    page = open_form()
    place = page.get_by_label("Place", exact=True)
    place.fill("Zvirove")
    expect(page.locator("#place-list").get_by_role("option")).to_have_count(1)
    place.press("ArrowDown")
    expect(place).to_have_attribute("aria-activedescendant", "place-list-0")
    place.press("Enter")
    expect(place).to_have_value("48.25057, 37.12879")
    understood(page, "at Zvirove")
    expect(page.locator("#place-list").get_by_role("option")).to_have_count(0)
    expect(place).to_be_focused()


def test_choices_the_page_brought_stand_until_the_list_takes_their_place(open_form: Callable[..., Page]) -> None:
    """A form that was sent without its script, a moment before it ran, comes back with the places of a name."""
    page = open_form(tolerate="422|Failed to load resource")
    asked = "**/api/collections/places/items?q=*"
    page.route(asked, lambda route: route.abort())
    choices = page.locator("#place-choices")

    def sent_without_script() -> None:
        page.fill("#place", "Zvirove")
        with page.expect_navigation():
            page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('#submit-form'))")

    sent_without_script()
    understood(page, "could not be looked up")
    choices.get_by_role("radio").click()
    understood(page, "48.25057, 37.12879")
    expect(choices).to_have_count(0)
    page.unroute(asked)
    sent_without_script()
    expect(page.locator("#place-list [role=option]")).to_have_count(1)
    expect(choices).to_have_count(0)


def test_what_is_no_place_says_why(open_form: Callable[..., Page]) -> None:
    page = open_form()
    for typed, said in (("Nowhereville", "No place of this name"), ("https://maps.app.goo.gl/abc", "short link")):
        page.fill("#place", typed)
        understood(page, said)
    expect(page.locator(".place-pin")).to_have_count(0)
    page.fill("#footage_urls-0", LINK)
    page.click("#send")
    expect(page.locator("#summary")).to_contain_text("short link")
    expect(page.locator("#summary")).to_be_focused()


def test_the_map_puts_the_place_and_a_drag_moves_it(open_form: Callable[..., Page]) -> None:
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
    understood(page, f"Understood as {place.input_value()}")


def test_the_precision_is_drawn_as_a_circle(open_form: Callable[..., Page]) -> None:
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


def test_links_are_added_and_taken_away(open_form: Callable[..., Page], form_server: Served) -> None:
    page = open_form()
    expect(page.locator("#links li")).to_have_count(1)
    for _ in range(9):
        page.click("#more-links")
    expect(page.locator("#links li")).to_have_count(10)
    expect(page.locator("#more-links")).to_be_hidden()
    for _ in range(7):
        page.get_by_role("button", name="Take link 4 away").click()
    expect(page.locator("#footage_urls-2")).to_be_focused()
    fill(page, "Several links")
    page.fill("#footage_urls-2", "https://example.org/third")
    page.click("#send")
    received_code(page)
    assert submitted(form_server, "Several links")[0]["footage_urls"] == [LINK, "https://example.org/third"]


def test_the_time_of_day_is_asked_where_it_matters(open_form: Callable[..., Page], form_server: Served) -> None:
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


def test_faults_are_told_beside_their_fields_and_nothing_is_lost(
    open_form: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = open_form()
    page.fill("#footage_urls-0", "javascript:alert(1)")
    page.fill("#happened_from", "2022-01-01")
    page.fill("#geolocation_url", "ftp://example.org/")
    page.click("#send")
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            re.compile("Link to the footage: This is no web address"),
            "Place: This is needed.",
            re.compile("Day, or the first of several: This lies before the first day"),
            "In your words: This is needed.",
            re.compile("Link that shows how the place was found: This is no web address"),
        ]
    )
    expect(page.locator("#happened_from")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#happened_from-fault")).to_be_visible()
    axe(page)
    summary.get_by_role("link", name="In your words").click()
    expect(page.locator("#description")).to_be_focused()
    page.keyboard.type("Now it is there")
    expect(page.locator("#description-fault")).to_have_count(0)
    expect(page.locator("#geolocation_url")).to_have_value("ftp://example.org/")


def test_what_is_near_is_shown_while_the_form_is_filled_in(open_form: Callable[..., Page]) -> None:
    page = open_form()
    page.fill("#place", "48.24819, 37.1310")
    page.fill("#happened_from", "2025-07-22")
    page.locator("#description").focus()
    near = page.locator("#nearby")
    expect(near.get_by_role("link", name="Infantry seen in Zvirove")).to_be_visible()
    expect(near).to_contain_text(re.compile(r"14\d m away"))
    expect(page.locator(".place-event")).to_have_text("1")
    page.fill("#footage_urls-0", f"{KNOWN_LINK}?utm_source=x")
    page.locator("#description").focus()
    expect(near).to_contain_text("has this footage already")
    page.fill("#place", "48.6, 37.6")
    page.fill("#footage_urls-0", LINK)
    page.locator("#description").focus()
    expect(near).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_duplicate_is_asked_before_it_is_sent(
    open_form: Callable[..., Page], form_server: Served, axe: Callable[[Page], None], scripts: bool
) -> None:
    description = f"A duplicate, scripts {scripts}"
    page = open_form(scripts=scripts, tolerate="409")
    fill(page, description, place="48.24819, 37.1310", link=KNOWN_LINK)
    page.click("#send")
    warnings = page.locator("#warnings")
    expect(warnings).to_contain_text("An event very near in place and time is on the map already.")
    expect(warnings.get_by_role("link")).to_have_text(
        ["Infantry seen in Zvirove", "Fighting far away"], use_inner_text=True
    )
    assert submitted(form_server, description) == []
    if scripts:
        axe(page)
    for box in warnings.get_by_role("checkbox").all():
        box.check()
    page.click("#send")
    received_code(page)
    (row,) = submitted(form_server, description)
    assert {warning["code"] for warning in row["warnings"]} == {"near-duplicate", "same-footage"}


@pytest.mark.parametrize("scripts", [True, False])
def test_swapped_axes_are_put_right_with_one_press(
    open_form: Callable[..., Page], form_server: Served, scripts: bool
) -> None:
    description = f"Swapped, scripts {scripts}"
    page = open_form(scripts=scripts, tolerate="409")
    fill(page, description, place="37.5, 48.5")
    page.click("#send")
    page.get_by_role("button", name="Use 48.50000, 37.50000 instead").click()
    expect(page.locator("#place")).to_have_value("48.50000, 37.50000")
    page.click("#send")
    received_code(page)
    (row,) = submitted(form_server, description)
    assert (row["lat"], row["lon"], row["warnings"]) == (48.5, 37.5, [])


def test_a_failure_keeps_everything_and_a_retry_is_one_submission(
    open_form: Callable[..., Page], form_server: Served
) -> None:
    page = open_form(tolerate="Failed to load resource")
    tries = []

    def lose_the_answer(route: Route) -> None:
        """The first try arrives, but its answer does not."""
        tries.append(json.loads(route.request.post_data or ""))
        response = route.fetch()
        if len(tries) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=response)

    answered(page, lose_the_answer)
    fill(page, "Sent twice")
    page.click("#send")
    status = page.locator("#send-status")
    expect(status).to_contain_text("All that you typed is still here.")
    expect(page.locator("#description")).to_have_value("Sent twice")
    status.get_by_role("button", name="Try again").click()
    received_code(page)
    assert tries[0] == tries[1]
    assert len(submitted(form_server, "Sent twice")) == 1


def test_the_limit_is_told_and_nothing_is_lost(open_form: Callable[..., Page]) -> None:
    page = open_form(tolerate="429")
    answered(
        page,
        lambda route: route.fulfill(
            status=429,
            content_type="application/problem+json",
            body='{"type":"/problems/too-many-requests","title":"Too many","status":429,"detail":"Wait a while."}',
        ),
    )
    fill(page, "Too much")
    page.click("#send")
    expect(page.locator("#send-status")).to_contain_text("Wait a while.")
    expect(page.locator("#description")).to_have_value("Too much")


def test_a_key_that_was_used_is_renewed(open_form: Callable[..., Page], form_server: Served) -> None:
    page = open_form(tolerate="409")
    key = page.locator("[name=idempotency_key]").input_value()
    fill(page, "The first with this key")
    page.click("#send")
    received_code(page)
    page = open_form(tolerate="409")
    page.evaluate("(key) => document.querySelector('[name=idempotency_key]').value = key", key)
    fill(page, "The second with this key")
    page.click("#send")
    expect(page.locator("#send-status")).to_contain_text("Send it again to make it another submission.")
    page.click("#send")
    received_code(page)
    assert len(submitted(form_server, "The second with this key")) == 1


def test_leaving_with_something_unsent_is_asked(open_form: Callable[..., Page]) -> None:
    page = open_form()
    asked = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.locator("#description").press_sequentially("Something")
    page.get_by_role("link", name="About").click()
    page.wait_for_url("**/about")
    assert asked == ["beforeunload"]


def test_without_leaflet_the_form_lives_on(open_form: Callable[..., Page], form_server: Served) -> None:
    def no_leaflet(context: BrowserContext) -> None:
        context.route(re.compile(r"leaflet[-@]1\.9\.4/.*leaflet\.js$"), lambda route: route.abort())

    page = open_form(prepare=no_leaflet, tolerate="Failed to load resource")
    expect(page.locator("#map-frame")).to_contain_text("The map did not load.")
    fill(page, "Without the map")
    page.click("#send")
    received_code(page)
    assert len(submitted(form_server, "Without the map")) == 1


def test_typed_text_stays_text(open_form: Callable[..., Page]) -> None:
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
    expect(page.locator("#track-state")).to_contain_text("It waits for an analyst")
    axe(page)

    page = open_form("/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("/about", f"/track#{code}"))
    expect(page.locator("#track-state")).to_contain_text("It waits for an analyst")
    assert page.url.endswith("/track")
    assert not any(code in url.partition("#")[0] for url in asked)


@pytest.mark.parametrize("size", [(1280, 800), PHONE, (360, 640)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_has_no_barrier_and_fits(
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


def test_the_form_has_no_barrier_without_scripts(open_form: Callable[..., Page]) -> None:
    page = open_form(scripts=False, tolerate="422")
    expect(page.locator("#map-frame")).to_be_hidden()
    expect(page.locator("#footage_urls-2")).to_be_visible()
    expect(page.locator("#time_from")).to_be_visible()
    page.get_by_role("button", name="Another link").click()
    expect(page.locator("#footage_urls-5")).to_be_visible()
    page.fill("#description", "Enter sends")
    page.locator("#place").press("Enter")
    expect(page.locator("#summary")).to_be_visible()


def test_the_page_never_asks_where_the_reader_is(open_form: Callable[..., Page]) -> None:
    page = open_form()
    policy = page.evaluate("async () => (await navigator.permissions.query({ name: 'geolocation' })).state")
    assert policy == "denied"
