"""File locks (flock): which programs use the cluster, which may start or stop it, and whether its
server is alive.

The kernel releases a lock when its holder dies, however it dies, so no stale lock can remain.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.database.embedded.errors import EmbeddedDatabaseError

_MAX_WAIT_SECONDS = 400.0  # longer than a start with recovery may take
_MESSAGE_AFTER_SECONDS = 2.0
_STEP_SECONDS = 0.03


class ClusterLocks:
    """The two locks of a data directory: programs hold `users` shared; `turn` is held to start or
    stop.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._turn = _open(data_dir / "postgres-turn.lock")
        try:
            self._users = _open(data_dir / "postgres-users.lock")
        except BaseException:
            os.close(self._turn)
            raise

    def close(self) -> None:
        """Closes the files, which releases the locks."""
        os.close(self._users)
        os.close(self._turn)

    @contextmanager
    def turn(self, say: Callable[[str], None]) -> Iterator[None]:
        """Waits for the lock that allows starting or stopping the cluster, and holds it."""
        begin = time.monotonic()
        announced = False
        while not self._try_lock(self._turn, fcntl.LOCK_EX):
            waited = time.monotonic() - begin
            if waited > _MAX_WAIT_SECONDS:
                raise EmbeddedDatabaseError(
                    f"Another program has been starting or stopping the database in {self._data_dir} for "
                    f"{waited / 60:.0f} minutes. Find it (fuser {self._data_dir}/postgres-turn.lock), end it, "
                    "and start again."
                )
            if waited > _MESSAGE_AFTER_SECONDS and not announced:
                say("Waiting for another program that is starting or stopping the database …")
                announced = True
            time.sleep(_STEP_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def enter(self) -> bool:
        """Registers this program; returns whether it is the only one. Callers hold `turn`."""
        alone = self._try_lock(self._users, fcntl.LOCK_EX)
        # Changing from exclusive to shared is not atomic, but `turn` keeps others out meanwhile.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return alone

    def leave(self) -> bool:
        """Unregisters this program; returns whether it was the last one. Callers hold `turn`."""
        last = self._try_lock(self._users, fcntl.LOCK_EX)
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return last

    def _try_lock(self, descriptor: int, operation: int) -> bool:
        try:
            fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The file system of {self._data_dir} does not lock files ({error.strerror}). "
                "Set FRONTLINE_DATA_DIR to a directory on a local disk."
            ) from error
        return True


class ServerLock:
    """A lock that the server itself holds: all its processes inherit the open, locked file.

    So the lock tells whether any process of the server is alive. A process id would not: ids are
    used again, mean nothing in another container, and remain until the parent process collects
    them.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / "frontline-server.lock"

    def is_held(self) -> bool:
        """Tells whether any process of the server is alive."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    @contextmanager
    def handed_over(self) -> Iterator[int]:
        """Locks the file and yields its descriptor, which a server that is started now inherits."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            # `is_held` may hold it for a moment.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            # Not unlocked, only closed: unlocking would also take it from the server.
            os.close(descriptor)


def _open(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        owner = path.parent.stat()
        if os.geteuid() == 0 and os.fstat(descriptor).st_uid != owner.st_uid:
            # Otherwise the owner of the directory could not use the file. Some file systems have no
            # owners.
            with suppress(OSError):
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{path} belongs to another user. Start Frontline as the owner of {path.parent}, "
            "or set FRONTLINE_DATA_DIR to a directory of your own."
        ) from error
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
        raise EmbeddedDatabaseError(
            f"{path} cannot be created: {reason}. Correct that, or set FRONTLINE_DATA_DIR to another directory."
        ) from error
    return descriptor
