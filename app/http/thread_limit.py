"""Adjusts the number of threads for requests, so that the event loop is not delayed.

Python runs one thread at a time. Many threads do no harm while they wait for the database. While
they run Python, each further thread delays the event loop without speeding up responses.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from anyio import CapacityLimiter

MIN_THREADS: Final = 3
_INTERVAL_SECONDS: Final = 0.025
# With three busy threads the event loop is seldom later than this.
_LATE_SECONDS: Final = 0.008


def next_thread_limit(limit: int, max_threads: int, late_seconds: float, *, is_thread_wanted: bool) -> int:
    """Returns the next limit: it falls by half and rises by one.

    Args:
        limit: the current limit.
        max_threads: never exceeded.
        late_seconds: how late the event loop was.
        is_thread_wanted: whether a request waits for a thread.
    """
    if late_seconds > _LATE_SECONDS:
        return max(limit // 2, min(MIN_THREADS, max_threads))
    return min(limit + 1, max_threads) if is_thread_wanted else limit


async def adjust_thread_limit(limiter: CapacityLimiter, max_threads: int) -> None:
    """Adjusts the limit until the task is cancelled."""
    loop = asyncio.get_running_loop()
    limit = min(MIN_THREADS, max_threads)
    while True:
        limiter.total_tokens = limit
        due = loop.time() + _INTERVAL_SECONDS
        await asyncio.sleep(_INTERVAL_SECONDS)
        is_thread_wanted = limiter.statistics().tasks_waiting > 0
        limit = next_thread_limit(limit, max_threads, loop.time() - due, is_thread_wanted=is_thread_wanted)
