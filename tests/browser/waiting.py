"""Waits in a page for conditions that `expect` does not cover: a single look may come too early on
a busy machine.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

# Long, for a busy machine: what works waits for nothing, and what is broken fails later.
PATIENCE_MS = 30_000
LOOK_MS = 50
STILL_MS = 400

T = TypeVar("T")


def comes_to(page: Page, look: Callable[[], T], right: Callable[[T], bool] = bool) -> T:
    """Looks until the result is right; returns the last result, right or not, for the test to
    assert.
    """
    deadline = monotonic() + PATIENCE_MS / 1000
    while not right(seen := look()) and monotonic() < deadline:
        page.wait_for_timeout(LOOK_MS)
    return seen


def rests(page: Page, look: Callable[[], T]) -> T:
    """Looks until the result stays the same for a while, and returns the result.

    Raises:
        AssertionError: the result keeps changing.
    """
    deadline = monotonic() + PATIENCE_MS / 1000
    before = look()
    while monotonic() < deadline:
        page.wait_for_timeout(STILL_MS)
        if (now := look()) == before:
            return now
        before = now
    raise AssertionError(f"the result keeps changing: {before}")


def draw_frames(page: Page, count: int) -> None:
    """Waits until the page has drawn so many frames: time for what should not happen to happen.

    A busy machine draws more slowly, so the page gets as much done as on an idle one.
    """
    page.evaluate(
        "async (count) => { while (count-- > 0) await new Promise((done) => requestAnimationFrame(done)); }", count
    )


def two_frames(page: Page) -> None:
    """Waits until the page has drawn what it was about to draw."""
    draw_frames(page, 2)
