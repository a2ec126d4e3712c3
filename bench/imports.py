"""Imports of events into a new installation, published: rate, whether it stays the same to the end,
memory, and the same after an import that was killed in the middle.

Whether the rate stays the same is measured by the processor time of the database for each fifth of
the file, which depends less on what else the machine does.

`BENCH_ROWS` is the number of rows, or several numbers; by default 125 000 and 1 000 000.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine

from app.database.embedded import running_cluster
from app.database.engines import server_options
from app.database.migrations import upgrade
from app.exchange.importing import ImportOptions, import_files
from app.exchange.origins import OriginTerms
from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre
from bench.report import Measurement, format_number
from bench.server_parts import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from app.database.embedded import EmbeddedCluster

SIZES: Final = "125000,1000000"
# The slowest fifth of an import may take this many times the processor time of the median fifth.
FLAT: Final = 1.5
_PARTS: Final = 5
_COLUMNS: Final = ("id", "lat", "lon", "date", "side", "category", "text", "urls", "place", "precision_m")
_TERMS: Final = ("--origin-name", "Measured", "--origin-licence", "CC0 1.0")


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter for each number of rows."""
    for rows in map(int, os.environ.get("BENCH_ROWS", SIZES).split(",")):
        what = f"{format_number(rows)} rows"
        with _installation() as (cluster, directory):
            yield from _import(cluster, directory, rows, what)
        with _installation() as (cluster, directory):
            _kill_in_the_middle(cluster, directory, rows)
            yield from _import(cluster, directory, rows, f"{what}, after an import that was killed")


@contextmanager
def _installation() -> Iterator[tuple[EmbeddedCluster, Path]]:
    """Starts a new installation, with autovacuum as everywhere."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as directory:
        Path(directory).chmod(0o755)
        with running_cluster(Path(directory) / "var") as cluster:
            upgrade(cluster.url("frontline_owner"))
            yield cluster, Path(directory)


def _import(cluster: EmbeddedCluster, directory: Path, rows: int, what: str) -> Iterator[Measurement]:
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    engine = create_engine(
        cluster.url("frontline_app"), connect_args={"options": server_options(statement_seconds=0, lock_seconds=10)}
    )
    file = directory / "measured.csv"
    _write_csv(file, rows)
    terms = OriginTerms("Measured", None, "CC0 1.0", None)
    options = ImportOptions(
        format="events-csv", public=True, origin="measured", terms=terms, refusals=directory / "refused"
    )
    size = file.stat().st_size
    used: list[float] = []
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with connect(cluster, "frontline_owner") as owner:
        owner.autocommit = True

        def advance(_file: Path, read: int) -> None:
            if len(used) <= _PARTS * read // size:
                used.append(_processor_seconds(owner))

        start = time.perf_counter()
        report = import_files(engine, theatre, [file], options, advance=advance)
        taken = time.perf_counter() - start
    engine.dispose()
    if report.outcomes["added"] != rows:
        raise AssertionError(report)
    parts = [after - before for before, after in pairwise(used)]
    yield Measurement(f"{what}: imported", rows / taken, "events/s", 3_000, "at least")
    yield Measurement(
        f"{what}: database time of the slowest fifth, compared with the median fifth",
        max(parts) / statistics.median(parts),
        "times",
        FLAT,
    )
    yield Measurement(
        f"{what}: further memory of the importing process",
        (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1000,
        "MB",
    )


def _processor_seconds(owner: psycopg.Connection[Any]) -> float:
    """Returns the processor time that the connection of the running import has used."""
    found = owner.execute("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'frontline: %'").fetchone()
    if found is None:
        return 0.0
    fields = Path(f"/proc/{found[0]}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kill_in_the_middle(cluster: EmbeddedCluster, directory: Path, rows: int) -> None:
    """Starts an import, and kills it (SIGKILL) when it has written about half of its rows."""
    file = directory / "killed.csv"
    _write_csv(file, rows)
    command = [sys.executable, "-c", "from app.cli import main; main()", "import", str(file)]
    command += ["--format", "events-csv", "--public", "--origin", "measured", *_TERMS]
    environment = os.environ | {"FRONTLINE_DATA_DIR": str(directory / "var"), "PYTHONPATH": str(PROJECT_DIRECTORY)}
    with (
        subprocess.Popen(command, cwd=directory, env=environment, stderr=subprocess.DEVNULL) as program,  # noqa: S603 - our own program
        connect(cluster, "frontline_owner") as owner,
    ):
        owner.autocommit = True
        # Uncommitted rows cannot be seen, but the table grows.
        while program.poll() is None:
            written = owner.execute("SELECT pg_relation_size('frontline.event') / 400").fetchone()
            if written and written[0] >= rows / 2:
                break
            time.sleep(0.05)
        program.send_signal(signal.SIGKILL)


def _write_csv(file: Path, rows: int) -> None:
    """Writes rows with a source each."""
    chance = random.Random(rows)  # noqa: S311 - no secret
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(_COLUMNS)
        for row in range(rows):
            day = dt.date(2022, 3, 1) + dt.timedelta(days=chance.randrange(1400))
            writer.writerow(
                [
                    *(row, round(46 + 4 * chance.random(), 6), round(32 + 7 * chance.random(), 6), day.isoformat()),
                    *(chance.choice(("ua", "ru", "")), chance.choice(("clash", "strike.drone", "strike", "advance"))),
                    f"Seen on the road to the village {row % 977}: two vehicles and a dugout, row {row}.",
                    f"https://t.me/channel{row % 300}/{rows}{row:07}",
                    *(f"Village {row % 977}", 50),
                ]
            )
