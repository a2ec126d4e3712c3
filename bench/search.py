"""Search: many filters answered in columns at the same time, over as many events as the real data
set has.

`BENCH_KEEP` names a directory in which the database stays for the next time, as for the chapter
`server`.
"""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from app.geo.event_columns import decode
from bench.http_load import send_in_groups
from bench.report import Measurement
from bench.server_parts import Memory, database, frontline_server, wait_for_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EVENTS: Final = 31_000
AT_ONCE: Final = 12
ROUNDS: Final = 10
_COLUMNS: Final = "/api/collections/events/columns"
# Titles of synthetic events are "Synthetic: <category>, sector <number>". Each list has twelve
# different searches.
_RARE: Final = [f"{_COLUMNS}?q={quote(f'clash sector {number}')}" for number in range(100, 100 + AT_ONCE)]
_COMMON: Final = [f"{_COLUMNS}?q={quote(f'drone sector {number}')}" for number in range(1, 1 + AT_ONCE)]
_MOST: Final = [f"{_COLUMNS}?q=synthetic&datetime=2022-02-{24 + number % 4}/.." for number in range(AT_ONCE)]


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter."""
    kept = os.environ.get("BENCH_KEEP")
    with (
        database(EVENTS, kept=Path(kept) / str(EVENTS) if kept else None) as (cluster, folder, _),
        frontline_server(folder) as (base, pid),
    ):
        wait_for_columns(cluster)
        memory = Memory(pid)
        yield Measurement("web process: proportional memory before", memory.now_mb(), "MB")
        yield from _searches(base, "rare words", _RARE, ROUNDS, 150)
        yield from _searches(base, "common words", _COMMON, ROUNDS, 150)
        yield from _searches(base, "a word of all events", _MOST, 2, None)
        yield Measurement("web process: most proportional memory of all the above", memory.end(), "MB", 200)


def _searches(base: str, what: str, paths: Sequence[str], rounds: int, limit_ms: float | None) -> Iterator[Measurement]:
    with urllib.request.urlopen(base + paths[0]) as response:  # noqa: S310 - loopback
        yield Measurement(f"{what}: events found by the first search", len(decode(response.read())), "")
    alone = send_in_groups(base, paths, at_once=1)
    yield Measurement(f"{what}: one at a time, 95th percentile", alone.p95_ms(), "ms")
    # Each round asks for other days, none of which exclude an event: the server keeps responses.
    again = [f"{path}&datetime=../{2100 + round_}-01-01" for round_ in range(rounds) for path in paths]
    load = send_in_groups(base, again, at_once=AT_ONCE)
    if 200 in load.statuses:
        yield Measurement(f"{what}: {AT_ONCE} at once, 95th percentile", load.p95_ms(), "ms", limit_ms)
    yield Measurement(f"{what}: {AT_ONCE} at once, answered", load.per_second(), "requests/s")
    failed = sum(load.statuses.values()) - load.statuses.get(200, 0)
    yield Measurement(f"{what}: {AT_ONCE} at once, not answered", failed, "requests", None if limit_ms is None else 0)
