"""Rate limits of one process: counts in memory, under keys that do not reveal addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import threading
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE_SECONDS: Final = 60
HOUR_SECONDS: Final = 3600
MOST_NETWORKS: Final = 50_000


class RateLimits:
    """Counts the submissions of each network in the last minute and hour.

    Example:
        `wait = limits.take("203.0.113.7")`: 0 if allowed, else the seconds until the next try.
    """

    def __init__(
        self,
        salt: Callable[[dt.date], bytes],
        *,
        per_minute: int,
        per_hour: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._salt = salt
        self._windows = ((MINUTE_SECONDS, per_minute), (HOUR_SECONDS, per_hour))
        self._clock = clock
        self._lock = threading.Lock()
        # Times of the last submissions of each network, oldest first. The most recent network is
        # last.
        self.sent_at: OrderedDict[bytes, deque[float]] = OrderedDict()

    def take(self, network: str) -> int:
        """Counts a submission of a network, unless it exceeds a limit.

        Returns:
            0 if it was counted, else the whole seconds to wait.
        """
        now = self._clock()
        key = self._key(network, now)
        with self._lock:
            self._drop_old(now)
            times = self.sent_at.setdefault(key, deque())
            while times and times[0] <= now - HOUR_SECONDS:
                times.popleft()
            waits = [
                times[-most] + window - now
                for window, most in self._windows
                if len(times) >= most and times[-most] > now - window
            ]
            if waits:
                return max(1, int(max(waits)) + 1)
            times.append(now)
            self.sent_at.move_to_end(key)
            return 0

    def _key(self, network: str, now: float) -> bytes:
        salt = self._salt(dt.datetime.fromtimestamp(now, dt.UTC).date())
        return hmac.new(salt, network.encode(), hashlib.sha256).digest()

    def _drop_old(self, now: float) -> None:
        """Drops networks that sent nothing for an hour, and the oldest if there are too many."""
        while self.sent_at:
            key, times = next(iter(self.sent_at.items()))
            if times and times[-1] > now - HOUR_SECONDS and len(self.sent_at) < MOST_NETWORKS:
                return
            del self.sent_at[key]
