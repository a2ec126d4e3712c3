"""How many threads answer at the same time."""

from __future__ import annotations

import asyncio

import anyio

from app.http.pace import keep_pace, paced


def test_threads_become_fewer_as_soon_as_the_loop_is_late_and_more_when_they_are_wanted() -> None:
    assert paced(12, 15, 0.2, wanted=True) == 6
    assert paced(4, 15, 0.2, wanted=True) == 3
    assert paced(3, 15, 0.2, wanted=True) == 3
    assert paced(3, 15, 0.0, wanted=True) == 4
    assert paced(15, 15, 0.0, wanted=True) == 15
    assert paced(7, 15, 0.0, wanted=False) == 7
    assert paced(2, 2, 0.2, wanted=True) == 2


def test_those_who_wait_for_something_else_than_python_get_all_the_threads_there_are() -> None:
    async def run() -> None:
        limiter = anyio.CapacityLimiter(40)
        pace = asyncio.create_task(keep_pace(limiter, 5))
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
        pace.cancel()

    asyncio.run(run())
