"""The salt of rate limits: random bytes that change every day and never reach a disk."""

from __future__ import annotations

import asyncio
import datetime as dt
import fcntl
import hashlib
import os
import re
import secrets
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.secret import write_once

if TYPE_CHECKING:
    from collections.abc import Iterable

_SALT_BYTES: Final = 32
# Filesystems in memory: nothing there gets onto a disk or into a backup.
_MEMORY_DIRECTORIES: Final = (Path("/dev/shm"), Path("/run"))  # noqa: S108 - guarded: our own file, 0600, or not used
# Several processes that end and start at once can remove each other's file this often.
_TRIES: Final = 5
_EXPIRE_EVERY_SECONDS: Final = 600


class DailySalt:
    """A random salt that changes every UTC day. Old salts are deleted, so old keys reveal nothing.

    The salt is in a file in memory, which the processes of this installation share. If there is no
    such place, or another user could read the file, this process has a salt of its own.

    Each process holds a shared lock on the file. `close` deletes the file if no other process holds
    one. A process that was killed leaves its file until any installation of the same user starts or
    runs on a later day. The salt of today of another installation is never deleted.
    """

    def __init__(self, installation: Path, *, directories: Iterable[Path] = _MEMORY_DIRECTORIES) -> None:
        mark = hashlib.sha256(str(installation).encode()).hexdigest()[:16]
        owner = os.geteuid()
        self._prefix = f"frontline-{owner}-{mark}-"
        self._ours = re.compile(rf"frontline-{owner}-[0-9a-f]{{16}}-([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\.salt")
        self._directory = next((path for path in directories if path.is_dir() and os.access(path, os.W_OK)), None)
        self._lock = threading.Lock()
        self._day: dt.date | None = None
        self._salt = b""
        self._held: tuple[Path, int] | None = None

    def __call__(self, day: dt.date) -> bytes:
        """Returns the salt of a day."""
        with self._lock:
            if day != self._day:
                self._release()
                self._salt = self._shared_salt(day) or secrets.token_bytes(_SALT_BYTES)
                self._day = day
            return self._salt

    def remove_old(self, day: dt.date) -> None:
        """Deletes the salts of all installations of this user from before a day."""
        if self._directory is None:
            return
        with suppress(OSError):
            for path in self._directory.glob("frontline-*.salt"):
                found = self._ours.fullmatch(path.name)
                if found and found[1] < day.isoformat():
                    with suppress(OSError):
                        path.unlink()

    def expire(self, day: dt.date) -> None:
        """Forgets the salt of an earlier day, also if nobody asks for a later one."""
        with self._lock:
            if self._day is not None and self._day < day:
                self._forget()
        self.remove_old(day)

    def close(self) -> None:
        """Forgets the salt, and deletes its file if no other process uses it."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._release()
        self._day, self._salt = None, b""

    def _shared_salt(self, day: dt.date) -> bytes | None:
        if self._directory is None:
            return None
        self.remove_old(day)
        path = self._directory / f"{self._prefix}{day.isoformat()}.salt"
        try:
            for _ in range(_TRIES):
                write_once(path, secrets.token_bytes(_SALT_BYTES))
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                salt = _read_private(descriptor)
                if salt is not None and _lock(descriptor, fcntl.LOCK_SH) and _is_at(descriptor, path):
                    self._held = path, descriptor
                    return salt
                os.close(descriptor)
                if salt is None:
                    return None
        except OSError:
            pass
        return None

    def _release(self) -> None:
        if self._held is None:
            return
        path, descriptor = self._held
        self._held = None
        try:
            if _lock(descriptor, fcntl.LOCK_EX) and _is_at(descriptor, path):
                path.unlink(missing_ok=True)
        except OSError:
            pass  # the next day deletes it
        finally:
            os.close(descriptor)


async def expire_daily(salt: DailySalt) -> None:
    """Forgets the salt of the day before within minutes after midnight (UTC), until cancelled."""
    while True:
        salt.expire(dt.datetime.now(dt.UTC).date())
        await asyncio.sleep(_EXPIRE_EVERY_SECONDS)


def _lock(descriptor: int, kind: int) -> bool:
    """Tries to lock a file; a process keeps one lock for each time that it opened the file."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Tells whether a path still leads to an open file, and no process has deleted it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def _read_private(descriptor: int) -> bytes | None:
    """Reads the salt in a file; None if another user could read the file or wrote it."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        return None
    salt = os.read(descriptor, _SALT_BYTES + 1)
    return salt if len(salt) == _SALT_BYTES else None
