"""Waits for conditions that `expect` does not cover. A single check may come too early on a busy
machine.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

# Long enough for a busy machine. Passing tests do not wait longer; only failing tests take more
# time.
TIMEOUT_MS = 30_000
# How many frames a value stays the same until it counts as stable: 0.4 s at 60 Hz.
STABLE_FRAMES = 24

T = TypeVar("T")


def wait_until(page: Page, read: Callable[[], T], is_expected: Callable[[T], bool] = bool) -> T:
    """Reads a value until it is as expected or the timeout ends; returns the last value."""
    deadline = monotonic() + TIMEOUT_MS / 1000
    while not is_expected(value := read()) and monotonic() < deadline:
        wait_two_frames(page)
    return value


def wait_until_stable(page: Page, read: Callable[[], T]) -> T:
    """Reads a value until it stays the same for a while, and returns the value.

    Raises:
        AssertionError: the value keeps changing.
    """
    deadline = monotonic() + TIMEOUT_MS / 1000
    previous = read()
    while monotonic() < deadline:
        wait_frames(page, STABLE_FRAMES)
        if (current := read()) == previous:
            return current
        previous = current
    raise AssertionError(f"the value keeps changing: {previous}")


def wait_frames(page: Page, count: int) -> None:
    """Waits until the page has drawn a number of frames, to check that something does not happen.

    Frames rather than seconds, because a busy machine draws more slowly.
    """
    page.evaluate(
        "async (count) => { while (count-- > 0) await new Promise((done) => requestAnimationFrame(done)); }", count
    )


def wait_two_frames(page: Page) -> None:
    """Waits until the page has drawn pending changes."""
    wait_frames(page, 2)
