"""How often one network may send something in. Counts stay in memory, under keys that no address can be read from."""

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
# In memory by nature: what stands there is on no disk, in no backup.
_MEMORY_DIRECTORIES: Final = (Path("/dev/shm"), Path("/run"))  # noqa: S108 - guarded: our own file, 0600, or not used


class DailySalt:
    """Random bytes that change every UTC day; the old ones are destroyed, and with them what they could tell.

    They lie in a file in memory, so that several processes share them. Where there is no such place, or the file is not
    ours alone, this process has its own.
    """

    def __init__(self, installation: Path, *, directories: Iterable[Path] = _MEMORY_DIRECTORIES) -> None:
        mark = hashlib.sha256(str(installation).encode()).hexdigest()[:16]
        self._prefix = f"frontline-{os.geteuid()}-{mark}-"
        self._directory = next((path for path in directories if path.is_dir() and os.access(path, os.W_OK)), None)
        self._lock = threading.Lock()
        self._day: dt.date | None = None
        self._salt = b""

    def __call__(self, day: dt.date) -> bytes:
        """Give the salt of a day."""
        with self._lock:
            if day != self._day:
                self._salt = self._shared(day) or secrets.token_bytes(_SALT_BYTES)
                self._day = day
            return self._salt

    def _shared(self, day: dt.date) -> bytes | None:
        if self._directory is None:
            return None
        name = f"{self._prefix}{day.isoformat()}.salt"
        try:
            for old in self._directory.glob(f"{self._prefix}*.salt"):
                if old.name < name:
                    old.unlink(missing_ok=True)
            path = self._directory / name
            write_once(path, secrets.token_bytes(_SALT_BYTES))
            return _ours(path)
        except OSError:
            return None


def _ours(path: Path) -> bytes | None:
    """Read the salt in a file; nothing when somebody else could read it or have written it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
            return None
        salt = file.read(_SALT_BYTES + 1)
    return salt if len(salt) == _SALT_BYTES else None


class RateLimits:
    """Counts what each network sent in the last minute and hour.

    Example:
        `wait = limits.take("203.0.113.7")`; more than 0 is the seconds after which the next try can succeed.
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
        # The moments of each network's last submissions, oldest first; the network that sent last stands last.
        self.sent_at: OrderedDict[bytes, deque[float]] = OrderedDict()

    def take(self, network: str) -> int:
        """Count one submission of a network, unless it would be one too many.

        Returns:
            0 when it was counted, else the whole seconds to wait.
        """
        now = self._clock()
        key = self._key(network, now)
        with self._lock:
            self._forget(now)
            sent = self.sent_at.setdefault(key, deque())
            while sent and sent[0] <= now - HOUR_SECONDS:
                sent.popleft()
            waits = [
                sent[-most] + window - now
                for window, most in self._windows
                if len(sent) >= most and sent[-most] > now - window
            ]
            if waits:
                return max(1, int(max(waits)) + 1)
            sent.append(now)
            self.sent_at.move_to_end(key)
            return 0

    def _key(self, network: str, now: float) -> bytes:
        salt = self._salt(dt.datetime.fromtimestamp(now, dt.UTC).date())
        return hmac.new(salt, network.encode(), hashlib.sha256).digest()

    def _forget(self, now: float) -> None:
        """Drop the networks that sent nothing for an hour, and the longest silent when there are too many."""
        while self.sent_at:
            key, sent = next(iter(self.sent_at.items()))
            if sent and sent[-1] > now - HOUR_SECONDS and len(self.sent_at) < MOST_NETWORKS:
                return
            del self.sent_at[key]
