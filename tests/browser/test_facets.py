"""Filters by origin and by source class, and plain fields that are shown without code of their
own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.database.session import Sessions
from tests.browser.map_page import PHONE, WIDE, open_chip, wait_for_map
from tests.browser.test_map_page import answer_with_events
from tests.builders import Builder
from tests.conftest import bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

JULY = "/?at=48.25,37.13,11&from=2025-07-15&to=2025-07-21"
LONG_NAME = "The archive of everything that was ever said about the war"
# Title, origin, and the classes of its sources.
EVENTS: tuple[tuple[str, str, list[str]], ...] = (
    ("Said by a ministry", "desk", ["party"]),
    ("Said by both", "desk", ["party", "state_affiliated"]),
    ("Seen by a reporter", "desk", ["independent", "party"]),
    ("Posted by somebody", "archive", ["unknown"]),
    ("Nobody is named", "archive", []),
)


@pytest.fixture(scope="module")
def sources_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with events of two origins and sources of every class."""
    settings = make_settings(tmp_path_factory.mktemp("sourced"))
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        with Sessions(served.engines).writing() as session:
            build = Builder(session)
            for number, (title, origin, classes) in enumerate(EVENTS):
                event = build.event(title, origin=build.origin(origin), at=(37.1 + number / 50, 48.25))
                for source_class in classes:
                    build.source(event, name=f"A {source_class} post", source_class=source_class)
            session.commit()
        bring_columns_up_to_date(served, theatre)
        yield served


def change_config(context: BrowserContext, change: str) -> None:
    """Changes the configuration of a page with a script. A page that the test answers itself could
    not load tiles.
    """
    context.add_init_script(f"""
        const parse = JSON.parse;
        JSON.parse = (...args) => {{
          const config = parse(...args);
          if (config?.theatre) {{ {change} }}
          return config;
        }};
    """)


def expect_count(page: Page, text: str) -> None:
    expect(page.locator(".dock-count")).to_contain_text(text)


def option_counts(page: Page, title: str) -> dict[str, str]:
    """Returns the options of an open filter and their numbers of events."""
    rows = page.get_by_role("dialog", name=title).locator(".option")
    expect(rows.first.locator(".option-count")).not_to_be_empty()
    names = [name.split("\n")[0] for name in rows.locator(".option-name").all_inner_texts()]
    return dict(zip(names, rows.locator(".option-count").all_inner_texts(), strict=True))


def test_source_class_filter_matches_any_source(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(JULY, *WIDE, served=sources_server)
    wait_for_map(page)
    open_chip(page, "source_class")
    assert option_counts(page, "Sources") == {
        "Party to the war": "3",
        "State-affiliated": "1",
        "Independent": "1",
        "Not classified": "1",
    }
    dialog = page.get_by_role("dialog", name="Sources")
    expect(dialog).to_contain_text("does not count as independent")
    dialog.get_by_label("Party to the war").check()
    expect_count(page, "3 of 5")
    dialog.get_by_label("Not classified").check()
    expect_count(page, "4 of 5")
    expect(page.locator('[data-chip="source_class"]')).to_contain_text("2 of 4")
    page.wait_for_url(re.compile("source_class=party,unknown"))
    page.keyboard.press("Escape")
    open_chip(page, "origin")
    assert option_counts(page, "Origin") == {"The archive": "1", "The desk": "3"}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reset filters").first.click()
    expect_count(page, "5 of 5")
    page.wait_for_url(lambda url: "source_class" not in url)


def test_a_filter_of_which_nobody_stated_a_value_shows_no_zeros(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, prepare=answer_with_events(50))
    expect_count(page, "50 of 50")
    open_chip(page, "source_class")
    dialog = page.get_by_role("dialog", name="Sources")
    expect(dialog.locator(".choice-unstated")).to_have_text("No event of this selection has a classified source.")
    dash = "\N{EN DASH}"
    assert option_counts(page, "Sources") == {
        "Party to the war": dash,
        "State-affiliated": dash,
        "Independent": dash,
        "Not classified": "50",
    }
    page.keyboard.press("Escape")
    # All events name a category, so these zeros are facts.
    open_chip(page, "category")
    counts = option_counts(page, "Category")
    assert (counts["Clash"], counts["Infiltration"]) == ("50", "0")
    expect(page.get_by_role("dialog", name="Category").locator(".choice-unstated")).to_be_hidden()


def test_a_filter_says_how_many_events_state_no_value(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(JULY, *WIDE, served=sources_server)
    wait_for_map(page)
    open_chip(page, "source_class")
    unstated = page.get_by_role("dialog", name="Sources").locator(".choice-unstated")
    expect(unstated).to_have_text("2 of 5 events have no classified source.")
    page.keyboard.press("Escape")
    open_chip(page, "side")
    unstated = page.get_by_role("dialog", name="Acting or affected side").locator(".choice-unstated")
    expect(unstated).to_have_text("No event of this selection names a side.")


def test_url_sets_the_origin_filter_of_map_and_list(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(f"{JULY}&origin=archive", *WIDE, served=sources_server)
    expect_count(page, "2 of 5")
    expect(page.locator('[data-chip="origin"]')).to_contain_text("The archive")
    page.locator("#list-toggle").click()
    titles = page.locator(".list-body .row-title")
    expect(titles).to_have_count(2)
    assert sorted(titles.all_inner_texts()) == ["Nobody is named", "Posted by somebody"]
    expect(page.locator("#notice")).to_be_empty()
    open_chip(page, "source_class")
    page.get_by_role("dialog", name="Sources").get_by_label("Not classified").check()
    expect(titles).to_have_text(["Posted by somebody"])


def test_unknown_origin_shows_a_notice(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(f"{JULY}&origin=elsewhere", *WIDE, served=sources_server)
    expect(page.locator("#notice")).to_contain_text("origin=elsewhere")
    expect_count(page, "5 of 5")


def test_origin_filter_is_hidden_with_a_single_origin(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    expect(page.locator('[data-chip="source_class"]')).to_be_visible()
    expect(page.locator('[data-chip="origin"]')).to_be_hidden()


def test_list_marks_events_without_independent_sources(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(JULY, *WIDE, served=sources_server)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    facts = {title: page.locator(".row", has_text=title).locator(".row-facts") for title, _, _ in EVENTS}
    expect(facts["Said by a ministry"]).to_have_text("Clash · Geolocated · only party sources")
    expect(facts["Said by both"]).to_have_text("Clash · Geolocated · no independent source")
    for title in ("Seen by a reporter", "Posted by somebody", "Nobody is named"):
        expect(facts[title]).to_have_text("Clash · Geolocated")


def test_card_shows_the_source_class_of_classified_sources_only(page_at: PageAt, sources_server: Served) -> None:
    page = page_at(JULY, *WIDE, served=sources_server)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    page.locator(".row-button", has_text="Said by both").click()
    expect(page.locator(".source-field")).to_have_text(["Who speaks: Party to the war", "Who speaks: State-affiliated"])
    page.get_by_role("button", name="List", exact=True).click()
    page.locator(".row-button", has_text="Posted by somebody").click()
    expect(page.locator(".source")).to_have_count(1)
    expect(page.locator(".source-field")).to_have_count(0)


def test_unknown_plain_field_is_shown(page_at: PageAt, sources_server: Served) -> None:
    """Plain, exported fields of `app/fields` are part of the page's configuration."""

    def add_fields(context: BrowserContext) -> None:
        def add_unit(route: Route) -> None:
            answer = route.fetch()
            body: dict[str, Any] = answer.json()
            for feature in body["features"]:
                feature["properties"]["unit"] = "<b>47th</b> brigade"
            route.fulfill(response=answer, json=body)

        change_config(context, 'config.fields.event.push({ name: "unit", title: "Unit", words: {} })')
        context.route("**/events/items?**", add_unit)

    page = page_at(JULY, *WIDE, served=sources_server, prepare=add_fields)
    wait_for_map(page)
    page.locator("#list-toggle").click()
    page.locator(".row-button", has_text="Said by a ministry").click()
    expect(page.locator('[data-field="unit"]')).to_have_text("<b>47th</b> brigade")


@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.long), PHONE])
def test_source_filter_is_accessible(
    page_at: PageAt, axe: Callable[[Page], None], sources_server: Served, size: tuple[int, int]
) -> None:
    page = page_at(f"{JULY}&source_class=party", *size, served=sources_server, touch=size == PHONE)
    wait_for_map(page)
    open_chip(page, "source_class")
    assert option_counts(page, "Sources")["Party to the war"] == "3"
    axe(page)


def test_long_origin_names_do_not_widen_the_page(page_at: PageAt, sources_server: Served) -> None:
    def rename(context: BrowserContext) -> None:
        change_config(context, f"config.origins[0].name = {json.dumps(LONG_NAME)}")

    page = page_at(f"{JULY}&origin=archive", *PHONE, served=sources_server, touch=True, prepare=rename)
    wait_for_map(page)
    chip = page.locator('[data-chip="origin"]')
    expect(chip).to_contain_text(LONG_NAME)
    box = chip.bounding_box()
    assert box is not None
    assert box["width"] < PHONE[0]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
