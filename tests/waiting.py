"""Waits for another thread or process; the only module of the tests that sleeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

# Long, for a slow machine: a working test does not wait this long, only a failing one does.
SECONDS: Final = 90.0
PAUSE_SECONDS: Final = 0.02

T = TypeVar("T")


def wait_until(condition: Callable[[], T], what: str, *, pause_seconds: float = PAUSE_SECONDS) -> T:
    """Calls `condition` until it returns a true value, and returns that value.

    Args:
        condition: the function, called repeatedly.
        what: names the condition in the message.
        pause_seconds: the pause between two calls.

    Raises:
        AssertionError: the condition did not become true in time.
    """
    deadline = time.monotonic() + SECONDS
    while not (result := condition()):
        assert time.monotonic() < deadline, f"gave up waiting for {what}"
        time.sleep(pause_seconds)
    return result
