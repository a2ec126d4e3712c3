"""Rate limits shared by all processes: limits per name, hashed keys, old counts deleted."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.database.engines import make_engines
from app.database.session import Sessions
from app.http.shared_limits import Limit, SharedLimits, SharedRateLimits
from tests.http.test_rate_limits import Clock

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.settings import Settings


def salt(day: dt.date) -> bytes:
    return day.isoformat().encode()


def test_limits_per_minute_and_hour(sessions: Sessions) -> None:
    clock = Clock()
    limits = SharedRateLimits(SharedLimits(sessions, salt, clock=clock), per_minute=5, per_hour=8)
    assert [limits.take("a") > 0 for _ in range(7)] == [False] * 5 + [True] * 2
    assert limits.take("b") == 0
    clock.now += 61
    assert [limits.take("a") > 0 for _ in range(4)] == [False] * 3 + [True]
    wait = limits.take("a")
    assert 3500 < wait <= 3540
    clock.now += wait
    assert limits.take("a") == 0


def test_several_names_are_counted_atomically(sessions: Sessions) -> None:
    limits = SharedLimits(sessions, salt, clock=Clock())
    once, often = (Limit(1, 60),), (Limit(100, 60),)
    assert limits.take({"once": once, "often": often}) == 0
    assert limits.take({"once": once, "often": often}) > 0
    assert limits.count("often", 60) == 1
    limits.give_back(["once"])
    assert limits.take({"once": once, "often": often}) == 0
    assert limits.count("often", 60) == 2


def test_keys_are_unreadable_and_old_rows_are_deleted(sessions: Sessions) -> None:
    clock = Clock()
    limits = SharedLimits(sessions, salt, clock=clock)
    limits.take({"sign in 203.0.113.7 as olena": (Limit(5, 60),)})
    with sessions.writing() as session:
        stored_rows = session.scalars(text("SELECT t::text FROM frontline.rate_count t")).all()
        logged = session.scalar(text("SELECT relpersistence FROM pg_class WHERE relname = 'rate_count'"))
    assert len(stored_rows) == 1
    assert "203" not in stored_rows[0].split(",")[0]
    assert "olena" not in stored_rows[0]
    assert logged == "u"
    clock.now += 61
    limits.take({"another": (Limit(5, 60),)})
    with sessions.writing() as session:
        assert session.scalar(text("SELECT count(*) FROM frontline.rate_count")) == 1


def test_concurrent_processes_do_not_exceed_the_limit(database: DatabaseUrls, settings: Settings) -> None:
    engines = [make_engines(database, settings) for _ in range(2)]
    workers = [SharedLimits(Sessions(one), salt) for one in engines]
    limits = {"one": (Limit(7, 60),), "another": (Limit(50, 60),)}
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: workers[number % 2].take(limits), range(40)))
    assert sum(wait == 0 for wait in taken) == 7
    for one in engines:
        one.dispose()
