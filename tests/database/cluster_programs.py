"""Starts holder.py, and examines the processes of a cluster from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from tests.waiting import SECONDS

PROJECT = Path(__file__).resolve().parents[2]
_MEMORY_DIRECTORY = Path("/dev/shm")  # noqa: S108 - `mkdtemp` makes a directory of our own in it
# More than the clusters of a run ever need.
_CLUSTERS_BYTES = 4 * 1024**3


class Holder:
    """A program that uses the cluster of `directory`; the context manager ends it."""

    def __init__(self, directory: Path, *options: str, quiet: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("holder.py")), str(directory), *options],
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
        )
        self._first: dict[str, Any] = {}

    def __enter__(self) -> Holder:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.let_go()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()

    def answer(self) -> dict[str, Any]:
        """Returns its first line of output: the cluster's directories, or the error."""
        if not self._first:
            self._first = self._line()
        return self._first

    def let_go(self) -> dict[str, Any]:
        """Makes it leave the cluster, waits for its end, and returns its last line of output."""
        self.answer()
        assert self.process.stdin is not None
        if "error" not in self._first:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            last = self._line()
        else:
            last = self._first
        self.process.wait(SECONDS)
        return last

    def kill(self) -> None:
        """Kills it, once it uses the cluster."""
        self.answer()
        self.end(signal.SIGKILL)

    def end(self, by: signal.Signals) -> None:
        """Sends it a signal and waits for its end."""
        self.process.send_signal(by)
        self.process.wait(SECONDS)

    def query(self, statement: str, *, database: str = "frontline") -> Any:
        """Runs a statement as superuser; returns the first column of the first row, or None."""
        with psycopg.connect(
            host=self.answer()["socket_directory"], user="postgres", dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"holder.py ended with {self.process.wait()}"
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer


def fresh_directory() -> Path:
    """Creates a directory that the cluster's user can enter; it cannot enter pytest's."""
    directory = Path(tempfile.mkdtemp(prefix="frontline-test-", dir=_memory_filesystem())).resolve()
    directory.chmod(0o755)
    return directory


def _memory_filesystem() -> Path | None:
    """Returns a directory in memory that has room for the clusters of a run, else None.

    The suite creates hundreds of databases. Each takes 0.03 s there, and half a second on a disk.
    """
    if not os.access(_MEMORY_DIRECTORY, os.W_OK | os.X_OK):
        return None
    return _MEMORY_DIRECTORY if shutil.disk_usage(_MEMORY_DIRECTORY).free >= _CLUSTERS_BYTES else None


def remove(directory: Path) -> None:
    """Removes a data directory, and the cluster that its link points to."""
    link = directory / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
    shutil.rmtree(directory)


def postmaster(directory: Path) -> int:
    """Returns the process id of the server's main process."""
    return int((directory / "postmaster.pid").read_text().splitlines()[0])


def processes_in(directory: Path) -> list[int]:
    """Returns the processes with the working directory `directory`: those of its server."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == directory:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def kill_server(directory: Path, *, only_first: bool = False) -> None:
    """Kills the server's processes, or only its main process."""
    for pid in [postmaster(directory)] if only_first else processes_in(directory):
        os.kill(pid, signal.SIGKILL)
