"""How many threads answer at the same time: as many as leave the one that takes requests its turn.

Python runs one thread at a time. Where the database is what threads wait for, many do no harm; where it is Python, each
one more makes the event loop wait longer for every turn of its own, and answers nobody sooner.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from anyio import CapacityLimiter

LEAST_THREADS: Final = 3
_LOOK_EVERY_SECONDS: Final = 0.025
# With three threads at work the loop is hardly later than this.
_LATE_SECONDS: Final = 0.008


def paced(threads: int, most: int, late_seconds: float, *, wanted: bool) -> int:
    """Give how many threads may work from now on: quickly fewer, slowly more.

    Args:
        threads: how many may work now.
        most: how many there may be at all.
        late_seconds: how late the event loop was.
        wanted: whether a request waits for a thread.
    """
    if late_seconds > _LATE_SECONDS:
        return max(threads // 2, min(LEAST_THREADS, most))
    return min(threads + 1, most) if wanted else threads


async def keep_pace(limiter: CapacityLimiter, most: int) -> None:
    """Set how many threads may work, for ever."""
    loop = asyncio.get_running_loop()
    threads = min(LEAST_THREADS, most)
    while True:
        limiter.total_tokens = threads
        due = loop.time() + _LOOK_EVERY_SECONDS
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
        threads = paced(threads, most, loop.time() - due, wanted=limiter.statistics().tasks_waiting > 0)
