"""Who uses the cluster, who may start or stop it, and whether its server lives: files locked with flock.

The kernel lets go of a lock when its holder dies, however it dies, so none can be left behind.
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

_PATIENCE_SECONDS = 400.0  # longer than a start may take, recovery included
_SILENCE_SECONDS = 2.0
_STEP_SECONDS = 0.03


class ClusterLocks:
    """The two locks of one data directory: each user holds `users` shared, starting and stopping hold `turn`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._turn = _opened(data_dir / "postgres-turn.lock")
        try:
            self._users = _opened(data_dir / "postgres-users.lock")
        except BaseException:
            os.close(self._turn)
            raise

    def close(self) -> None:
        """Close the files, and so drop whatever is still held."""
        os.close(self._users)
        os.close(self._turn)

    @contextmanager
    def turn(self, say: Callable[[str], None]) -> Iterator[None]:
        """Hold the right to start or stop the cluster, waiting for whoever is at it."""
        begin = time.monotonic()
        told = False
        while not self._try(self._turn, fcntl.LOCK_EX):
            waited = time.monotonic() - begin
            if waited > _PATIENCE_SECONDS:
                raise EmbeddedDatabaseError(
                    f"Another program has been starting or stopping the database in {self._data_dir} for "
                    f"{waited / 60:.0f} minutes. Find it (fuser {self._data_dir}/postgres-turn.lock), end it, "
                    "and start again."
                )
            if waited > _SILENCE_SECONDS and not told:
                say("Waiting for another program that is starting or stopping the database …")
                told = True
            time.sleep(_STEP_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def enter(self) -> bool:
        """Become a user of the cluster; say whether we are the only one. Call it while holding the turn."""
        alone = self._try(self._users, fcntl.LOCK_EX)
        # Going from exclusive to shared is not atomic, but nobody else gets in between while the turn is ours.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return alone

    def leave(self) -> bool:
        """Stop being a user; say whether nobody is left. Call it while holding the turn."""
        last = self._try(self._users, fcntl.LOCK_EX)
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return last

    def _try(self, descriptor: int, operation: int) -> bool:
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
    """A lock that the server itself holds: its file is handed to it open and locked, and all its processes inherit it.

    So it tells whether anything of the server lives, without trusting a process number: those are used again, mean
    nothing in another container, and outlive their process as long as nobody asks after it.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / "frontline-server.lock"

    def is_held(self) -> bool:
        """Whether any process of the server lives."""
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
        """Lock the file and give its descriptor, for a server to inherit while the block runs."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            # Only ever contended by the moment that is_held takes.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            # Closed and not unlocked: unlocking would take it from the server too.
            os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        owner = path.parent.stat()
        if os.geteuid() == 0 and os.fstat(descriptor).st_uid != owner.st_uid:
            # Root must not lock the owner of the directory out of it; some file systems keep no owners.
            with suppress(OSError):
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{path} belongs to another user. Start Frontline as the user whom {path.parent} belongs to, "
            "or set FRONTLINE_DATA_DIR to a directory of your own."
        ) from error
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
        raise EmbeddedDatabaseError(
            f"{path} cannot be made: {reason}. Mend that, or set FRONTLINE_DATA_DIR to another directory."
        ) from error
    return descriptor
