"""Limits that hold for all processes of an installation: counts in an UNLOGGED table, under keys that change daily."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.http.rate_limits import HOUR_SECONDS, MINUTE_SECONDS
from app.models import RateCount

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession, Sessions

DAY_SECONDS: Final = 86_400
_FORGOTTEN_AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class Limit:
    """So many within so many seconds."""

    most: int
    seconds: int

    def wait(self, moments: Sequence[float], now: float) -> float:
        """Give the seconds until one more is allowed; 0 or less: now.

        Args:
            moments: of those that count, seconds since 1970, oldest first.
            now: seconds since 1970.
        """
        return moments[-self.most] + self.seconds - now if len(moments) >= self.most else 0


class SharedLimits:
    """Counts what was done, for all processes over one database.

    Processes that share the salt (those of one machine) count together.

    Example:
        `wait = limits.take({"sign in 203.0.113.7": (Limit(10, 60),)})`; more than 0 is the seconds to wait.
    """

    def __init__(
        self, sessions: Sessions, salt: Callable[[dt.date], bytes], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions = sessions
        self._salt = salt
        self._clock = clock
        self._swept_at = -math.inf

    def take(self, asked: Mapping[str, Sequence[Limit]]) -> int:
        """Count one under each name, unless under any of them it would be one too many: then under none.

        Returns:
            0 when it was counted, else the whole seconds to wait.
        """
        now = self._clock()
        self._forget(now)
        limits = {self._key(name, now): of_name for name, of_name in asked.items()}
        with self._sessions.writing() as session, session.begin():
            counted = self._locked(session, limits, now)
            wait = max(limit.wait(counted[key], now) for key, of_key in limits.items() for limit in of_key)
            if wait > 0:
                return int(wait) + 1
            for key, of_key in limits.items():
                kept = [*counted[key], now][-max(limit.most for limit in of_key) :]
                self._write(session, key, kept, now + max(limit.seconds for limit in of_key))
        return 0

    def give_back(self, names: Sequence[str]) -> None:
        """Take the newest one under each name out of the counts: it turned out not to be one."""
        now = self._clock()
        with self._sessions.writing() as session, session.begin():
            for key, moments in self._locked(session, [self._key(name, now) for name in names], now).items():
                self._write(session, key, moments[:-1], now + DAY_SECONDS)

    def count(self, name: str, seconds: int) -> int:
        """Tell how many were counted under a name in the last seconds."""
        now = self._clock()
        with self._sessions.writing() as session:
            moments = session.scalar(select(RateCount.moments).where(RateCount.key == self._key(name, now))) or []
        return sum(moment > now - seconds for moment in moments)

    def _key(self, name: str, now: float) -> bytes:
        salt = self._salt(dt.datetime.fromtimestamp(now, dt.UTC).date())
        return hmac.new(salt, name.encode("utf-8", "replace"), hashlib.sha256).digest()

    def _locked(self, session: ReadWriteSession, keys: Iterable[bytes], now: float) -> dict[bytes, list[float]]:
        """Give what was counted under each key, locked until the transaction ends; always in the same order."""
        ordered = sorted(keys)
        empty = [{"key": key, "moments": [], "forget_at": _moment(now + DAY_SECONDS)} for key in ordered]
        session.execute(insert(RateCount).values(empty).on_conflict_do_nothing())
        found = session.execute(
            select(RateCount.key, RateCount.moments)
            .where(RateCount.key.in_(ordered))
            .order_by(RateCount.key)
            .with_for_update()
        )
        counted = {row.key: list(row.moments) for row in found}
        return {key: counted.get(key, []) for key in ordered}

    def _write(self, session: ReadWriteSession, key: bytes, moments: list[float], forget_at: float) -> None:
        changed = {"moments": moments, "forget_at": _moment(forget_at)}
        statement = insert(RateCount).values(key=key, **changed)
        session.execute(statement.on_conflict_do_update(index_elements=[RateCount.key], set_=changed))

    def _forget(self, now: float) -> None:
        """Drop some of what no longer counts, now and then, but nothing that another process is counting in.

        In a transaction of its own: one that also counts could wait for another that waits for it.
        """
        if now < self._swept_at + MINUTE_SECONDS:
            return
        self._swept_at = now
        stale = (
            select(RateCount.key)
            .where(RateCount.forget_at < _moment(now))
            .limit(_FORGOTTEN_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        with self._sessions.writing() as session, session.begin():
            session.execute(delete(RateCount).where(RateCount.key.in_(stale.scalar_subquery())))


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


class SharedRateLimits:
    """What `RateLimits` does in memory, for several processes: how often one network may send something in."""

    def __init__(self, shared: SharedLimits, *, per_minute: int, per_hour: int) -> None:
        self._shared = shared
        self._limits = (Limit(per_minute, MINUTE_SECONDS), Limit(per_hour, HOUR_SECONDS))

    def take(self, network: str) -> int:
        """Count one submission of a network, unless it would be one too many; else the whole seconds to wait."""
        return self._shared.take({f"submission {network}": self._limits})
