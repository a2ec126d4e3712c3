"""Rate limits in memory: limits per minute and hour, no stored addresses, bounded size."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.http import rate_limits
from app.http.rate_limits import RateLimits

if TYPE_CHECKING:
    import pytest


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2025, 7, 21, 12, tzinfo=dt.UTC).timestamp()

    def __call__(self) -> float:
        return self.now


def limits_of(clock: Clock, *, per_minute: int = 5, per_hour: int = 30) -> RateLimits:
    return RateLimits(lambda day: day.isoformat().encode(), per_minute=per_minute, per_hour=per_hour, clock=clock)


def test_five_a_minute() -> None:
    clock = Clock()
    limits = limits_of(clock)
    for _ in range(5):
        assert limits.take("203.0.113.7") == 0
        clock.now += 2
    wait = limits.take("203.0.113.7")
    assert 50 <= wait <= 52
    assert limits.take("203.0.113.8") == 0
    clock.now += wait
    assert limits.take("203.0.113.7") == 0


def test_thirty_an_hour() -> None:
    clock = Clock()
    limits = limits_of(clock)
    for _ in range(30):
        assert limits.take("2001:db8::/64") == 0
        clock.now += 30
    wait = limits.take("2001:db8::/64")
    assert 2690 <= wait <= 2710
    clock.now += wait
    assert limits.take("2001:db8::/64") == 0


def test_refused_submissions_are_not_counted() -> None:
    clock = Clock()
    limits = limits_of(clock, per_minute=1)
    assert limits.take("a") == 0
    for _ in range(50):
        assert limits.take("a") > 0
    clock.now += 61
    assert limits.take("a") == 0


def test_no_address_is_stored_and_the_counts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST_NETWORKS", 10)
    clock = Clock()
    limits = limits_of(clock)
    for number in range(100):
        limits.take(f"198.51.100.{number}")
        assert len(limits.sent_at) <= 10
    assert not any(b"198.51" in key for key in limits.sent_at)
    clock.now += 3601
    limits.take("203.0.113.7")
    assert len(limits.sent_at) == 1


def test_concurrent_requests_do_not_exceed_the_limit() -> None:
    limits = limits_of(Clock())
    with ThreadPoolExecutor(16) as pool:
        assert sum(wait == 0 for wait in pool.map(limits.take, ["a"] * 200)) == 5
