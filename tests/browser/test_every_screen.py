"""The map page on every screen: twelve screens in six states and two languages, by
geometry and with axe-core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.combinations import combine
from tests.browser.geometry import map_share, problems_of, width_share
from tests.browser.screens import LANDSCAPE, PHONE, SCREENS, STACK, STATES, WIDE, Screen, enter, open_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

# The screens and languages of `make test`; `make long` tries all.
SHORT = {(PHONE, "en"), (LANDSCAPE, "en"), (SCREENS[8], "en"), (WIDE, "uk")}
LONG = pytest.mark.long
# A portrait phone shows the map on at least this share of its window.
LEAST_MAP = 0.45
# Its credits are no narrow column.
LEAST_CREDITS = 0.8


@pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(screen, language, id=f"{screen}-{language}", marks=() if (screen, language) in SHORT else LONG)
        for language in ("en", "uk")
        for screen in SCREENS
    ],
)
def test_everything_is_reachable_and_nothing_overlaps(page_at: PageAt, screen: Screen, language: str) -> None:
    page = open_screen(page_at, screen, f"{STACK}&lang={language}")
    problems: dict[str, list[str]] = {}
    for state in STATES:
        enter(page, state)
        found = problems_of(page, touch=screen.touch)
        if screen.is_portrait_phone and (share := map_share(page)) < LEAST_MAP:
            found.append(f"the map has {share:.0%} of the window")
        if screen.is_portrait_phone and (width := width_share(page, "#credits")) < LEAST_CREDITS:
            found.append(f"the credits have {width:.0%} of the width")
        if found:
            problems[state] = found
    assert problems == {}


# Themes change the colours, and layouts what is visible: one screen of each layout.
@pytest.mark.parametrize(("screen", "theme"), combine([WIDE, PHONE], ["light", "dark"]), ids=str)
def test_no_accessibility_violations(page_at: PageAt, axe: Callable[[Page], None], screen: Screen, theme: str) -> None:
    page = open_screen(page_at, screen, theme=theme)
    for state in STATES:
        enter(page, state)
        axe(page)


@pytest.mark.long
@pytest.mark.parametrize(
    ("screen", "theme"), [(LANDSCAPE, "light"), (LANDSCAPE, "dark"), (SCREENS[9], "light")], ids=str
)
def test_no_accessibility_violations_on_small_screens(
    page_at: PageAt, axe: Callable[[Page], None], screen: Screen, theme: str
) -> None:
    test_no_accessibility_violations(page_at, axe, screen, theme)
