"""What screen readers get of the pages, compared with the stored trees in `aria/`.

The trees leave out what changes often, such as the options of a field: Playwright ignores further
nodes. Print the present tree with `page.locator("#dock").aria_snapshot()`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.map_page import wait_for_map
from tests.browser.screens import STACK

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser


def expect_tree(root: Locator, name: str) -> None:
    """Compares the tree of an element with a stored one."""
    expect(root).to_match_aria_snapshot((Path(__file__).parent / "aria" / f"{name}.yaml").read_text("utf-8"))


def test_trees_of_map_dock_list_and_card(page_at: PageAt) -> None:
    page = page_at(STACK, 1280, 800)
    wait_for_map(page)
    expect_tree(page.locator("body"), "map")
    expect_tree(page.locator("body"), "dock")
    page.get_by_role("button", name="List of events").click()
    expect_tree(page.locator("body"), "list")
    page.get_by_role("button", name="Fighting on the E50 road").click()
    expect_tree(page.locator("body"), "card")


def test_trees_of_the_forms(page_at: PageAt) -> None:
    page = page_at("/submit", 1280, 800)
    expect_tree(page.locator("body"), "submit")
    page.goto(page.url.replace("/submit", "/track"))
    expect_tree(page.locator("body"), "track")
