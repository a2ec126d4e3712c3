"""Free space on the disks of an embedded database: commands that write much stop before one is
full.

PostgreSQL cannot start again on a full disk, so a part of the disk is kept free
(docs/decisions/0043-a-reserve-of-free-space.md).
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import event

from app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# At 500 MB a second, this is a fifth of the default reserve.
_EVERY_SECONDS: Final = 0.2
_MEGABYTE: Final = 1_000_000
_MEBIBYTE: Final = 1024 * 1024


class DiskTooFull(UserError):
    """A command would leave less space than the reserve; nothing was changed."""


def _free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


@dataclass(frozen=True)
class Disk:
    """The disks of a database.

    Attributes:
        directories: each may be on another disk; none: the database is not ours, and nothing is
            known of its disks.
        reserve_bytes: how much must stay free on each.
        measure: returns the free bytes for a directory.
    """

    directories: tuple[Path, ...] = ()
    reserve_bytes: int = 0
    measure: Callable[[Path], int] = _free_bytes

    @classmethod
    def of(cls, cluster: Path | None, reserve_mib: int) -> Disk:
        """Returns the disks of an embedded database: of its data, its log and its tablespaces.
        Temporary files are with the data.
        """
        if cluster is None:
            return cls()
        linked = [path.resolve() for path in (cluster / "pg_wal", *sorted(cluster.glob("pg_tblspc/*")))]
        return cls((cluster, *linked), reserve_mib * _MEBIBYTE)

    @property
    def is_known(self) -> bool:
        """Whether free space can be measured."""
        return bool(self.directories)

    def free_bytes(self) -> int | None:
        """Returns the free bytes of the fullest disk; None if unknown."""
        found = []
        for directory in self.directories:
            try:
                found.append(self.measure(directory))
            except OSError:  # no permission
                continue
        return min(found, default=None)

    def require(self, needed_bytes: int, work: str) -> None:
        """Checks that a command fits on the disk.

        Raises:
            DiskTooFull: less space than the need and the reserve is free.
        """
        free = self.free_bytes()
        if free is not None and free < needed_bytes + self.reserve_bytes:
            raise DiskTooFull(
                f"The {work} did not start: it needs at least {_megabytes(needed_bytes)}, and"
                f" {_megabytes(self.reserve_bytes)} must stay free, but {self._describe(free)}. Free some space, or set"
                " FRONTLINE_DISK_RESERVE_MIB to less."
            )

    @contextmanager
    def watch(self, engine: Engine, work: str, connection: Connection | None = None) -> Iterator[None]:
        """Cancels what the connections of an engine run if free space falls below the reserve.

        Args:
            engine: its connections are watched from their checkout on.
            work: a noun for messages, such as "import".
            connection: a connection of the engine that is checked out already.

        Raises:
            DiskTooFull: that happened, or the database found the disk full.
        """
        if not self.is_known:
            yield
            return
        self.require(0, work)
        running = set() if connection is None else {connection.connection.driver_connection}
        watcher = _Watcher(self, engine, running)
        try:
            with watcher:
                yield
        except Exception as error:
            if not (watcher.is_low or _says_that_disk_is_full(error)):
                raise
            free = self.free_bytes() or 0
            raise DiskTooFull(
                f"The {work} was stopped and changed nothing, because {_megabytes(self.reserve_bytes)} must stay free,"
                f" and {self._describe(free)}. PostgreSQL frees the space of what was undone within minutes. Then free"
                " some space, and start again."
            ) from error

    def _describe(self, free: int) -> str:
        return f"{_megabytes(free)} are free on the disk of {self.directories[0]}"


# That of a server of the operator's.
UNKNOWN: Final = Disk()


class _Watcher:
    """Measures free space in a thread, and cancels the statements of checked-out connections.

    Attributes:
        is_low: whether the reserve was touched.
    """

    def __init__(self, disk: Disk, engine: Engine, running: set[Any]) -> None:
        self.is_low = False
        self._disk = disk
        self._engine = engine
        self._running: set[psycopg.Connection[Any]] = running
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)

    def __enter__(self) -> None:
        event.listen(self._engine, "checkout", self._add)
        event.listen(self._engine, "checkin", self._remove)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        event.remove(self._engine, "checkout", self._add)
        event.remove(self._engine, "checkin", self._remove)

    def _add(self, connection: Any, *_: object) -> None:
        with self._lock:
            self._running.add(connection)

    def _remove(self, connection: Any, *_: object) -> None:
        with self._lock:
            self._running.discard(connection)

    def _run(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            free = self._disk.free_bytes()
            if free is None or free >= self._disk.reserve_bytes:
                continue
            self.is_low = True
            # Again and again: a cancellation between two statements has no effect.
            with self._lock:
                for connection in self._running:
                    connection.cancel()


def _says_that_disk_is_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(getattr(error, "orig", error), psycopg.errors.DiskFull):
            return True
        error = error.__cause__
    return False


def _megabytes(count: int) -> str:
    return f"{round(count / _MEGABYTE):,} MB".replace(",", " ")
