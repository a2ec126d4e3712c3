"""Waiting in a page for what `expect` has no words for: what is read once may be read too early on a busy machine."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

# For a machine that is busy with something else, too: what is wrong fails later, what is right waits for nothing.
PATIENCE_MS = 30_000
LOOK_MS = 50
STILL_MS = 400

T = TypeVar("T")


def comes_to(page: Page, look: Callable[[], T], right: Callable[[T], bool] = bool) -> T:
    """Look until what is seen is right; gives what was seen last, right or not, for the test to assert."""
    deadline = monotonic() + PATIENCE_MS / 1000
    while not right(seen := look()) and monotonic() < deadline:
        page.wait_for_timeout(LOOK_MS)
    return seen


def rests(page: Page, look: Callable[[], T]) -> T:
    """Look until the same is seen for a while, and give it.

    Raises:
        AssertionError: it goes on changing.
    """
    deadline = monotonic() + PATIENCE_MS / 1000
    before = look()
    while monotonic() < deadline:
        page.wait_for_timeout(STILL_MS)
        if (now := look()) == before:
            return now
        before = now
    raise AssertionError(f"it goes on changing: {before}")


def two_frames(page: Page) -> None:
    """Wait until the page has drawn what it was about to draw."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
