"""Every payload through every field into every place where a page shows it: each stays the text
that it is.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from app.pages.about_page import contact_of
from app.pages.event_parts import web_link
from tests.browser import hostile
from tests.browser.hostile import (
    DAY,
    DAY_AFTER,
    NAMESAKES,
    OF_ONE_NAME,
    SPOTS,
    Hostile,
    build_hostile,
    grid_spot,
    hostile_settings,
    hostile_theatre,
)
from tests.browser.payloads import PAIRS, PAYLOADS, in_groups
from tests.browser.waiting import comes_to
from tests.conftest import Served, bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

ZOOM = 11
MAP = f"/?at=48.27,37.1,{ZOOM}&from={DAY}&to={DAY}"
# What the API refuses it refuses by a status, which the console tells.
REFUSED = r"status of 4\d\d"


@pytest.fixture(scope="module")
def hostile_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Hostile]]:
    settings = hostile_settings(make_settings(tmp_path_factory.mktemp("hostile")))
    with cloned(cluster, template) as urls, serving(urls, hostile_theatre(theatre), settings) as served:
        hostile = build_hostile(served)
        bring_columns_up_to_date(served, hostile_theatre(theatre))
        yield served, hostile


@pytest.fixture
def open_page(page_at: PageAt, hostile_server: tuple[Served, Hostile]) -> Iterator[Callable[..., Page]]:
    """Opens pages in which nothing runs, asks, or leads elsewhere: that, the console tells, and
    each test holds.
    """
    dialogs: list[str] = []

    def heard(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # a form that is not sent asks before it is left
            dialogs.append(dialog.message)
        dialog.accept()

    def open_page(path: str, *, scripts: bool = True) -> Page:
        page = page_at(
            path, served=hostile_server[0], scripts=scripts, tolerate=REFUSED, prepare=hostile.set_the_canary
        )
        page.on("dialog", heard)
        return page

    yield open_page
    assert dialogs == []


def normal(text: str) -> str:
    """A text as a page may show it: one space for another."""
    return re.sub(r"[\s\ufeff]+", " ", text).strip()


def holds(text: str, payloads: Iterable[str] = PAYLOADS) -> None:
    """Assert that a text has all the payloads, letter by letter."""
    assert lacking(text, payloads) == []


def lacking(text: str, payloads: Iterable[str]) -> list[str]:
    shown = normal(text)
    return [payload for payload in payloads if normal(payload) not in shown]


def shows(page: Page, selector: str, payloads: Iterable[str] = PAYLOADS) -> None:
    """Assert that what a page shows there comes to have all the payloads, letter by letter."""
    wanted = list(payloads)
    assert comes_to(page, lambda: lacking(text_of(page, selector), wanted), lambda found: not found) == []


def text_of(page: Page, selector: str) -> str:
    texts: list[str] = page.evaluate(
        "(selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent)", selector
    )
    return "\n".join(texts)


def sends_form(page: Page, path: str, fields: list[tuple[str, str]]) -> None:
    """Send a form as a page without scripts does, whatever its fields would take."""
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
              const form = document.createElement("form");
              Object.assign(form, { method: "post", action: path, enctype: "multipart/form-data" });
              for (const [name, value] of fields) {
                const field = document.createElement("textarea");
                Object.assign(field, { name, value });
                form.append(field);
              }
              document.body.append(form);
              HTMLFormElement.prototype.submit.call(form);
            }""",
            [path, fields],
        )


def test_the_payloads_bite_where_text_becomes_markup(chromium: Browser) -> None:
    """Else the other tests would prove nothing."""
    assert len(PAYLOADS) >= 60
    page = chromium.new_page()
    page.goto("about:blank")
    bites: list[bool] = page.evaluate(
        """async (payloads) => {
          const bites = payloads.map(() => false);
          payloads.forEach((payload, number) => {
            for (const text of [payload, `<p title="${payload}">`, `<p title='${payload}'>`]) {
              const frame = document.createElement("iframe");
              document.body.append(frame);
              Object.defineProperty(frame.contentWindow, "harmed", { set() { bites[number] = true; } });
              frame.contentDocument.write(text);
              frame.contentDocument.close();
            }
          });
          await new Promise((done) => setTimeout(done, 500));
          return bites;
        }""",
        PAYLOADS,
    )
    page.close()
    assert sum(bites) >= 40


def test_no_payload_is_an_address_that_may_be_followed() -> None:
    for payload in PAYLOADS:
        for text in (payload, payload.strip(), f" {payload}", f"\t{payload}"):
            link, contact = web_link(text), contact_of(text)
            assert link is None or link.lstrip().startswith("https://"), payload
            assert contact is None or (contact.href or "https://").lstrip().startswith(("https://", "mailto:")), payload


EVENT_PAGE = """async () => {
  const text = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent).join(" ");
  document.querySelector("#report-problem").click();
  const dialog = text("dialog");
  document.querySelector("dialog").close();
  return {
    title: text("title"),
    og: document.querySelector('meta[property="og:title"]').content,
    summary: document.querySelector('meta[property="og:description"]').content,
    heading: text("h1"), kind: text(".card-kind-name"), description: text(".card-description"),
    where: text(".card-facts .card-aside"), sides: text(".card-facts"), party: text(".claim-party"),
    statement: text(".claim-statement"), chain: text(".claim-chain"), source: text(".source-name"),
    more: text(".source-more"), origin: text(".card-origin"), dialog,
  };
}"""


def test_the_page_of_an_event(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    served, built = hostile_server
    page = open_page("/track")
    for event_id, pair in zip(built.whole, PAIRS, strict=True):
        address = f"{served.url}/events/{event_id}"
        page.goto(address)
        found: dict[str, str] = page.evaluate(EVENT_PAGE)
        assert normal(pair)[:200] in normal(found.pop("summary"))  # which is cut short
        for sink, text in found.items():
            assert normal(pair) in normal(text), sink
        hostile.sound(page)
        assert page.url == address
    page.goto(f"{served.url}/events/{built.withdrawn}")
    shows(page, "main")
    hostile.sound(page)


CARDS = """async (events) => {
  const text = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent).join(" ");
  const until = async (test, what) => {
    for (let tries = 0; !test(); tries++) {
      if (tries > 500) throw new Error(`never: ${what}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  };
  const found = [];
  for (const [id, title] of events) {
    history.replaceState(null, "", `${location.pathname}${location.search.replace(/&event=.*/, "")}&event=${id}`);
    dispatchEvent(new PopStateEvent("popstate"));
    await until(() => text("#card-title") === title, title);
    await until(() => document.querySelectorAll(".card-aside .line").length === 2, `by which ${title} lies`);
    document.querySelector(".card-report").click();
    const shown = {
      title: text("#card-title"), kind: text(".card-kind-name"), description: text(".card-description"),
      where: text(".card-aside"), sides: text(".card-facts"), party: text(".claim-party"),
      statement: text(".claim-statement"), chain: text(".claim-chain"), source: text(".source-name"),
      more: text(".source-more"), origin: text(".card-origin"), dialog: text("dialog"),
    };
    document.querySelector("dialog").close();
    found.push(shown);
  }
  return found;
}"""


def test_the_card(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    _, built = hostile_server
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    asked = [[str(id), pair] for id, pair in zip(built.whole, PAIRS, strict=True)]
    for number in range(0, len(asked), 20):
        found = page.evaluate(CARDS, asked[number : number + 20])
        hostile.sound(page)
        for pair, sinks in zip(PAIRS[number:], found, strict=False):
            for sink, text in sinks.items():
                assert normal(pair) in normal(text), sink
    page.evaluate(
        """(id) => {
          history.replaceState(null, "", `/?event=${id}`);
          dispatchEvent(new PopStateEvent("popstate"));
        }""",
        str(built.withdrawn),
    )
    expect(page.locator(".panel-problem")).to_be_visible()
    shows(page, ".panel-problem")
    hostile.sound(page)


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies on the map as it opens, pixels of a view of 1280 by 800."""
    world: float = 256 << ZOOM

    def down(degrees: float) -> float:
        return world / 2 - world * math.asinh(math.tan(math.radians(degrees))) / (2 * math.pi)

    return 640 + (longitude - 37.1) / 360 * world, 400 + down(latitude) - down(48.27)


def test_what_the_map_says_under_the_pointer(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    page.wait_for_function("document.querySelector('#map .leaflet-overlay-pane canvas')")
    tips: list[str] = page.evaluate(
        """async (places) => {
          const tips = [];
          const map = document.querySelector("#map");
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          for (const [clientX, clientY] of places) {
            map.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
            await frame();
            await frame();
            tips.push(document.querySelector("#tip").textContent);
          }
          return tips;
        }""",
        [on_map(*grid_spot(number)) for number in range(len(PAIRS))],
    )
    for pair, tip in zip(PAIRS, tips, strict=True):
        assert normal(pair) in normal(tip)
    hostile.sound(page)


def test_the_list_the_filters_and_the_legend(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP.replace("?", "?colour=category&"))
    expect(page.locator(".dock-count")).to_contain_text("events")
    shows(page, "title")
    page.locator("#list-toggle").click()
    rows = page.locator(".list-body .row")
    for shown in range(50, 2 * len(PAIRS), 50):
        expect(rows).to_have_count(shown)
        page.locator(".list-more").press("Enter")
    expect(rows).to_have_count(2 * len(PAIRS))
    shows(page, ".list-body .row-title")
    hostile.sound(page)
    page.locator('[data-chip="category"]').click()
    shows(page, ".option-name")
    shows(page, "#legend")
    page.keyboard.press("Escape")
    page.locator('[data-chip="side"]').click()
    for group in in_groups(900):
        shows(page, ".option-name", [group])
    hostile.sound(page)


def test_those_who_draw_lines(open_page: Callable[..., Page]) -> None:
    both = ",".join(hostile.ASSESSORS)
    page = open_page(MAP.replace("?", f"?assessor={both}&compare={DAY_AFTER},2025-07-23&").replace(DAY, DAY_AFTER))
    expect(page.locator(".legend-assessment").first).to_contain_text("javascript:harmed=1")
    for told in (".legend-assessment", ".legend-territory option", ".legend-areas", ".dock-occupied"):
        shows(page, told)
    holds(page.locator(".legend-assessment").first.get_attribute("title") or "")
    page.locator('[data-chip="compare"]').click()
    expect(page.locator(".compare-result table")).to_be_visible()
    shows(page, ".compare-result")
    hostile.sound(page)


PARAMETERS = (
    *("at", "from", "to", "mode", "category", "side", "verification", "q", "colour", "assessor", "compare", "event"),
    "other",
)


def test_the_address_of_the_map(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    found: list[list[str]] = page.evaluate(
        """async ([payloads, parameters]) => {
          const found = [];
          // Some at a time: a hundred questions at once are too many for a server, which says so.
          let asked = [];
          const ask = fetch;
          globalThis.fetch = (...what) => {
            const answer = ask(...what);
            asked.push(answer.catch(() => null));
            return answer;
          };
          for (const payload of payloads) {
            const query = new URLSearchParams(parameters.map((name) => [name, payload]));
            history.replaceState(null, "", `?${query}`);
            dispatchEvent(new PopStateEvent("popstate"));
            await new Promise((done) => setTimeout(done));
            found.push(['[data-chip="words"]', "#notice"].map((one) => document.querySelector(one).textContent));
            if (asked.length < 20) continue;
            await Promise.race([Promise.all(asked), new Promise((done) => setTimeout(done, 10_000))]);
            asked = [];
          }
          return found;
        }""",
        [PAYLOADS, PARAMETERS],
    )
    for payload, (words, notice) in zip(PAYLOADS, found, strict=True):
        assert normal(payload)[:150] in normal(words)
        assert normal(payload) in normal(notice)
    hostile.sound(page)


def test_addresses_of_pages(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    site = hostile_server[0].url
    page = open_page("/track")
    for group in in_groups(1000):
        said = quote(group, safe="")
        for path in (
            f"/track?lang={said}&code={said}&{said}={said}",
            f"/events/{said}?{said}",
            f"/{said}",
            f"//{said}",
        ):
            page.goto(site + path)
            hostile.sound(page)
            assert page.url.startswith(site)
    first = quote(in_groups(1000)[0], safe="")
    for path in (
        "/submit?at={0}&event={0}&lang={0}&{0}",
        "/?q={0}&lang={0}&{0}={0}",
        "/about?lang={0}",
        "/api/docs?{0}",
    ):
        page.goto(site + path.format(first))
        hostile.sound(page)
    for payload in PAYLOADS:
        answer = page.request.get(f"{site}/api/collections/events/items", params={"category": payload, "bbox": payload})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_about_the_map_and_the_documentation(open_page: Callable[..., Page]) -> None:
    page = open_page("/about")
    for section in ("operator", "categories", "origins", "credits"):
        shows(page, f"section[aria-labelledby='{section}']")
    for group in in_groups(900):
        shows(page, "section[aria-labelledby='words']", [group])
    hostile.sound(page)
    page.goto(page.url.replace("/about", "/api/docs"))
    hostile.sound(page)
    page = open_page("/", scripts=False)
    shows(page, "title")
    expect(page.locator("noscript li")).to_have_count(20)
    hostile.sound(page)


def test_the_search_box(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    box = page.get_by_role("combobox", name="Search")
    options = page.locator("#search-list [role=option]")
    for number, name in enumerate(NAMESAKES):
        box.fill(name)
        named = PAIRS[number * OF_ONE_NAME : (number + 1) * OF_ONE_NAME]
        expect(options.last).to_contain_text(f"“{name}”")
        expect(options).to_have_count(len(named) + 1)
        shows(page, "#search-list", named)
    hostile.sound(page)
    for words in in_groups(200):
        box.fill("")  # a browser counts what it replaces as if it stayed
        box.fill(words)
        expect(options.last).to_contain_text(normal(words)[:60], use_inner_text=False)
        shows(page, "#search-list", [words])
        hostile.sound(page)


FIELDS = (
    *("precision_m", "happened_from", "time_from", "happened_to", "time_to", "time_precision", "description"),
    *("category", "actor", "affected", "geolocation_url", "idempotency_key", "sensitivity", "confirm"),
)


def test_the_form_comes_back_with_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("/track")
    chunks = [PAIRS[number : number + OF_ONE_NAME] for number in range(0, len(PAIRS), OF_ONE_NAME)]
    for name, chunk in zip(NAMESAKES, chunks, strict=True):
        text = " ".join(chunk)
        fields = [("footage_urls", pair) for pair in chunk] + [(field, text) for field in FIELDS]
        sends_form(page, "/submit", [*fields, ("place", name)])
        links = page.locator("[name=footage_urls]").evaluate_all("(fields) => fields.map((field) => field.value)")
        holds("\n".join(links), chunk)
        for kept in ("geolocation_url", "description", "idempotency_key"):
            assert normal(text) in normal(page.locator(f"form [name={kept}]").input_value()), kept
        shows(page, "#place-choices, #place-list", chunk)
        hostile.sound(page)
    for text in in_groups(2000):
        sends_form(page, "/submit", [("place", text)])
        assert normal(text) in normal(page.locator("#place").input_value())
        hostile.sound(page)
    for text in in_groups(200):
        sends_form(page, "/track", [("code", text)])
        assert normal(text) in normal(page.locator("#code").input_value())
        hostile.sound(page)


def test_what_is_near_and_what_is_asked_before_sending(
    open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]
) -> None:
    page = open_page("/submit")
    page.locator("#happened_from").fill(DAY)
    for number, (longitude, latitude) in enumerate(SPOTS):
        titles = hostile_server[1].on_spot(number)
        page.locator("#place").fill(f"{latitude}, {longitude:.2f}")
        page.locator("#place").blur()
        expect(page.locator("#nearby")).to_contain_text(normal(titles[0])[:60], use_inner_text=False)
        expect(page.locator("#nearby-list li")).to_have_count(len(titles))
        shows(page, "#nearby-list", titles)
    page.locator("#footage_urls-0").fill("https://t.me/example_channel/77")
    page.locator("#description").fill("In the form")
    page.locator("#send").click()
    expect(page.locator("#warnings")).to_be_visible()
    shows(page, "#warnings", hostile_server[1].on_spot(len(SPOTS) - 1))
    hostile.sound(page)
    # The names of settlements, as the form offers and says them.
    page.locator("#place").fill(NAMESAKES[0])
    expect(page.locator("#place-list [role=option]")).to_have_count(OF_ONE_NAME)
    shows(page, "#place-list", PAIRS[:OF_ONE_NAME])
    first = text_of(page, "#place-list-0 [dir]")
    page.locator("#place").press("ArrowDown")
    page.locator("#place").press("Enter")
    expect(page.locator("#place-status")).to_contain_text(" at ")
    shows(page, "#place-status", [first])
    hostile.sound(page)
    for number, (longitude, latitude) in enumerate(SPOTS):
        sends_form(
            page,
            "/submit",
            [
                ("footage_urls", "https://t.me/example_channel/77"),
                ("place", f"{latitude}, {longitude:.2f}"),
                ("happened_from", DAY),
                ("description", "In the form"),
            ],
        )
        shows(page, "#warnings", hostile_server[1].on_spot(number))
        hostile.sound(page)
