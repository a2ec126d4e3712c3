"""Territory: size and time of the line's history, speed of imports, and the change between two
days.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.database.embedded import running_cluster
from app.database.engines import server_options
from app.database.migrations import upgrade
from app.database.session import PublicReadSession
from app.exchange.territory.importing import TerritoryOptions, TerritoryReport, import_territory
from app.geo.line_history import LineHistory
from app.geo.line_history_writer import HistoryWriter
from app.http.geojson import to_json
from app.models import LineHistoryPart
from app.parsing.days import TimeFilter, day_start, parse_day
from app.settings import PROJECT_DIRECTORY
from app.territory import queries
from app.territory.change import describe_change
from app.theatre import read_theatre
from bench.browser import drawing
from bench.report import Measurement, milliseconds, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.geo.rings import Ring

DATA: Final = PROJECT_DIRECTORY.parent / "shared" / "data" / "territory"
MB: Final = 1_000_000
HELD: Final = ("occupied",)

DAYS, VERTICES, MOVED = 1359, 15_000, 0.01
# The bytes are measured on a ring whose corners lie anywhere within a kilometre or two, the worst
# there is to pack. Nobody draws such a scribble: what is drawn is as crooked as real lines are,
# each corner about as far aside as it is from the next.
SCRIBBLE, LINE = 1_000, 100
DRAWN_DAYS = 120


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter; those of real data only if it exists."""
    yield from synthetic()
    if DATA.is_dir():
        yield from real()


def drawn(days: int, vertices: int, moved: float, crooked: int = SCRIBBLE) -> Iterator[Ring]:
    """Draw a ring of which some vertices, anywhere on it, move a little every day; always the same
    ones (seed 42).

    `crooked` is how far the corners lie beside the ring, and `crooked / 2` how far they move, in
    1e-5 degrees.
    """
    rng = np.random.default_rng(42)
    angles = np.sort(rng.random(vertices)) * 2 * np.pi
    ring = np.column_stack((3_600_000 + 300_000 * np.cos(angles), 4_800_000 + 200_000 * np.sin(angles)))
    ring = (ring + rng.normal(0, crooked, ring.shape)).astype(np.int32)
    for _ in range(days):
        ring = ring.copy()
        chosen = rng.choice(vertices, int(vertices * moved), replace=False)
        ring[chosen] += rng.integers(-crooked // 2, crooked // 2 + 1, (len(chosen), 2), dtype=np.int32)
        yield ring


def synthetic() -> Iterator[Measurement]:
    """Yields measurements of a line that moves a little everywhere each day, for as many days as
    the real line has.
    """
    what = f"{DAYS} days of {VERTICES} vertices, {MOVED:.0%} move a day"
    writer = HistoryWriter()
    *most, last = drawn(DAYS, VERTICES, MOVED)
    start = time.perf_counter()
    for day, ring in enumerate(most):
        writer.add(86_400_000 * day, 1, [(0, [[ring]])])
    taken = time.perf_counter() - start
    base = writer.block()
    writer = HistoryWriter(LineHistory(base))
    writer.add(86_400_000 * len(most), 1, [(0, [[last]])])
    increment = writer.block()
    both = [len(gzip.compress(block, 9)) for block in (base, increment)]
    yield Measurement(f"{what}: gzip", sum(both) / MB, "MB", 4)
    yield Measurement("the same: bits for each vertex of each day", 8 * sum(both) / (DAYS * VERTICES), "bits")
    yield Measurement("the same: a new day", both[1] / 1000, "kB", 5)
    yield Measurement("the same: writing a day", 1000 * taken / len(most), "ms")
    (shown,) = LineHistory(base, increment).areas(DAYS - 1)
    if not np.array_equal(shown[1][0][0], last):
        raise AssertionError("the last day is not what was drawn")
    yield from in_the_browser("the same", [base, increment])
    writer = HistoryWriter()
    for day, ring in enumerate(drawn(DRAWN_DAYS, VERTICES, MOVED, LINE)):
        writer.add(86_400_000 * day, 1, [(0, [[ring]])])
    yield from drawing("a line", [writer.block()])


def in_the_browser(what: str, contents: list[bytes]) -> Iterator[Measurement]:
    """Decodes a history with the code of the page in Node."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.bin" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        script = PROJECT_DIRECTORY / "bench" / "line-history.mjs"
        done = subprocess.run(["node", script, *files], capture_output=True, check=True)  # noqa: S603, S607 - ours
    told = json.loads(done.stdout)
    yield Measurement(f"{what}: read in the browser", told["read_ms"], "ms")
    yield Measurement(f"{what}: the last day at once", told["cold_ms"], "ms")
    yield Measurement(f"{what}: making ready what jumps need, in idle time", told["prepare_ms"], "ms")
    yield from spread(f"{what}: any day after that", told["days_ms"], 16)


@contextmanager
def database() -> Iterator[Engine]:
    """Yields an empty database."""
    # Not a directory of `tempfile`, which the user that PostgreSQL runs as could not enter.
    folder = Path(tempfile.gettempdir()) / f"frontline-bench-{os.getpid()}"
    try:
        with running_cluster(folder, for_tests=True) as cluster:
            upgrade(cluster.url("frontline_owner"))
            options = server_options(statement_seconds=0, lock_seconds=10)
            engine = create_engine(cluster.url("frontline_app"), connect_args={"options": options})
            yield engine
            engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def real() -> Iterator[Measurement]:
    """Yields measurements of real snapshots: import, decoding and comparison."""
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    with database() as engine:
        for folder, format_, assessor, reach in (
            ("deepstate-history", "deepstate", "deepstate", 0.7),
            ("deepstate-occupied-daily", "deepstate-daily", "deepstate-daily", 0.2),
        ):
            start = time.perf_counter()
            report = import_territory(engine, theatre, [DATA / folder], format_, TerritoryOptions(public=True))
            taken = time.perf_counter() - start
            target = 20 if format_ == "deepstate" else None
            yield Measurement(f"{folder}: imported", report.files / taken, "files/s", target, "at least")
            yield from _wire(engine, folder, assessor, reach)
            yield from _again(engine, theatre, folder, format_)
        yield from _change(engine)


def _wire(engine: Engine, folder: str, assessor: str, reach: float) -> Iterator[Measurement]:
    with Session(engine) as session:
        parts = [part for part in session.query(LineHistoryPart).order_by("position") if part.assessor == assessor]
        vertices = session.scalar(
            text("""
                SELECT sum(ST_NPoints(c.shape)) FROM frontline.control_area c
                JOIN frontline.assessment a ON a.id = c.assessment_id WHERE a.assessor = :assessor
            """),
            {"assessor": assessor},
        )
    size = sum(len(part.content) for part in parts)
    days = sum(len(part.assessments) for part in parts)
    yield Measurement(f"{folder}: history of {days} assessments, gzip", size / MB, "MB", reach)
    yield Measurement(f"{folder}: bits for each vertex of each assessment", 8 * size / float(vertices or 1), "bits")
    blocks = [gzip.decompress(part.content) for part in parts]
    yield from in_the_browser(folder, blocks)
    yield from drawing(folder, blocks)


def _again(engine: Engine, theatre: Any, folder: str, format_: str) -> Iterator[Measurement]:
    reports: list[TerritoryReport] = []
    taken = milliseconds(
        lambda: reports.append(
            import_territory(engine, theatre, [DATA / folder], format_, TerritoryOptions(public=True))
        ),
        1,
    )
    if set(reports[0].outcomes) != {"unchanged"}:
        raise AssertionError("the same files again were not a no-op")
    yield Measurement(f"{folder}: imported again, which changes nothing", taken[0], "ms")


def _change(engine: Engine) -> Iterator[Measurement]:
    def ends() -> tuple[TimeFilter, TimeFilter]:
        first, last = (day_start(parse_day(day)) for day in ("2025-05-28", "2025-07-27"))
        return TimeFilter(first, first, True), TimeFilter(last, last, True)

    with PublicReadSession(engine) as session:

        def compare() -> bytes:
            rows = [queries.assessment_at(session, "deepstate", end) for end in ends()]
            before, after = (row for row in rows if row is not None)
            areas = queries.area_shapes(session, [before.assessment_id, after.assessment_id])
            sides = (areas[before.assessment_id], areas[after.assessment_id])
            return to_json(describe_change((before, after), sides, HELD))

        compare()
        yield from spread("change between 28 May and 27 July 2025, nothing kept", milliseconds(compare, 20), 200)
