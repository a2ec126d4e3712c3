"""The legend lists everything that is drawn, and only that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from app.settings import PROJECT_DIRECTORY
from tests.browser.map_page import JULY, PHONE, WIDE, open_chip, wait_for_map
from tests.browser.test_map_page import answer_with_events
from tests.browser.waiting import wait_two_frames, wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

SCRIPTS = PROJECT_DIRECTORY / "static" / "js"
# The table of all signs: where each is drawn, and whether only lines and areas have it.
SIGNS = re.findall(
    r"^ +(\w+): \{ on: \"(\w+)\"(, shapes: true)? \},$", (SCRIPTS / "lib" / "draw-signs.js").read_text("utf-8"), re.M
)


def shown_signs(page: Page) -> set[str]:
    """Returns the signs that the legend shows, each of which has a text."""
    entries = page.locator("#legend [data-sign]:visible")
    found: list[list[str]] = entries.evaluate_all("(all) => all.map((one) => [one.dataset.sign, one.innerText.trim()])")
    assert all(text for _, text in found)
    return {sign for sign, _ in found}


def test_legend_lists_every_sign_of_marks(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    expected = {sign for sign, on, _ in SIGNS if on != "cells"}
    assert len(SIGNS) > 10
    wait_until(page, lambda: shown_signs(page) == expected)
    expect(page.locator("#legend .legend-weights .mark-icon")).to_have_count(4)


def test_legend_of_very_many_events_lists_only_what_cells_show(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE, prepare=answer_with_events())
    expect(page.locator(".dock-count")).to_contain_text("40,000 of 40,000")
    expected = {sign for sign, on, shapes in SIGNS if on != "marks" and not shapes}
    wait_until(page, lambda: shown_signs(page) == expected)
    expect(page.locator("#legend")).to_contain_text("zoom in, or choose a shorter period")
    expect(page.locator("#legend .legend-weights")).to_be_hidden()


def test_the_map_draws_events_with_the_signs_of_the_table_only() -> None:
    painter = (SCRIPTS / "map" / "paint.js").read_text("utf-8")
    drawn = re.findall(r"\.(?:fill|stroke|fillRect|strokeRect|setLineDash)\(", painter)
    assert drawn == [], "draw with a function of lib/draw-signs.js or lib/draw-mark.js"


def test_affected_side_has_one_name(page_at: PageAt) -> None:
    page = page_at(JULY, *WIDE)
    wait_for_map(page)
    expect(page.locator('[data-chip="colour"]')).to_contain_text("affected side")
    chip = page.locator('[data-chip="side"]')
    expect(chip).to_contain_text("Side:")
    expect(chip).to_have_attribute("title", "Acting or affected side")
    open_chip(page, "side")
    expect(page.get_by_role("dialog", name="Acting or affected side")).to_be_visible()
    page.keyboard.press("Escape")
    # All chips stand in one row, "Change between days" as well.
    tops = page.locator(".chip:visible").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    expect(page.locator("#legend")).to_contain_text("Colour: affected side")
    expect(page.locator("#legend")).to_contain_text("whose people or equipment are shown or hit")
    expect(page.locator(".dock-key")).to_have_text("Affected sideRussiaUkraineUnknown or both")
    chart = page.locator(".dock-chart")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Affected side, .*: Russia \d+%, Ukraine \d+%, Unknown"))


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_long_legend_says_what_follows_below(page_at: PageAt, size: tuple[int, int]) -> None:
    page = page_at(JULY, *size, touch=size == PHONE)
    wait_for_map(page)
    legend, summary, more = (page.locator(one) for one in ("#legend", "#legend > summary", ".legend-more"))
    if size == PHONE:
        expect(more).to_be_hidden()
        summary.click()
    expect(more).to_have_text(re.compile(r"^More below: .*marks, timeline"))
    # By keyboard: keys scroll from the summary, and the last line scrolls as well.
    summary.focus()
    page.keyboard.press("PageDown")
    wait_until(page, lambda: legend.evaluate("(one) => one.scrollTop > 50"))
    while "More" in more.inner_text():
        more.press("Enter")
        wait_two_frames(page)
    expect(more).to_have_text("Back to the top")
    # The summary stays, and the last entry is whole.
    box, first, last, line = (
        one.evaluate("(one) => one.getBoundingClientRect().toJSON()")
        for one in (legend, summary, legend.locator("[data-sign]").last, more)
    )
    assert abs(first["top"] - box["top"]) < 3
    assert last["bottom"] <= line["top"] + 1 <= box["bottom"]
    more.press("Enter")
    expect(more).to_have_text(re.compile("^More below"))
    assert legend.evaluate("(one) => one.scrollTop") == 0
