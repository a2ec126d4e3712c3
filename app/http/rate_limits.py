"""Rate limits of one process: counts in memory, under keys that do not reveal addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import secrets
import stat
import threading
import time
from collections import OrderedDict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.secret import write_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MINUTE_SECONDS: Final = 60
HOUR_SECONDS: Final = 3600
MOST_NETWORKS: Final = 50_000
_SALT_BYTES: Final = 32
# Filesystems in memory: nothing there gets onto a disk or into a backup.
_MEMORY_DIRECTORIES: Final = (Path("/dev/shm"), Path("/run"))  # noqa: S108 - guarded: our own file, 0600, or not used


class DailySalt:
    """A random salt that changes every UTC day. Old salts are deleted, so old keys reveal nothing.

    The salt is in a file in memory, which the processes of this machine share. If there is no such
    place, or another user could read the file, this process has a salt of its own.
    """

    def __init__(self, installation: Path, *, directories: Iterable[Path] = _MEMORY_DIRECTORIES) -> None:
        mark = hashlib.sha256(str(installation).encode()).hexdigest()[:16]
        self._prefix = f"frontline-{os.geteuid()}-{mark}-"
        self._directory = next((path for path in directories if path.is_dir() and os.access(path, os.W_OK)), None)
        self._lock = threading.Lock()
        self._day: dt.date | None = None
        self._salt = b""

    def __call__(self, day: dt.date) -> bytes:
        """Returns the salt of a day."""
        with self._lock:
            if day != self._day:
                self._salt = self._shared_salt(day) or secrets.token_bytes(_SALT_BYTES)
                self._day = day
            return self._salt

    def _shared_salt(self, day: dt.date) -> bytes | None:
        if self._directory is None:
            return None
        name = f"{self._prefix}{day.isoformat()}.salt"
        try:
            for old in self._directory.glob(f"{self._prefix}*.salt"):
                if old.name < name:
                    old.unlink(missing_ok=True)
            path = self._directory / name
            write_once(path, secrets.token_bytes(_SALT_BYTES))
            return _read_private(path)
        except OSError:
            return None


def _read_private(path: Path) -> bytes | None:
    """Reads the salt in a file; None if another user could read the file or wrote it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return None
        salt = file.read(_SALT_BYTES + 1)
    return salt if len(salt) == _SALT_BYTES else None


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
