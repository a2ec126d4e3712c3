"""The PostgreSQL server of one cluster: creates the cluster; starts, adopts and stops the
server.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.database.embedded.account import account_number
from app.database.embedded.configuration import (
    AUTHENTICATION,
    PORT,
    SUPERUSER,
    identities,
    settings,
)
from app.database.embedded.errors import EmbeddedDatabaseError
from app.database.embedded.installation import choose_installation
from app.database.embedded.locks import ServerLock
from app.database.embedded.place import Place, clear_sockets, socket_directory
from app.database.embedded.provision import connect, provision

_INITDB_SECONDS = 180.0
_START_SECONDS = 300.0  # after a crash, much WAL may have to be replayed
_STOP_SECONDS = 60.0
_MESSAGE_AFTER_SECONDS = 3.0
_STEP_SECONDS = 0.03
_REMOVE_SECONDS = 10.0
_FULL_BYTES = 17_000_000  # less than one more WAL segment
_START_LOG = "frontline-start.log"


@dataclass(frozen=True)
class PidFile:
    """What a server writes into postmaster.pid: its socket directory, and whether it is ready."""

    socket_directory: Path
    ready: bool


class Server:
    """Starts and stops the server of a cluster. Callers hold the lock (`turn`), except for
    `is_alive`.
    """

    def __init__(self, place: Place, say: Callable[[str], None], *, for_tests: bool) -> None:
        self.place = place
        self.directory = place.directory
        self.installation = choose_installation(place.account, cluster_major=_major_of(place))
        self._say = say
        self._for_tests = for_tests
        self._lock = ServerLock(place.directory)

    def is_alive(self) -> bool:
        """Tells whether any process of the server runs."""
        return self._lock.is_held()

    def ensure_running(self, *, alone: bool) -> Path:
        """Creates the cluster and starts the server if needed; returns the directory of its socket.

        `alone`: no other program uses the cluster, so a server that cannot be reached may be
        stopped.
        """
        try:
            if not self.place.exists:
                self._make()
            if self.place.link is not None and not self.place.link.is_symlink():
                self.place.link.symlink_to(self.directory)
            sockets = self._adopt_running(alone=alone)
            if sockets is None:
                sockets = self._start()
                provision(sockets)
            elif alone:  # the program that started it may have died before everything was set up
                provision(sockets)
        except psycopg.Error as error:
            raise self._failure("could not be set up", str(error)) from error
        except OSError as error:
            raise self._failure("could not be started", str(error)) from error
        return sockets

    def stop(self) -> None:
        """Stops the server and closes its connections; does nothing if it does not run."""
        deadline = time.monotonic() + _STOP_SECONDS
        output = ""
        while self.is_alive():
            if time.monotonic() > deadline:
                raise self._failure("does not stop", output)
            # Repeated, since a starting server has not yet written its pid file.
            _, output = self._pg_ctl("stop", "--mode=fast", timeout_seconds=_STOP_SECONDS)
            time.sleep(_STEP_SECONDS)
        clear_sockets(self.place)

    def _make(self) -> None:
        """Creates the cluster in a temporary directory and renames it, so that it is never
        incomplete.
        """
        place = self.place
        self._say(f"Creating the database in {self.directory} (PostgreSQL {self.installation.version}; only once) …")
        if place.link is not None and not self.directory.parent.exists():
            self.directory.parent.mkdir(parents=True)
            self.directory.parent.chmod(0o755)
        beside = f"{self.directory.name}.new-"
        for leftover in self.directory.parent.glob(f"{beside}*"):
            _remove_leftover(leftover)
        building = Path(tempfile.mkdtemp(prefix=beside, dir=self.directory.parent))
        try:
            place.account.take(building)
            answer = place.account.run(
                self.installation.program("initdb"),
                "--pgdata=.",
                f"--username={SUPERUSER}",
                "--auth-local=peer",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
                *(["--no-sync"] if self._for_tests else []),
                cwd=building,
                timeout_seconds=_INITDB_SECONDS,
            )
            if answer.returncode != 0:
                raise self._failure("could not be made", answer.stdout)
            place.mark(building)
            building.rename(self.directory)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _adopt_running(self, *, alone: bool) -> Path | None:
        """Returns the socket directory of a running server; waits while it starts; None if none
        runs.
        """
        begin = time.monotonic()
        announced = False
        problem = ""
        while self.is_alive():
            written = self._pid_file()
            if written is not None and written.ready and not _socket(written.socket_directory).exists():
                self._stop_unreachable(written.socket_directory, alone=alone)
                return None
            if written is not None:
                try:
                    connect(written.socket_directory).close()
                except psycopg.OperationalError as error:
                    problem = str(error)  # starting, stopping, or left over from a killed server
                else:
                    return written.socket_directory
            waited = time.monotonic() - begin
            if waited > _START_SECONDS:
                raise self._failure("runs and does not answer", problem)
            if waited > _MESSAGE_AFTER_SECONDS and not announced:
                self._say("Waiting for the database, which is just starting or stopping …")
                announced = True
            time.sleep(_STEP_SECONDS)
        return None

    def _stop_unreachable(self, sockets: Path, *, alone: bool) -> None:
        if not alone:
            raise EmbeddedDatabaseError(
                f"The database runs for another program, and its socket in {sockets} cannot be seen from here: it was "
                "removed, or that program has a /tmp of its own (PrivateTmp=yes of systemd). "
                "Stop that program, then start again."
            )
        self._say("The database runs, but its socket was removed. Restarting it.")
        self.stop()

    def _start(self) -> Path:
        """Starts the server and returns the directory of its socket."""
        clear_sockets(self.place)
        sockets = socket_directory(self.place)
        stale = self.directory / "postmaster.pid"
        if stale.exists():
            # Another process may have its process id by now, and PostgreSQL would mistake that for
            # a server.
            stale.unlink()
            self._say("The database was not shut down properly. It recovers now, which may take a while.")
        account = self.place.account
        account.write(self.directory / "pg_hba.conf", AUTHENTICATION)
        account.write(self.directory / "pg_ident.conf", identities({account.name, account_number(0).name}))
        configuration = settings(sockets, for_tests=self._for_tests, lz4=not self._for_tests and self._has_lz4())
        account.write(self.directory / "postgresql.conf", configuration)
        account.write(self.directory / _START_LOG, "")
        before = self._log_sizes()
        with self._lock.handed_over() as descriptor:
            account.take(self._lock.path)
            status, output = self._pg_ctl(
                "start", f"--log=./{_START_LOG}", timeout_seconds=_START_SECONDS, pass_fds=(descriptor,)
            )
        if status != 0:
            raise self._failure("could not be started", f"{output}\n{self._logged_since(before)}")
        return sockets

    def _has_lz4(self) -> bool:
        """Tells whether this PostgreSQL was built with LZ4."""
        options = ("-C", "wal_compression", "-c", "wal_compression=lz4")
        result = self.place.account.run(self.installation.program("postgres"), "-D", ".", *options, cwd=self.directory)
        return result.returncode == 0

    def _pg_ctl(
        self, verb: str, *options: str, timeout_seconds: float, pass_fds: tuple[int, ...] = ()
    ) -> tuple[int, str]:
        # With relative names, in the directory: pg_ctl puts paths into a shell command without
        # escaping.
        answer = self.place.account.run(
            self.installation.program("pg_ctl"),
            verb,
            "--pgdata=.",
            "--wait",
            f"--timeout={timeout_seconds:.0f}",
            *options,
            cwd=self.directory,
            timeout_seconds=timeout_seconds + 10,
            pass_fds=pass_fds,
        )
        return answer.returncode, answer.stdout

    def _pid_file(self) -> PidFile | None:
        """Reads postmaster.pid; None if it is missing or incomplete."""
        try:
            lines = (self.directory / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 8:
            return None
        return PidFile(Path(lines[4]), lines[7].strip() == "ready")

    def _log_sizes(self) -> dict[Path, int]:
        """Returns the size of each log file of the server."""
        logs = [self.directory / _START_LOG, *sorted((self.directory / "log").glob("*.log"))]
        return {path: path.stat().st_size for path in logs}

    def _logged_since(self, before: dict[Path, int]) -> str:
        """Returns what the server has logged since `before`, the sizes of its log files."""
        text = b""
        for path in self._log_sizes():
            with path.open("rb") as stream:
                stream.seek(before.get(path, 0))
                text += stream.read()
        return text.decode(errors="replace")

    def _failure(self, what: str, output: str) -> EmbeddedDatabaseError:
        """Builds the error that says what is wrong, why, and what to do."""
        free_bytes = shutil.disk_usage(_existing_parent(self.directory)).free
        # With a full disk, the server cannot even log the reason.
        if free_bytes < _FULL_BYTES or any(os.strerror(code) in output for code in (errno.ENOSPC, errno.EDQUOT)):
            return EmbeddedDatabaseError(
                f"The database {what}: the disk that holds {self.directory} is full "
                f"({free_bytes // 1_000_000} MB free). A new database takes 100 MB. Free some space, or set "
                "FRONTLINE_DATA_DIR to a directory on another disk, and start again. Nothing incomplete is left behind."
            )
        output_end = "\n  ".join(line for line in output.splitlines()[-8:] if line.strip())
        return EmbeddedDatabaseError(
            f"The database in {self.directory} {what}. PostgreSQL says:\n  {output_end}\n"
            f"More is in {self.directory}/log and {self.directory}/{_START_LOG}."
        )


def _major_of(place: Place) -> int | None:
    """Returns the PostgreSQL version of the cluster; None if there is no cluster yet."""
    if not place.exists:
        return None
    path = place.directory / "PG_VERSION"
    try:
        return int(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        raise EmbeddedDatabaseError(
            f"{path} is gone or damaged, so the database cannot be opened. Restore {place.directory} from a "
            "backup, or move it away to begin with an empty database."
        ) from None


def _socket(directory: Path) -> Path:
    return directory / f".s.PGSQL.{PORT}"


def _existing_parent(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def _remove_leftover(directory: Path) -> None:
    """Removes the directory of a killed start, or gives up after some seconds: what is left does no
    harm.
    """
    give_up = time.monotonic() + _REMOVE_SECONDS
    # The initdb of that start may still be writing there. It fails when its files are gone.
    while directory.exists() and time.monotonic() < give_up:
        shutil.rmtree(directory, ignore_errors=True)
        time.sleep(_STEP_SECONDS)
