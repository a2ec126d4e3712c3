"""Server: tiles compared with tipg and pgbench on the same points, cached answers, queries,
overload, memory.

`BENCH_EVENTS` is the number of events, or several numbers (`1000000`; `1000000,10000000` compares
the two, and takes more than half an hour and 25 GB more). `BENCH_KEEP` names a directory that keeps
the databases for the next run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import statistics
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psycopg import ClientCursor

from app.database.engines import server_options
from app.events.filters import EventFilter
from app.events.tiles import TEMPLATE, tile_statements
from app.geo.tiles import Tile
from app.settings import PROJECT_DIRECTORY
from bench.http_load import send_once, send_pipelined, send_repeatedly, slowest_ms
from bench.overload import overload
from bench.report import Measurement, format_number, milliseconds
from bench.server_parts import Memory, bare_server, connect, database, frontline_server, tipg_server, wait_for_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.database.embedded import EmbeddedCluster

SAME: Final = PROJECT_DIRECTORY / "build" / "bench-sql"
MILLION: Final = 1_000_000
WINDOWS: Final = (30, 365)
TILES: Final = 12
DAYS: Final = 60
# It takes no more than 128. With few, chance decides how many of the dear tiles are among them.
PGBENCH_FILES: Final = 120


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter for each number of events, and how they grow."""
    kept = os.environ.get("BENCH_KEEP")
    sizes = [int(size) for size in os.environ.get("BENCH_EVENTS", str(MILLION)).split(",")]
    found: list[dict[str, Measurement]] = []
    for number, events in enumerate(sizes):
        found.append({})
        with database(events, kept=Path(kept) / str(events) if kept else None) as (cluster, folder, taken):
            for row in _chapter(cluster, folder, events, taken, peers=number == 0):
                found[-1][row.name] = row
                yield replace(row, name=f"{format_number(events)} events: {row.name}")
    for events, rows in zip(sizes[1:], found[1:], strict=True):
        for what, row in rows.items():
            before = found[0].get(what)
            if before is not None and before.value and row.unit in {"ms", "requests/s"}:
                yield Measurement(
                    f"from {format_number(sizes[0])} to {format_number(events)} events: {what}",
                    row.value / before.value,
                    "times",
                )


def _chapter(
    cluster: EmbeddedCluster, folder: Path, events: int, taken: float | None, *, peers: bool
) -> Iterator[Measurement]:
    large = events > MILLION
    if taken is not None:
        yield Measurement("made, with all indexes, points and tallies", taken, "s", 1_500 if large else None)
        yield Measurement("made, each second", events / taken, "events/s")
    yield from _point_rate(cluster)
    with frontline_server(folder) as (base, pid):
        memory = Memory(pid)
        yield Measurement("web process: proportional memory at the beginning", memory.now_mb(), "MB", 200)
        yield Measurement("until the columns of all events are made, meanwhile", wait_for_columns(cluster), "s")
        yield from _tiles(cluster, base, peers=peers)
        yield from _cached(cluster, base)
        yield _histogram_in_sql(cluster)
        yield from _measure_queries(base, QUERIES, large=large)
        yield from _everywhere(base)
        if peers:
            yield from overload(base, pid)
        yield Measurement("the slowest answer of all the above", slowest_ms[base], "ms", 2_000)
        yield Measurement("web process: most proportional memory of all the above", memory.end(), "MB", 200)


def _busy_tiles(cluster: EmbeddedCluster, z: int) -> list[Tile]:
    """Returns tiles with events, always the same ones."""
    with connect(cluster, "frontline_owner") as asked:
        rows = asked.execute(
            "SELECT x >> %(s)s, y >> %(s)s FROM frontline.event_point WHERE starts"
            " ORDER BY md5(morton::text), id LIMIT %(n)s",
            {"s": 30 - z, "n": TILES},
        ).fetchall()
    return [Tile(z, x, y) for x, y in dict.fromkeys(rows)]


def _windows(days: int) -> list[str]:
    """Returns different windows of some days, so that no answer is cached."""
    last = dt.date(2026, 6, 30)
    ends = [last - dt.timedelta(days=17 * number % 400) for number in range(DAYS)]
    return [f"{end - dt.timedelta(days=days - 1)}/{end}" for end in ends]


def _tiles(cluster: EmbeddedCluster, base: str, *, peers: bool = True) -> Iterator[Measurement]:
    """Yields measurements of tiles that are not cached: ours, tipg's and pgbench's, with equal
    attributes and windows.
    """
    with tipg_of(cluster) if peers else contextlib.nullcontext() as peer:
        for z in (6, 8, 10, 12):
            tiles = _busy_tiles(cluster, z)
            for days in WINDOWS:
                asked = [(tile, window) for window in _windows(days) for tile in tiles]
                random.Random(z).shuffle(asked)  # noqa: S311 - no secret
                yield from _one_kind(cluster, base, peer, f"tile z{z}, {days} days", asked)


def _one_kind(
    cluster: EmbeddedCluster, base: str, peer: str | None, what: str, asked: list[tuple[Tile, str]]
) -> Iterator[Measurement]:
    goal = "z10, 365" in what
    limit = _pgbench(cluster, asked)
    # Each address just once, or it would be answered from memory.
    mine = send_once(base, [f"{TEMPLATE.format(z=one.z, y=one.y, x=one.x)}?datetime={days}" for one, days in asked])
    if set(mine.statuses) != {200}:
        raise AssertionError(f"{what}: {mine.statuses}")
    yield Measurement(f"{what}: pgbench with the same SQL", limit, "requests/s")
    yield Measurement(f"{what}: ours, never asked for before", mine.per_second(), "requests/s")
    yield Measurement(f"{what}: ours, 95th percentile", mine.p95_ms(), "ms")
    yield Measurement(f"{what}: ours to pgbench", mine.per_second() / limit, "times", 0.6 if goal else None, "at least")
    if peer is None:
        return
    other = send_repeatedly(
        peer,
        [
            f"/collections/bench.event_tile/tiles/WebMercatorQuad/{one.z}/{one.x}/{one.y}"
            f"?datetime={days.replace('/', 'T00:00:00Z%2F')}T00:00:00Z&datetime-column=day"
            for one, days in asked
        ],
        seconds=3,
    )
    if not set(other.statuses) <= {200, 204}:
        raise AssertionError(f"{what}: {other.statuses}")
    theirs = other.per_second() + other.per_second(204)
    yield Measurement(f"{what}: tipg", theirs, "requests/s")
    yield Measurement(f"{what}: tipg, 95th percentile", other.p95_ms(), "ms")
    yield Measurement(f"{what}: ours to tipg", mine.per_second() / theirs, "times", 5 if goal else None, "at least")


@contextlib.contextmanager
def tipg_of(cluster: EmbeddedCluster) -> Iterator[str]:
    """Serve the points with tipg, from a table with geometries that is made when it is missing."""
    _peer_table(cluster)
    with tipg_server(cluster) as peer:
        yield peer


def _peer_table(cluster: EmbeddedCluster) -> None:
    """Creates the table for tipg: the same rows and attributes, with a geometry and days as
    timestamps.
    """
    with connect(cluster, "frontline_owner") as made:
        made.execute("CREATE SCHEMA IF NOT EXISTS bench")
        if made.execute("SELECT to_regclass('bench.event_tile')").fetchone() != (None,):
            return
        made.execute("""
            CREATE TABLE bench.event_tile AS
            SELECT p.id, p.category, p.actor, p.affected, p.verification, p.time_precision, p.precision_m,
                p.day::timestamptz AS day, p.days, ST_PointOnSurface(e.shape)::geometry(Point, 4326) AS geom
            FROM frontline.event_point p JOIN frontline.event e USING (id) WHERE p.starts ORDER BY p.morton
        """)
        made.execute("ALTER TABLE bench.event_tile ADD PRIMARY KEY (id)")
        made.execute("CREATE INDEX ON bench.event_tile USING gist (geom)")
        made.execute("CREATE INDEX ON bench.event_tile (day)")
        made.execute("VACUUM (ANALYZE) bench.event_tile")


def _pgbench(cluster: EmbeddedCluster, asked: list[tuple[Tile, str]], seconds: int = 3) -> float:
    """Runs the statements of tiles with pgbench and two clients; returns tiles per second."""
    SAME.mkdir(parents=True, exist_ok=True)
    files = []
    with connect(cluster, "frontline_public") as writing:
        cursor = ClientCursor(writing)
        for number, (tile, window) in enumerate(asked[:PGBENCH_FILES]):
            file = SAME / f"{number}.sql"
            file.write_text(";\n".join((*_statements(cursor, tile, window), "")), "utf-8")
            files.append(file)
    command = [
        *(cluster.bin_directory / "pgbench", "-n", "-c", "2", "-T", str(seconds), "-h", cluster.socket_directory),
        *("-p", str(cluster.port), "-U", "frontline_public"),
        *(part for file in files for part in ("-f", file)),
        "frontline",
    ]
    options = server_options(statement_seconds=0, lock_seconds=10)
    done = subprocess.run(  # noqa: S603 - ours
        command, capture_output=True, text=True, check=True, env=os.environ | {"PGOPTIONS": options}
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])


def _statements(cursor: ClientCursor[Any], tile: Tile, window: str) -> Iterator[str]:
    """Yields the statements that the server runs for a tile, each on one line."""
    asking = tile_statements(tile, EventFilter.model_validate({"datetime": window}))
    statement, _ = next(asking)
    with contextlib.suppress(StopIteration):
        while True:
            text = cursor.mogrify(*statement)
            yield " ".join(text.split())
            statement, _ = asking.send(cursor.execute(text).fetchone())


def _cached(cluster: EmbeddedCluster, base: str) -> Iterator[Measurement]:
    """Yields measurements of a cached tile and of a 304, and of the smallest answer through
    routing.
    """
    chosen = None
    for tile in _busy_tiles(cluster, 12):
        path = f"{TEMPLATE.format(z=12, y=tile.y, x=tile.x)}?datetime=2026-01-01/2026-03-31"
        with urllib.request.urlopen(base + path) as answer:  # noqa: S310 - loopback
            tag, size = answer.headers["ETag"], len(answer.read())
        if chosen is None or abs(size - 20_000) < abs(chosen[2] - 20_000):
            chosen = (path, tag, size)
    if chosen is None:
        raise AssertionError("there are no tiles")
    path, tag, size = chosen
    routed = send_pipelined(base, "/livez").per_second()
    yield Measurement("an answer of three bytes through routing (/livez)", routed, "requests/s")
    with bare_server(size) as limit:
        least = send_pipelined(limit, "/").per_second()
        yield Measurement("as many bytes from uvicorn with no application", least, "requests/s")
        for what, headers, status in (
            ("cached tile of about 20 kB", "", 200),
            ("cached tile, gzipped", "Accept-Encoding: gzip\r\n", 200),
            ("cached tile that the browser has (304)", f"If-None-Match: {tag}\r\n", 304),
        ):
            # In turn, since what else the machine does changes from second to second.
            rates, leasts = [], []
            for _ in range(3):
                leasts.append(send_pipelined(limit, "/", seconds=1.5).per_second())
                rates.append(send_pipelined(base, path, headers=headers, seconds=1.5).per_second(status))
            rate = statistics.median(rates)
            yield Measurement(what, rate, "requests/s", 15_000, "at least")
            yield Measurement(f"{what}: to routing", rate / routed, "times")
            yield Measurement(f"{what}: to uvicorn with no application", rate / statistics.median(leasts), "times")


QUERIES: Final = {
    "the page with the map": ("/", None, None),
    "the columns' parts, of all events": ("/api/collections/events/columns/parts", None, None),
    "items: box, dates, category, newest 100": (
        "/api/collections/events/items?bbox=36.9,47.9,37.6,48.4&datetime=2026-01-01/2026-03-31&category=strike",
        20,
        40,
    ),
    "histogram, all": ("/api/collections/events/histogram", None, None),
    "histogram of a category and a year": (
        "/api/collections/events/histogram?category=strike&datetime=2025-07-01/2026-06-30",
        None,
        None,
    ),
    "histogram of a box": ("/api/collections/events/histogram?bbox=36.9,47.9,37.6,48.4", None, None),
    "spot: events within 500 m, a week": (
        "/api/collections/events/items?near=37.13,48.25,500&datetime=2026-03-01/2026-03-07",
        None,
        None,
    ),
    "text: a rare word": ("/api/collections/events/items?q=2999", None, None),
    "text: a common word and a box": (
        "/api/collections/events/items?q=strike&bbox=36.9,47.9,37.6,48.4&limit=100",
        None,
        None,
    ),
}


def _histogram_in_sql(cluster: EmbeddedCluster) -> Measurement:
    statement = (
        "SELECT facet, year, days FROM public_event_tally WHERE level = 0 AND cell = 0"
        " AND facet = ANY (%s) AND year >= 2022 AND year <= 2026"
    )
    with connect(cluster, "frontline_public") as asked:
        taken = milliseconds(
            lambda: asked.execute(statement, (["", "longer/", "month/", "year/"],), binary=True).fetchall(), 50
        )
    return Measurement("histogram in SQL, all events, all days, median", statistics.median(taken), "ms", 1)


def _measure_queries(
    base: str, questions: dict[str, tuple[str, int | None, int | None]], *, large: bool = True
) -> Iterator[Measurement]:
    """Yields measurements of queries over HTTP, one after the other."""
    for what, (path, reach, reach_large) in questions.items():
        send_repeatedly(base, [path], connections=1, seconds=0.2)
        load = send_repeatedly(base, [path], connections=1, seconds=2)
        yield Measurement(f"{what}, 95th percentile", load.p95_ms(), "ms", reach_large if large else reach)
        if set(load.statuses) != {200}:  # told, since the other figures of a large database take an hour to get again
            answered = 100 * load.statuses.get(200, 0) / sum(load.statuses.values())
            yield Measurement(f"{what}: answered", answered, "%", 100, "at least")


def _everywhere(base: str) -> Iterator[Measurement]:
    """Yields measurements of opening, panning and filtering a map: no request may take long."""
    filters = (
        "",
        "category=strike.drone",
        "side=ua",
        "verification=confirmed",
        "side=ua&verification=confirmed",
        "q=sector",
    )
    paths = []
    for number, query in enumerate(filters):
        for z, y, x in (
            (0, 0, 0),
            (2, 1, 2),
            (4, 5, 9),
            (5, 11, 19),
            (6, 22, 38),
            (7, 44, 76),
            (8, 88, 153),
            (10, 354, 617),
        ):
            for window in ("", f"datetime=2024-0{number + 1}-03/2025-0{number + 1}-17"):
                paths.append(f"{TEMPLATE.format(z=z, y=y, x=x)}?{'&'.join(part for part in (query, window) if part)}")
    load = send_once(base, paths, connections=1)
    yield Measurement(
        f"{len(paths)} tiles of all zooms and filters: the longest", max(ms for _, ms in load.took_ms), "ms", 2_000
    )
    yield Measurement("the same: answered", load.statuses.get(200, 0) / len(paths) * 100, "%", 100, "at least")


def _point_rate(cluster: EmbeddedCluster) -> Iterator[Measurement]:
    """Yields how fast COPY fills the table of points, with the same indexes."""
    with connect(cluster, "frontline_owner") as made, tempfile.TemporaryFile() as file:
        with made.cursor() as cursor:
            with cursor.copy(
                "COPY (SELECT * FROM frontline.event_point LIMIT 200000) TO STDOUT (FORMAT binary)"
            ) as out:
                for block in out:
                    file.write(block)
            cursor.execute("CREATE SCHEMA IF NOT EXISTS bench")
            cursor.execute("DROP TABLE IF EXISTS bench.point")
            cursor.execute("CREATE TABLE bench.point (LIKE frontline.event_point INCLUDING ALL)")
            file.seek(0)
            start = time.perf_counter()
            with cursor.copy("COPY bench.point FROM STDIN (FORMAT binary)") as into:
                while block := file.read(1 << 20):
                    into.write(block)
            taken = time.perf_counter() - start
            count = cursor.execute("SELECT count(*) FROM bench.point").fetchone()
            cursor.execute("DROP TABLE bench.point")
        yield Measurement("points by COPY into live indexes", (count or (0,))[0] / taken, "rows/s", 100_000, "at least")
