"""Accounts: whether response times reveal which accounts exist, and how long signing in takes."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.access.roles import Role
from app.accounts import administration
from app.accounts.services import AccountServices, make_account_services
from app.accounts.sign_in import Attempt, WrongSignIn, sign_in
from app.database.embedded import running_cluster
from app.database.engines import DatabaseUrls, open_engines
from app.database.migrations import upgrade
from app.database.session import Sessions
from app.http.daily_salt import DailySalt
from app.http.shared_limits import SharedLimits
from app.settings import Settings
from bench.report import Measurement, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES: Final = 200
_PASSWORD: Final = "a password of some length"  # noqa: S105 - of an account that lives for a minute


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter."""
    with services() as ours:
        yield from told_by_time(ours)
        taken = [timed(ours, Attempt("olena", _PASSWORD, network=f"right {number}")) for number in range(50)]
        yield from spread("signing in", taken)


@contextmanager
def services() -> Iterator[AccountServices]:
    """Open an installation with one account, and limits that are not met."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as directory:
        Path(directory).chmod(0o755)
        with running_cluster(Path(directory), for_tests=True) as cluster:
            urls = DatabaseUrls(*(cluster.url(f"frontline_{role}") for role in ("owner", "app", "public")))
            upgrade(urls.owner)
            settings = Settings(data_dir=Path(directory), sign_ins_per_minute=10_000, sign_ins_per_hour=100_000)
            with open_engines(urls, settings) as engines:
                sessions = Sessions(engines)
                ours = make_account_services(settings, sessions, SharedLimits(sessions, DailySalt(settings.data_dir)))
                with sessions.writing() as session, session.begin():
                    administration.create(session, ours.passwords, "olena", Role.ANALYST, by=None, password=_PASSWORD)
                yield ours


def timed(ours: AccountServices, attempt: Attempt) -> float:
    """Returns how many milliseconds an attempt takes."""
    start = time.perf_counter()
    with suppress(WrongSignIn):
        sign_in(ours, attempt)
    return 1000 * (time.perf_counter() - start)


def told_by_time(ours: AccountServices) -> Iterator[Measurement]:
    """Compares an unknown name with a wrong password, alternating, so that both meet the same
    load.
    """
    known: list[float] = []
    unknown: list[float] = []
    for number in range(TIMES + 5):
        for name, taken in (("olena", known), ("nobody", unknown)):
            taken.append(timed(ours, Attempt(name, "not the password", network=f"network {number}")))
            if number < 5:  # the first find nothing warm
                taken.clear()
    yield from spread(f"wrong password, n = {TIMES}", known)
    yield from spread(f"unknown name, n = {TIMES}", unknown)
    apart = abs(statistics.median(unknown) / statistics.median(known) - 1)
    yield Measurement("apart, of medians", 100 * apart, "%", 10)
