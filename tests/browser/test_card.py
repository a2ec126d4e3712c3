"""The card of an event and the page of an event."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import text

from tests.browser.combinations import combine, last_of
from tests.browser.crowd import HOSTILE_TEXTS, Crowd
from tests.browser.map_page import PHONE
from tests.browser.waiting import wait_frames, wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

DEMO = "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21"
DASH = "\N{EN DASH}"
DMS = "48°15\N{PRIME}02.1\N{DOUBLE PRIME}N 37°07\N{PRIME}43.6\N{DOUBLE PRIME}E"


@pytest.fixture(scope="module")
def demo_events(demo_server: Served, chromium: Browser) -> dict[str, str]:
    """The ids of the demo events, by a word of the title."""
    context = chromium.new_context()
    features = context.request.get(f"{demo_server.url}/api/collections/events/items").json()["features"]
    context.close()
    words = ("E50", "Zvirove", "Sabotage", "search", "Myrnohrad")
    return {word: next(one["id"] for one in features if word in one["properties"]["title"]) for word in words}


def card(page: Page) -> Locator:
    return page.locator("#panel article.card")


def allow_clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])


@pytest.mark.parametrize(
    ("word", "texts"),
    [
        ("E50", ["21 July 2025", "A line 102 km long", "within 5 km of this line", "ISW", "48.28014, 37.17706"]),
        (
            "Zvirove",
            [
                "Advance · by Russian forces",
                f"19{DASH}21 July 2025",
                "inferred, not stated by the source",
                "48.25057, 37.12879",
                DMS,
                "37U CP 61096 45843",
                "within 2 km",
                "About the area",
                "claim",
                "no link available",
            ],
        ),
        (
            "Sabotage",
            ["17 July 2025", "Disputed", "Disputed: 3 for, 1 against", "denies", "fakti.bg ← News.bg"],
        ),
        (
            "search",
            [
                f"17{DASH}22 July 2025",
                "Reported",
                "Russia: its people or equipment are shown or hit",
                "mentioned in the reports: the city",
            ],
        ),
        ("Myrnohrad", ["August 2024 (known to the month)", "Mirnograd", "within 4 km"]),
    ],
)
def test_card_shows_the_event(page_at: PageAt, demo_events: dict[str, str], word: str, texts: list[str]) -> None:
    page = page_at(f"/?event={demo_events[word]}")
    for words in texts:
        expect(card(page)).to_contain_text(words)
    link = card(page).locator('.sources a[href^="http"]').first
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_card_describes_the_place_by_the_nearest_settlement(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    served, crowd = crowded
    page = page_at(f"/?event={crowd.near_village}", served=served)
    expect(card(page)).to_contain_text("0.3 km south of Zvirove (Звірове, “Zverovo”)")
    expect(card(page)).to_contain_text("within 100 m")


def test_first_button_of_the_card_opens_the_source(page_at: PageAt, demo_events: dict[str, str]) -> None:
    page = page_at(f"/?event={demo_events['Zvirove']}")
    first = page.locator(".card-actions > *").first
    expect(first).to_have_text("Open the source")
    expect(first).to_have_attribute("href", page.locator(".sources a").first.get_attribute("href") or "")
    expect(first).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_coordinates_can_be_copied_in_every_notation(page_at: PageAt, demo_events: dict[str, str]) -> None:
    page = page_at(f"/?event={demo_events['Zvirove']}", prepare=allow_clipboard)
    for words in ("48.25057, 37.12879", DMS, "37U CP 61096 45843"):
        page.get_by_role("button", name=words).click()
        expect(page.get_by_role("button", name=words)).to_have_attribute("data-copied", "Copied")
        assert page.evaluate("navigator.clipboard.readText()") == words


def test_share_copies_the_url_of_the_view(page_at: PageAt, demo_events: dict[str, str]) -> None:
    page = page_at(f"{DEMO}&event={demo_events['Zvirove']}&lang=en", prepare=allow_clipboard)
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".share")).to_contain_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert f"event={demo_events['Zvirove']}" in copied


def test_shared_url_contains_the_opening_period(page_at: PageAt, demo_events: dict[str, str]) -> None:
    page = page_at(f"/?event={demo_events['E50']}", prepare=allow_clipboard)
    expect(page.locator(".dock-count")).to_contain_text("events")
    days = page.evaluate("JSON.parse(document.querySelector('#config').textContent).opening")
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".share")).to_contain_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"from={days['from']}&to={days['to']}&" in copied
    assert f"&event={demo_events['E50']}" in copied


def test_copying_falls_back_if_the_clipboard_api_fails(page_at: PageAt, demo_events: dict[str, str]) -> None:
    def break_clipboard(context: BrowserContext) -> None:
        allow_clipboard(context)
        context.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('insecure'))")

    page = page_at(f"/?event={demo_events['Zvirove']}", prepare=break_clipboard)
    page.get_by_role("button", name="37U CP 61096 45843").click()
    expect(page.get_by_role("button", name="37U CP 61096 45843")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == "37U CP 61096 45843"


def test_share_uses_the_share_dialog_of_a_phone(page_at: PageAt, demo_events: dict[str, str]) -> None:
    def replace_share(context: BrowserContext) -> None:
        context.add_init_script("navigator.share = async (data) => { window.offered = data; }")

    page = page_at(f"/?event={demo_events['Zvirove']}", *PHONE, touch=True, prepare=replace_share)
    page.get_by_role("button", name="Share").tap()
    page.wait_for_function("window.offered")
    assert "Zvirove" in page.evaluate("window.offered.title")
    assert f"&event={demo_events['Zvirove']}" in page.evaluate("window.offered.url")


def test_events_at_the_same_place_are_listed(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    served, crowd = crowded
    page = page_at("/?at=48.3,37.2,13&from=2025-07-21&to=2025-07-21", served=served)
    expect(page.locator(".dock-count")).to_contain_text("events")
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#card-stack")).to_have_text("3 events here")
    rows = page.locator(".stack .row-button")
    expect(rows).to_have_count(3)
    expect(page.locator('.stack [aria-current="true"]')).to_have_count(1)
    before = page.locator("#card-title").inner_text()
    other = page.locator(".stack .row-button:not([aria-current])").first
    title = other.locator(".row-title").inner_text()
    assert title != before
    other.click()
    expect(page.locator("#card-title")).to_have_text(title)
    expect(page.locator("#card-stack")).to_have_text("3 events here")
    earlier, later = (page.get_by_role("button", name=f"{name} event in this view") for name in ("Earlier", "Later"))
    visited: list[str] = []
    wait_for_steps(page)
    while earlier.get_attribute("aria-disabled") == "false":
        go_to_step(page, earlier)
    for _ in crowd.same_place[1:]:
        visited.append(page.locator("#card-title").inner_text())
        go_to_step(page, later)
    assert len({*visited, page.locator("#card-title").inner_text()}) == 3, "steps go through all of the spot"
    expect(later).to_have_attribute("aria-disabled", "true")


def go_to_step(page: Page, button: Locator) -> None:
    """Presses a button and waits for another card."""
    before = page.locator("#card-title").inner_text()
    button.click()
    expect(page.locator("#card-title")).not_to_have_text(before)
    wait_for_steps(page)


def wait_for_steps(page: Page) -> None:
    """Waits until the page knows the position of the event among the events at the same place."""
    expect(page.locator(".panel-steps")).not_to_have_attribute("aria-busy", "true")


def test_earlier_and_later_step_through_the_view_and_move_the_period(
    page_at: PageAt, demo_events: dict[str, str]
) -> None:
    page = page_at(f"{DEMO}&event={demo_events['E50']}")
    later = page.get_by_role("button", name="Later event in this view")
    earlier = page.get_by_role("button", name="Earlier event in this view")
    expect(page.locator("#card-title")).to_contain_text("E50")
    expect(later).to_have_attribute("aria-disabled", "true")
    titles = []
    for _ in range(4):
        before = page.locator("#card-title").inner_text()
        titles.append(before)
        earlier.click()
        expect(page.locator("#card-title")).not_to_have_text(before)
    expect(page.locator("#card-title")).to_contain_text("Myrnohrad")
    expect(page.locator(".dock-period")).to_contain_text("2024")
    expect(earlier).to_have_attribute("aria-disabled", "true")
    expect(earlier).to_be_focused()  # the focus stays on the button
    for title in reversed(titles):
        later.click()
        expect(page.locator("#card-title")).to_have_text(title)


def test_keyboard_focus_moves_into_the_card_and_back(page_at: PageAt) -> None:
    page = page_at(DEMO)
    toggle = page.locator("#list-toggle")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list-title")).to_be_focused()
    expect(page.locator(".row-button")).to_have_count(4)
    page.keyboard.press("Tab")  # the order
    page.keyboard.press("Tab")
    first = page.locator(".row-button").first
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".row-button").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_a_click_does_not_move_the_focus_into_the_card(page_at: PageAt) -> None:
    page = page_at("/?at=48.25057,37.12879,13&from=2025-07-19&to=2025-07-19")
    expect(page.locator(".dock-count")).to_contain_text("events")
    page.mouse.click(640, 400)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    expect(page.locator("#card-title")).not_to_be_focused()


def test_problem_report_is_stored(page_at: PageAt, crowded: tuple[Served, Crowd]) -> None:
    served, crowd = crowded
    page = page_at(f"/?event={crowd.same_place[0]}", served=served)
    report = page.get_by_role("button", name="Report a problem")
    report.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Something else", exact=True).check()
    dialog.get_by_role("button", name="Send").click()
    assert page.locator("#problem-text").evaluate("(field) => field.validationMessage"), "a text is required"
    page.locator("#problem-text").fill("The tower stands farther south.")
    dialog.get_by_role("button", name="Send").click()
    code = dialog.locator(".tracking-code").inner_text().strip()
    assert len(code) >= 26
    with served.engines.writing.connect() as connection:
        rows = connection.execute(
            text("SELECT kind, problem_kind, event_id, description FROM frontline.submission")
        ).all()
    assert [tuple(row) for row in rows] == [
        ("problem", "other", crowd.same_place[0], "The tower stands farther south.")
    ]
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(report).to_be_focused()


def test_a_failed_report_keeps_its_text_and_idempotency_key(page_at: PageAt, demo_events: dict[str, str]) -> None:
    sent: list[dict[str, Any]] = []

    def fail(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        route.fulfill(
            status=429,
            content_type="application/problem+json",
            body=json.dumps({"title": "Too many requests", "status": 429, "detail": "Try again in a minute."}),
        )

    def prepare(context: BrowserContext) -> None:
        context.route("**/api/submissions/problems", fail)

    page = page_at(f"/?event={demo_events['E50']}", prepare=prepare, tolerate="429")
    page.get_by_role("button", name="Report a problem").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The place is wrong").check()
    page.locator("#problem-text").fill("Farther south")
    for _ in range(2):
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Your report was not sent. Try again in a minute.")
    page.locator("#problem-text").fill("Farther north")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Your report was not sent")
    wait_until(page, lambda: len(sent), lambda found: found == 3)
    keys = [one["idempotency_key"] for one in sent]
    assert keys[0] == keys[1] != keys[2]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(card(page)).to_be_visible()  # Escape closed the dialog, not the card


@pytest.mark.parametrize(
    ("status", "detail", "message"),
    [
        (404, "", "There is no event with this link on the map."),
        (410, "It was filmed elsewhere.", "It was filmed elsewhere."),
    ],
)
def test_missing_event_shows_a_message(page_at: PageAt, status: int, detail: str, message: str) -> None:
    def prepare(context: BrowserContext) -> None:
        body = json.dumps({"title": "x", "status": status, "detail": detail})
        context.route(
            re.compile("/items/[0-9a-f-]{36}$"),
            lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body),
        )

    page = page_at(f"/?event={uuid.uuid4()}", prepare=prepare, tolerate=str(status))
    expect(page.locator("#panel")).to_contain_text(message)
    expect(page.locator("#panel").get_by_role("button", name="Try again")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#panel")).to_be_hidden()


def test_a_failed_card_can_be_loaded_again(page_at: PageAt, demo_events: dict[str, str]) -> None:
    failing = True

    def answer(route: Route) -> None:
        if failing:
            route.fulfill(
                status=503, body='{"title": "Busy", "status": 503, "detail": "The database does not answer."}'
            )
        else:
            route.fallback()

    def prepare(context: BrowserContext) -> None:
        context.route(re.compile("/items/[0-9a-f-]{36}$"), answer)

    page = page_at(f"/?event={demo_events['E50']}", prepare=prepare, tolerate="503")
    expect(page.locator("#panel")).to_contain_text("The event could not be loaded.")
    expect(page.locator("#panel")).to_contain_text("The database does not answer.")
    failing = False
    page.locator("#panel").get_by_role("button", name="Try again").click()
    expect(page.locator("#card-title")).to_contain_text("E50")


def test_the_old_card_stays_until_the_new_one_is_loaded(page_at: PageAt, demo_events: dict[str, str]) -> None:
    waiting: list[Route] = []

    def prepare(context: BrowserContext) -> None:
        context.route(re.compile(f"/items/{demo_events['Myrnohrad']}$"), lambda route: waiting.append(route))

    page = page_at(f"{DEMO}&event={demo_events['E50']}", prepare=prepare)
    expect(page.locator("#card-title")).to_contain_text("E50")
    page.evaluate(
        """(id) => { history.pushState(null, "", location.href.replace(/event=[^&]*/, `event=${id}`));
        dispatchEvent(new PopStateEvent("popstate")); }""",
        demo_events["Myrnohrad"],
    )
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#card-title")).to_contain_text("E50")
    expect(page.locator(".panel-progress")).to_be_visible()
    wait_until(page, lambda: waiting)
    waiting[0].fallback()
    expect(page.locator("#card-title")).to_contain_text("Myrnohrad")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(("size", "path"), combine([(1280, 800), PHONE], ["/?event={}", "/events/{}"]))
def test_hostile_texts_are_escaped(
    page_at: PageAt, crowded: tuple[Served, Crowd], path: str, size: tuple[int, int]
) -> None:
    served, crowd = crowded
    page = page_at(path.format(crowd.hostile_event), *size, served=served)
    content = page.locator(".card, .event-page")
    for harm in HOSTILE_TEXTS:
        expect(content).to_contain_text(harm)
    expect(content).to_contain_text("graphic footage")
    expect(content).to_contain_text("deleted at the source")
    wait_frames(page, 12)
    assert page.evaluate("window.harmed") is None
    assert content.locator("img:not(.leaflet-tile), script, svg[onload]").count() == 0
    assert page.locator('a[href^="javascript"]').count() == 0
    wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector(".panel-body")]
          .filter((one) => one && one.scrollWidth > one.clientWidth).length"""
    )
    assert wide == 0, "long words wrap"


def test_a_source_without_a_web_url_is_not_a_link(page_at: PageAt, demo_events: dict[str, str]) -> None:
    def replace_urls(route: Route) -> None:
        response = route.fetch()
        event = response.json()
        for source in event["properties"]["sources"]:
            source["url"] = source["archive_url"] = "javascript:window.harmed=1"
        route.fulfill(response=response, json=event)

    def prepare(context: BrowserContext) -> None:
        context.route(re.compile("/items/[0-9a-f-]{36}$"), replace_urls)

    page = page_at(f"/?event={demo_events['E50']}", prepare=prepare)
    expect(card(page).locator(".source")).not_to_have_count(0)
    assert card(page).locator(".sources a, .claim-chain a").count() == 0


@pytest.mark.parametrize(("size", "theme"), last_of([PHONE, (1280, 800)], ["dark", "light"]))
def test_card_is_accessible(
    page_at: PageAt,
    axe: Callable[[Page], None],
    crowded: tuple[Served, Crowd],
    demo_events: dict[str, str],
    size: tuple[int, int],
    theme: str,
) -> None:
    served, crowd = crowded
    page = page_at(f"/?event={demo_events['Sabotage']}", *size, theme=theme)
    expect(page.locator(".claim")).to_have_count(4)
    axe(page)
    page.get_by_role("button", name="Report a problem").click()
    axe(page)
    page = page_at(f"/?event={crowd.hostile_event}", *size, theme=theme, served=served)
    expect(page.locator(".claim")).to_have_count(len(HOSTILE_TEXTS))
    axe(page)


@pytest.mark.parametrize(("word", "theme"), last_of(["Sabotage", "E50"], ["light", "dark"]))
def test_event_page_is_accessible(
    page_at: PageAt, axe: Callable[[Page], None], demo_events: dict[str, str], theme: str, word: str
) -> None:
    page = page_at(f"/events/{demo_events[word]}", theme=theme)
    expect(page.locator(".event-map .desk-line").first).to_be_attached()
    axe(page)


@pytest.mark.parametrize(("width", "theme"), last_of([360, 1280], ["dark", "light"]))
def test_about_page_is_accessible(page_at: PageAt, axe: Callable[[Page], None], theme: str, width: int) -> None:
    page = page_at("/about", width, 800, theme=theme)
    axe(page)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_event_page_links_to_the_map(page_at: PageAt, demo_events: dict[str, str]) -> None:
    page = page_at(f"/events/{demo_events['Myrnohrad']}", scripts=False)
    expect(page.get_by_role("button", name="Report a problem")).to_have_count(0)
    expect(page.locator("#event-map")).to_be_hidden()
    page = page_at(f"/events/{demo_events['Myrnohrad']}")
    page.get_by_role("button", name="Report a problem").click()
    expect(page.get_by_role("dialog")).to_contain_text("Myrnohrad")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Show on the map").click()
    expect(page.locator("#card-title")).to_contain_text("Myrnohrad")
    expect(page.locator(".dock-period")).to_contain_text("August 2024")


@pytest.mark.parametrize(
    ("word", "shape", "precision"),
    [("Zvirove", ".place-pin", ".desk-ring"), ("E50", "path.desk-shape", "path.desk-band")],
)
def test_event_page_has_a_map_with_the_precision_and_the_line_of_that_day(
    page_at: PageAt, demo_events: dict[str, str], word: str, shape: str, precision: str
) -> None:
    requested: list[str] = []
    is_broken = word == "Zvirove"

    def answer(route: Route) -> None:
        nonlocal is_broken
        requested.append(route.request.url)
        if is_broken:
            is_broken = False
            route.abort()
        else:
            route.fallback()

    def prepare(context: BrowserContext) -> None:
        context.route("**/front-lines/items?*", answer)

    page = page_at(
        f"/events/{demo_events[word]}",
        tolerate="Failed to load resource",
        prepare=prepare,
    )
    figure = page.locator("#event-map")
    for mark in (shape, precision):
        expect(figure.locator(mark)).to_have_count(1)
    if word == "Zvirove":
        expect(figure).to_contain_text("The front line could not be loaded.")
        figure.get_by_role("button", name="Try again").click()
    expect(figure.locator("path.desk-line")).to_have_count(1)
    expect(figure.locator("path.desk-occupied").first).to_be_attached()
    expect(figure.locator("figcaption")).to_contain_text("Front line: ")
    assert "state_at=2025-07-21" in requested[-1]
    assert figure.locator("figcaption").inner_text().startswith("within ")


def test_texts_in_the_language_of_their_source_say_so(page_at: PageAt, demo_events: dict[str, str]) -> None:
    note = "наведено мовою джерела."
    page = page_at(f"/?event={demo_events['Sabotage']}&lang=uk")
    expect(card(page).locator(".card-title")).to_have_attribute("lang", "")
    expect(card(page).locator(".claim-statement").first).to_have_attribute("lang", "")
    expect(card(page)).to_contain_text(note)
    page.goto(page.url.replace("lang=uk", "lang=en"))
    expect(card(page).locator(".claim-statement").first).to_be_visible()
    assert card(page).locator("[lang]").count() == 0
    page = page_at(f"/events/{demo_events['Sabotage']}?lang=uk")
    expect(page.locator("h1")).to_have_attribute("lang", "")
    expect(page.locator(".event-page")).to_contain_text(note)
