"""Puts every payload into every field, and checks that every page shows the payload as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from app.pages.about_page import parse_contact
from app.pages.event_parts import web_link
from app.parsing.bidi import isolate
from tests.browser import hostile
from tests.browser.hostile import (
    DAY,
    DAY_AFTER,
    PLACES_PER_NAME,
    SHARED_NAMES,
    SPOTS,
    Hostile,
    build_hostile,
    grid_position,
    hostile_settings,
    hostile_theatre,
)
from tests.browser.payload_texts import assert_contains, expect_payloads, normalize_spaces, text_of
from tests.browser.payloads import DIRECTIONS, FAMILIES, PAIRS, PAYLOADS, payload_groups
from tests.conftest import Served, bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = [pytest.mark.browser, pytest.mark.sampled]

ZOOM = 11
MAP = f"/?at=48.27,37.1,{ZOOM}&from={DAY}&to={DAY}"
# The console reports the status of refused requests.
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
    """Opens pages. The test fails if a payload runs, opens a dialog or sends a request."""
    dialogs: list[str] = []

    def accept_dialog(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # an unsent form asks for confirmation
            dialogs.append(dialog.message)
        dialog.accept()

    def open_page(path: str, *, scripts: bool = True) -> Page:
        page = page_at(
            path, served=hostile_server[0], scripts=scripts, tolerate=REFUSED, prepare=hostile.install_canary
        )
        page.on("dialog", accept_dialog)
        return page

    yield open_page
    assert dialogs == []


def submit_form(page: Page, path: str, fields: list[tuple[str, str]]) -> None:
    """Submits a form without scripts and without validation of its fields."""
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


def test_payloads_run_where_text_becomes_markup(chromium: Browser) -> None:
    """Otherwise, the other tests would prove nothing."""
    assert sum(map(len, FAMILIES)) >= 60
    markup = [payload for payload in PAYLOADS if payload not in DIRECTIONS]
    page = chromium.new_page()
    page.goto("about:blank")
    effective: list[bool] = page.evaluate(
        """async (payloads) => {
          const effective = payloads.map(() => false);
          payloads.forEach((payload, number) => {
            for (const text of [payload, `<p title="${payload}">`, `<p title='${payload}'>`]) {
              const frame = document.createElement("iframe");
              document.body.append(frame);
              Object.defineProperty(frame.contentWindow, "harmed", { set() { effective[number] = true; } });
              frame.contentDocument.write(text);
              frame.contentDocument.close();
            }
          });
          await new Promise((done) => setTimeout(done, 500));
          return effective;
        }""",
        markup,
    )
    page.close()
    assert sum(effective) >= 0.38 * len(markup)


def test_isolated_text_does_not_turn_its_neighbours(chromium: Browser) -> None:
    """An element alone does not isolate: U+2069 in its text closes the isolation of the element."""
    page = chromium.new_page()
    texts = ["a\u202eb", "\u2069\u202eab", "\u2067\u2068ab", "\u202d\u2069\u2069\u202eab"]
    turned: list[list[bool]] = page.evaluate(
        """(shown) => shown.map((texts) => texts.map((text) => {
          const paragraph = document.createElement("p");
          const inner = document.createElement("bdi");
          inner.textContent = text;
          const after = document.createTextNode(" xyz");
          paragraph.append(inner, after);
          document.body.append(paragraph);
          const left = (index) => {
            const range = document.createRange();
            range.setStart(after, index);
            range.setEnd(after, index + 1);
            return range.getBoundingClientRect().left;
          };
          return left(1) > left(3);
        }))""",
        [texts, [isolate(text) for text in texts]],
    )
    page.close()
    assert turned == [[False, True, False, True], [False] * 4]


def test_no_payload_becomes_a_link() -> None:
    for payload in PAYLOADS:
        for text in (payload, payload.strip(), f" {payload}", f"\t{payload}"):
            link, contact = web_link(text), parse_contact(text)
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


def test_event_page(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    served, built = hostile_server
    page = open_page("/track")
    for event_id, pair in zip(built.full_events, PAIRS, strict=True):
        address = f"{served.url}/events/{event_id}"
        page.goto(address)
        found: dict[str, str] = page.evaluate(EVENT_PAGE)
        assert normalize_spaces(pair)[:200] in normalize_spaces(found.pop("summary"))  # the summary is shortened
        for sink, text in found.items():
            assert normalize_spaces(pair) in normalize_spaces(text), sink
        hostile.assert_no_injection(page)
        assert page.url == address
    page.goto(f"{served.url}/events/{built.withdrawn}")
    expect_payloads(page, "main")
    hostile.assert_no_injection(page)


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
    const plain = (words) => words.replace(/[\u2068\u2069]/g, ""); // how a page isolates a direction
    await until(() => plain(text("#card-title")) === plain(title), title);
    await until(() => document.querySelectorAll(".card-aside .line").length === 2, `the places of ${title}`);
    document.querySelector(".card-report").click();
    const card = {
      title: text("#card-title"), kind: text(".card-kind-name"), description: text(".card-description"),
      where: text(".card-aside"), sides: text(".card-facts"), party: text(".claim-party"),
      statement: text(".claim-statement"), chain: text(".claim-chain"), source: text(".source-name"),
      more: text(".source-more"), origin: text(".card-origin"), dialog: text("dialog"),
    };
    document.querySelector("dialog").close();
    found.push(card);
  }
  return found;
}"""


def test_card(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    _, built = hostile_server
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    events = [[str(id), pair] for id, pair in zip(built.full_events, PAIRS, strict=True)]
    for number in range(0, len(events), 20):
        found = page.evaluate(CARDS, events[number : number + 20])
        hostile.assert_no_injection(page)
        for pair, sinks in zip(PAIRS[number:], found, strict=False):
            for sink, text in sinks.items():
                assert normalize_spaces(pair) in normalize_spaces(text), sink
    page.evaluate(
        """(id) => {
          history.replaceState(null, "", `/?event=${id}`);
          dispatchEvent(new PopStateEvent("popstate"));
        }""",
        str(built.withdrawn),
    )
    expect(page.locator(".panel-problem")).to_be_visible()
    expect_payloads(page, ".panel-problem")
    hostile.assert_no_injection(page)


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Returns the pixel of a position on the map as it opens, in a viewport of 1280 by 800."""
    world: float = 256 << ZOOM

    def down(degrees: float) -> float:
        return world / 2 - world * math.asinh(math.tan(math.radians(degrees))) / (2 * math.pi)

    return 640 + (longitude - 37.1) / 360 * world, 400 + down(latitude) - down(48.27)


def test_tooltip_of_the_map(open_page: Callable[..., Page]) -> None:
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
        [on_map(*grid_position(number)) for number in range(len(PAIRS))],
    )
    for pair, tip in zip(PAIRS, tips, strict=True):
        assert normalize_spaces(pair) in normalize_spaces(tip)
    hostile.assert_no_injection(page)


def test_list_filters_and_legend(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP.replace("?", "?colour=category&"))
    expect(page.locator(".dock-count")).to_contain_text("events")
    expect_payloads(page, "title")
    page.locator("#list-toggle").click()
    rows = page.locator(".list-body .row")
    for row_count in range(50, 2 * len(PAIRS), 50):
        expect(rows).to_have_count(row_count)
        page.locator(".list-more").press("Enter")
    expect(rows).to_have_count(2 * len(PAIRS))
    expect_payloads(page, ".list-body .row-title")
    hostile.assert_no_injection(page)
    page.locator('[data-chip="category"]').click()
    expect_payloads(page, ".option-name")
    expect_payloads(page, "#legend")
    page.keyboard.press("Escape")
    page.locator('[data-chip="side"]').click()
    for group in payload_groups(900):
        expect_payloads(page, ".option-name", [group])
    hostile.assert_no_injection(page)


def test_assessors(open_page: Callable[..., Page]) -> None:
    both = ",".join(hostile.ASSESSORS)
    page = open_page(MAP.replace("?", f"?assessor={both}&compare={DAY_AFTER},2025-07-23&").replace(DAY, DAY_AFTER))
    expect(page.locator(".legend-assessment").first).to_contain_text("javascript:harmed=1")
    for selector in (".legend-assessment", ".legend-territory option", ".legend-areas", ".dock-occupied"):
        expect_payloads(page, selector)
    assert_contains(page.locator(".legend-assessment").first.get_attribute("title") or "")
    page.locator('[data-chip="compare"]').click()
    expect(page.locator(".compare-result p")).to_be_visible()  # there is one assessment: nothing to compare
    expect_payloads(page, ".compare-result")
    hostile.assert_no_injection(page)


PARAMETERS = (
    *("at", "from", "to", "mode", "category", "side", "verification", "q", "colour", "assessor", "compare", "event"),
    "other",
)


def test_url_of_the_map(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    found: list[list[str]] = page.evaluate(
        """async ([payloads, parameters]) => {
          const found = [];
          // In batches, because the server refuses a hundred requests at once.
          let requests = [];
          const ask = fetch;
          globalThis.fetch = (...what) => {
            const answer = ask(...what);
            requests.push(answer.catch(() => null));
            return answer;
          };
          for (const payload of payloads) {
            const query = new URLSearchParams(parameters.map((name) => [name, payload]));
            history.replaceState(null, "", `?${query}`);
            dispatchEvent(new PopStateEvent("popstate"));
            await new Promise((done) => setTimeout(done));
            found.push(['[data-chip="words"]', "#notice"].map((one) => document.querySelector(one).textContent));
            if (requests.length < 20) continue;
            await Promise.race([Promise.all(requests), new Promise((done) => setTimeout(done, 10_000))]);
            requests = [];
          }
          return found;
        }""",
        [PAYLOADS, PARAMETERS],
    )
    for payload, (words, notice) in zip(PAYLOADS, found, strict=True):
        assert normalize_spaces(payload)[:150] in normalize_spaces(words)
        assert normalize_spaces(payload) in normalize_spaces(notice)
    hostile.assert_no_injection(page)


def test_urls_of_pages(open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]) -> None:
    site = hostile_server[0].url
    page = open_page("/track")
    for group in payload_groups(1000):
        encoded = quote(group, safe="")
        for path in (
            f"/track?lang={encoded}&code={encoded}&{encoded}={encoded}",
            f"/events/{encoded}?{encoded}",
            f"/{encoded}",
            f"//{encoded}",
        ):
            page.goto(site + path)
            hostile.assert_no_injection(page)
            assert page.url.startswith(site)
    first = quote(payload_groups(1000)[0], safe="")
    for path in (
        "/submit?at={0}&event={0}&lang={0}&{0}",
        "/?q={0}&lang={0}&{0}={0}",
        "/about?lang={0}",
        "/api/docs?{0}",
    ):
        page.goto(site + path.format(first))
        hostile.assert_no_injection(page)
    for payload in PAYLOADS:
        answer = page.request.get(f"{site}/api/collections/events/items", params={"category": payload, "bbox": payload})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_about_page_and_documentation(open_page: Callable[..., Page]) -> None:
    page = open_page("/about")
    for section in ("operator", "categories", "origins", "credits"):
        expect_payloads(page, f"section[aria-labelledby='{section}']")
    for group in payload_groups(900):
        expect_payloads(page, "section[aria-labelledby='words']", [group])
    hostile.assert_no_injection(page)
    page.goto(page.url.replace("/about", "/api/docs"))
    hostile.assert_no_injection(page)
    page = open_page("/", scripts=False)
    expect_payloads(page, "title")
    expect(page.locator("noscript li")).to_have_count(20)
    hostile.assert_no_injection(page)


def test_search(open_page: Callable[..., Page]) -> None:
    page = open_page(MAP)
    expect(page.locator(".dock-count")).to_contain_text("events")
    box = page.get_by_role("combobox", name="Search")
    options = page.locator("#search-list [role=option]")
    for number, name in enumerate(SHARED_NAMES):
        box.fill(name)
        named = PAIRS[number * PLACES_PER_NAME : (number + 1) * PLACES_PER_NAME]
        expect(options.last).to_contain_text(f"“{name}”")
        expect(options).to_have_count(len(named) + 1)
        expect_payloads(page, "#search-list", named)
    hostile.assert_no_injection(page)
    for words in payload_groups(200):
        box.fill("")  # otherwise the browser counts the replaced text towards `maxlength`
        box.fill(words)
        expect(options.last).to_contain_text(isolate(words)[:60], use_inner_text=False)
        expect_payloads(page, "#search-list", [words])
        hostile.assert_no_injection(page)


FIELDS = (
    *("precision_m", "happened_from", "time_from", "happened_to", "time_to", "time_precision", "description"),
    *("category", "actor", "affected", "geolocation_url", "idempotency_key", "sensitivity", "confirm"),
)


def test_rejected_form_keeps_the_typed_values(open_page: Callable[..., Page]) -> None:
    page = open_page("/track")
    chunks = [PAIRS[number : number + PLACES_PER_NAME] for number in range(0, len(PAIRS), PLACES_PER_NAME)]
    for name, chunk in zip(SHARED_NAMES, chunks, strict=True):
        text = " ".join(chunk)
        fields = [("footage_urls", pair) for pair in chunk] + [(field, text) for field in FIELDS]
        submit_form(page, "/submit", [*fields, ("place", name)])
        links = page.locator("[name=footage_urls]").evaluate_all("(fields) => fields.map((field) => field.value)")
        assert_contains("\n".join(links), chunk)
        for field in ("geolocation_url", "description", "idempotency_key"):
            assert normalize_spaces(text) in normalize_spaces(page.locator(f"form [name={field}]").input_value()), field
        expect_payloads(page, "#place-choices, #place-list", chunk)
        hostile.assert_no_injection(page)
    for text in payload_groups(2000):
        submit_form(page, "/submit", [("place", text)])
        assert normalize_spaces(text) in normalize_spaces(page.locator("#place").input_value())
        hostile.assert_no_injection(page)
    for text in payload_groups(200):
        submit_form(page, "/track", [("code", text)])
        assert normalize_spaces(text) in normalize_spaces(page.locator("#code").input_value())
        hostile.assert_no_injection(page)


def test_nearby_events_and_warnings_before_sending(
    open_page: Callable[..., Page], hostile_server: tuple[Served, Hostile]
) -> None:
    page = open_page("/submit")
    page.locator("#happened_from").fill(DAY)
    for number, (longitude, latitude) in enumerate(SPOTS):
        titles = hostile_server[1].titles_on_spot(number)
        page.locator("#place").fill(f"{latitude}, {longitude:.2f}")
        page.locator("#place").blur()
        expect(page.locator("#nearby")).to_contain_text(normalize_spaces(titles[0])[:60], use_inner_text=False)
        expect(page.locator("#nearby-list li")).to_have_count(len(titles))
        expect_payloads(page, "#nearby-list", titles)
    page.locator("#footage_urls-0").fill("https://t.me/example_channel/77")
    page.locator("#description").fill("In the form")
    page.locator("#send").click()
    expect(page.locator("#warnings")).to_be_visible()
    expect_payloads(page, "#warnings", hostile_server[1].titles_on_spot(len(SPOTS) - 1))
    hostile.assert_no_injection(page)
    # The names of settlements in the list of the form and in the parsed place.
    page.locator("#place").fill(SHARED_NAMES[0])
    expect(page.locator("#place-list [role=option]")).to_have_count(PLACES_PER_NAME)
    expect_payloads(page, "#place-list", PAIRS[:PLACES_PER_NAME])
    first = text_of(page, "#place-list-0 [dir]")
    page.locator("#place").press("ArrowDown")
    page.locator("#place").press("Enter")
    expect(page.locator("#place-status")).to_contain_text(" at ")
    expect_payloads(page, "#place-status", [first])
    hostile.assert_no_injection(page)
    for number, (longitude, latitude) in enumerate(SPOTS):
        submit_form(
            page,
            "/submit",
            [
                ("footage_urls", "https://t.me/example_channel/77"),
                ("place", f"{latitude}, {longitude:.2f}"),
                ("happened_from", DAY),
                ("description", "In the form"),
            ],
        )
        expect_payloads(page, "#warnings", hostile_server[1].titles_on_spot(number))
        hostile.assert_no_injection(page)
