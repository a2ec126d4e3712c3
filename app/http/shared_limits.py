"""Rate limits of all processes together: counts in an UNLOGGED table, under keys that change
daily.
"""

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
_DELETE_BATCH: Final = 10_000


@dataclass(frozen=True)
class Limit:
    """A number of actions within a number of seconds."""

    most: int
    seconds: int

    def wait(self, times: Sequence[float], now: float) -> float:
        """Returns the seconds until one more is allowed; 0 or less means now.

        Args:
            times: of the counted actions, in seconds since 1970, oldest first.
            now: seconds since 1970.
        """
        return times[-self.most] + self.seconds - now if len(times) >= self.most else 0


class SharedLimits:
    """Counts actions for all processes that use one database.

    Processes that share the salt (those of one machine) count together.

    Example:
        `wait = limits.take({"sign in 203.0.113.7": (Limit(10, 60),)})`: 0 if allowed, else seconds.
    """

    def __init__(
        self, sessions: Sessions, salt: Callable[[dt.date], bytes], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions = sessions
        self._salt = salt
        self._clock = clock
        self._cleaned_at = -math.inf

    def take(self, limits_by_name: Mapping[str, Sequence[Limit]]) -> int:
        """Counts one action under each name. If it exceeds a limit of any name, counts nothing.

        Returns:
            0 if it was counted, else the whole seconds to wait.
        """
        now = self._clock()
        self._delete_old(now)
        limits = {self._key(name, now): of_name for name, of_name in limits_by_name.items()}
        with self._sessions.writing() as session, session.begin():
            counted = self._lock_times(session, limits, now)
            wait = max(limit.wait(counted[key], now) for key, of_key in limits.items() for limit in of_key)
            if wait > 0:
                return int(wait) + 1
            for key, of_key in limits.items():
                newest = [*counted[key], now][-max(limit.most for limit in of_key) :]
                self._write(session, key, newest, now + max(limit.seconds for limit in of_key))
        return 0

    def give_back(self, names: Sequence[str]) -> None:
        """Removes the newest action under each name: it should not have been counted."""
        now = self._clock()
        with self._sessions.writing() as session, session.begin():
            for key, moments in self._lock_times(session, [self._key(name, now) for name in names], now).items():
                self._write(session, key, moments[:-1], now + DAY_SECONDS)

    def count(self, name: str, seconds: int) -> int:
        """Returns how many actions were counted under a name in the last seconds."""
        now = self._clock()
        with self._sessions.writing() as session:
            moments = session.scalar(select(RateCount.moments).where(RateCount.key == self._key(name, now))) or []
        return sum(moment > now - seconds for moment in moments)

    def _key(self, name: str, now: float) -> bytes:
        salt = self._salt(dt.datetime.fromtimestamp(now, dt.UTC).date())
        return hmac.new(salt, name.encode("utf-8", "replace"), hashlib.sha256).digest()

    def _lock_times(self, session: ReadWriteSession, keys: Iterable[bytes], now: float) -> dict[bytes, list[float]]:
        """Reads the times of each key and locks them until the transaction ends, in sorted order.

        The order prevents deadlocks.
        """
        ordered = sorted(keys)
        empty = [{"key": key, "moments": [], "forget_at": _moment(now + DAY_SECONDS)} for key in ordered]
        session.execute(insert(RateCount).values(empty).on_conflict_do_nothing())
        rows = session.execute(
            select(RateCount.key, RateCount.moments)
            .where(RateCount.key.in_(ordered))
            .order_by(RateCount.key)
            .with_for_update()
        )
        counted = {row.key: list(row.moments) for row in rows}
        return {key: counted.get(key, []) for key in ordered}

    def _write(self, session: ReadWriteSession, key: bytes, moments: list[float], forget_at: float) -> None:
        changed = {"moments": moments, "forget_at": _moment(forget_at)}
        statement = insert(RateCount).values(key=key, **changed)
        session.execute(statement.on_conflict_do_update(index_elements=[RateCount.key], set_=changed))

    def _delete_old(self, now: float) -> None:
        """Deletes some outdated rows, at most once a minute; skips rows that another process has
        locked.

        In a transaction of its own: together with counting it could cause a deadlock.
        """
        if now < self._cleaned_at + MINUTE_SECONDS:
            return
        self._cleaned_at = now
        stale = (
            select(RateCount.key)
            .where(RateCount.forget_at < _moment(now))
            .limit(_DELETE_BATCH)
            .with_for_update(skip_locked=True)
        )
        with self._sessions.writing() as session, session.begin():
            session.execute(delete(RateCount).where(RateCount.key.in_(stale.scalar_subquery())))


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


class SharedRateLimits:
    """Limits the submissions of each network, like `RateLimits`, but for several processes
    together.
    """

    def __init__(self, shared: SharedLimits, *, per_minute: int, per_hour: int) -> None:
        self._shared = shared
        self._limits = (Limit(per_minute, MINUTE_SECONDS), Limit(per_hour, HOUR_SECONDS))

    def take(self, network: str) -> int:
        """Counts a submission of a network, unless it exceeds a limit; returns the whole seconds to
        wait, or 0.
        """
        return self._shared.take({f"submission {network}": self._limits})
