"""The number of threads that answer requests at the same time."""

from __future__ import annotations

import asyncio

import anyio

from app.http.thread_limit import adjust_thread_limit, next_thread_limit


def test_limit_falls_with_event_loop_delay_and_rises_with_demand() -> None:
    assert next_thread_limit(12, 15, 0.2, is_thread_wanted=True) == 6
    assert next_thread_limit(4, 15, 0.2, is_thread_wanted=True) == 3
    assert next_thread_limit(3, 15, 0.2, is_thread_wanted=True) == 3
    assert next_thread_limit(3, 15, 0.0, is_thread_wanted=True) == 4
    assert next_thread_limit(15, 15, 0.0, is_thread_wanted=True) == 15
    assert next_thread_limit(7, 15, 0.0, is_thread_wanted=False) == 7
    assert next_thread_limit(2, 2, 0.2, is_thread_wanted=True) == 2


def test_requests_that_wait_for_the_database_get_all_threads() -> None:
    async def run() -> None:
        limiter = anyio.CapacityLimiter(40)
        adjusting = asyncio.create_task(adjust_thread_limit(limiter, 5))
        release = asyncio.Event()

        async def wait() -> None:
            async with limiter:
                await release.wait()

        tasks = [asyncio.create_task(wait()) for _ in range(8)]
        await asyncio.sleep(0)
        assert limiter.total_tokens == 3
        async with asyncio.timeout(30):
            while limiter.borrowed_tokens < 5:
                await asyncio.sleep(0.01)
        release.set()
        await asyncio.gather(*tasks)
        assert limiter.total_tokens <= 5
        adjusting.cancel()

    asyncio.run(run())
