"""Parts of the chapter `server`: a database of synthetic events, servers as programs, and their
memory.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import psycopg
from sqlalchemy import create_engine

from app.database.embedded import EmbeddedCluster, running_cluster
from app.database.engines import server_options
from app.database.migrations import upgrade
from app.derived.points import fold_tallies
from app.exchange.demo.synthetic_load import load_synthetic
from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre

if TYPE_CHECKING:
    from collections.abc import Iterator

TIPG: Final = PROJECT_DIRECTORY / "build" / "bench-tipg"
SETTLED_SECONDS: Final = 1_800


@contextlib.contextmanager
def database(events: int, *, kept: Path | None) -> Iterator[tuple[EmbeddedCluster, Path, float | None]]:
    """Yields a database with synthetic events, and the seconds it took to make (None: it existed).

    Args:
        events: how many.
        kept: a directory that keeps it for the next run.
    """
    folder = kept or Path("/tmp") / f"frontline-bench-{os.getpid()}"  # noqa: S108 - where the user of PostgreSQL can enter
    try:
        with running_cluster(folder) as cluster:
            upgrade(cluster.url("frontline_owner"))
            owner = connect(cluster, "frontline_owner")
            taken = None
            if not owner.execute("SELECT EXISTS (SELECT FROM frontline.event)").fetchone()[0]:  # type: ignore[index] # one row
                taken = _load_events(cluster, events)
                for table in (
                    "event",
                    "event_point",
                    "event_shape",
                    "event_tally",
                    "event_tally_change",
                    "event_source",
                ):
                    owner.execute(f"VACUUM (ANALYZE) frontline.{table}")
            owner.close()
            yield cluster, folder, taken
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _load_events(cluster: EmbeddedCluster, events: int) -> float:
    options = server_options(statement_seconds=0, lock_seconds=10)
    engine = create_engine(cluster.url("frontline_owner"), connect_args={"options": options})
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    start = time.perf_counter()
    load_synthetic(engine, theatre, events, 42)
    fold_tallies(engine, at_least=1)
    taken = time.perf_counter() - start
    engine.dispose()
    return taken


def connect(cluster: EmbeddedCluster, role: str) -> psycopg.Connection[Any]:
    """Connects as a role, with the options that connections of the server have."""
    url = cluster.url(role).replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True, options=server_options(statement_seconds=0, lock_seconds=10))


def free_port() -> int:
    """Returns a free port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def run_server(command: list[str], environment: dict[str, str], answers: str) -> Iterator[int]:
    """Runs a server until the block ends. Yields its process id as soon as it answers."""
    running = subprocess.Popen(  # noqa: S603 - ours
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(answers, timeout=2):  # noqa: S310 - loopback
                    break
            except OSError:
                if time.monotonic() > deadline or running.poll() is not None:
                    raise RuntimeError(f"{command[0]} does not answer at {answers}") from None
                time.sleep(0.1)
        yield running.pid
    finally:
        running.terminate()
        running.wait(timeout=30)


@contextlib.contextmanager
def frontline_server(folder: Path) -> Iterator[tuple[str, int]]:
    """Serves the database. Yields the URL and the process id."""
    port = free_port()
    environment = {
        "FRONTLINE_DATA_DIR": str(folder),
        "FRONTLINE_PLACES_AUTOLOAD": "false",
        "FRONTLINE_DEMO_AUTOLOAD": "false",
        "FRONTLINE_LOG_LEVEL": "warning",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "app.cli", "serve"]
    with run_server(command, environment, f"http://127.0.0.1:{port}/readyz") as pid:
        yield f"http://127.0.0.1:{port}", pid


def wait_for_columns(cluster: EmbeddedCluster) -> float:
    """Waits until a server that has just started has built the columns, and returns the seconds."""
    start = time.perf_counter()
    with connect(cluster, "frontline_public") as asked:
        while asked.execute("SELECT stale FROM public_event_columns_state").fetchone() != (False,):
            if time.perf_counter() - start > SETTLED_SECONDS:
                raise RuntimeError("the columns are not made")
            time.sleep(0.5)
    return time.perf_counter() - start


@contextlib.contextmanager
def tipg_server(cluster: EmbeddedCluster) -> Iterator[str]:
    """Serve the same points with tipg, from an environment of its own that is made when it is
    missing.
    """
    if not (TIPG / "bin" / "uvicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", TIPG], check=True)  # noqa: S603 - ours
        packages = ["tipg", "uvicorn", "uvloop", "httptools"]
        subprocess.run([TIPG / "bin" / "pip", "install", "--quiet", *packages], check=True)  # noqa: S603 - ours
    port = free_port()
    host = quote(str(cluster.socket_directory), safe="")
    environment = {
        "DATABASE_URL": f"postgresql://frontline_owner@{host}:{cluster.port}/frontline",
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
    }
    command = [str(TIPG / "bin" / "uvicorn"), "tipg.main:app", "--port", str(port), "--log-level", "warning"]
    with run_server(command, environment, f"http://127.0.0.1:{port}/collections/bench.event_tile"):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def bare_server(size: int) -> Iterator[str]:
    """Serves a body of a given size with uvicorn only, configured as `frontline serve` does. Yields
    the URL.
    """
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.bare:app", "--port", str(port)]
    options = ["--log-level", "warning", "--no-access-log", "--no-proxy-headers"]
    address = f"http://127.0.0.1:{port}/"
    with run_server([*command, *options], {"BENCH_BARE_BYTES": str(size)}, address):
        yield address.rstrip("/")


class Memory:
    """Watches the proportional memory (PSS) of a process, and keeps its maximum."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/smaps_rollup")
        self._ended = threading.Event()
        self.most_mb = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def now_mb(self) -> float:
        """Returns the current value."""
        for line in self._file.read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
        return 0.0

    def _watch(self) -> None:
        while not self._ended.wait(0.25):
            with contextlib.suppress(OSError):
                self.most_mb = max(self.most_mb, self.now_mb())

    def end(self) -> float:
        """Stops watching, and returns the maximum."""
        self._ended.set()
        self._thread.join()
        return self.most_mb
