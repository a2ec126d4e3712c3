"""Overload: three times as many requests as can be answered, each time against what could be
answered just then.

A machine that others use answers half as many in one second as in the next. So capacity is measured
before and after each overload, and the middle of several rounds is told, with the lowest and the
highest beside it.
"""

from __future__ import annotations

import os
import resource
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.http_load import Load, arrivals, ask
from bench.report import Measured

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDS: Final = 5
_TIMES: Final = 3
_CONNECTIONS: Final = 8
_PATHS: Final = [
    f"/api/collections/events/items?limit=20&datetime=2025-{month:02}-{day:02}"
    for month in range(1, 13)
    for day in (3, 17)
]


@dataclass(frozen=True)
class _Capacity:
    """What can be answered, in requests a second, and the processor time of the server for each, in
    milliseconds.
    """

    per_second: float
    each_ms: float


@dataclass(frozen=True)
class _Round:
    """What could be answered before and after, what came of three times as much, and its processor
    seconds.
    """

    before: _Capacity
    after: _Capacity
    load: Load
    server_seconds: float
    client_seconds: float

    @property
    def answered(self) -> float:
        """Give how much of capacity was answered, in per cent."""
        return 100 * self.load.per_second() / ((self.before.per_second + self.after.per_second) / 2)

    @property
    def each_ms(self) -> float:
        """Give the processor time of the server for each request that was answered, in
        milliseconds.
        """
        return 1000 * self.server_seconds / max(1, self.load.statuses.get(200, 0))


def overload(base: str, pid: int) -> Iterator[Measured]:
    """Ask three times as much as can be answered.

    Args:
        base: address of the server.
        pid: its process.
    """
    rounds = []
    before = _capacity(base, pid)
    for _ in range(_ROUNDS):
        server, client = _processor_seconds(pid), _own_processor_seconds()
        load = arrivals(base, _PATHS, a_second=_TIMES * before.per_second, seconds=4)
        server, client = _processor_seconds(pid) - server, _own_processor_seconds() - client
        after = _capacity(base, pid)
        rounds.append(_Round(before, after, load, server, client))
        before = after
    yield from _told(rounds)


def _capacity(base: str, pid: int) -> _Capacity:
    server = _processor_seconds(pid)
    load = ask(base, _PATHS, connections=_CONNECTIONS, seconds=3)
    if set(load.statuses) != {200}:
        raise AssertionError(load.statuses)
    return _Capacity(load.per_second(), 1000 * (_processor_seconds(pid) - server) / load.statuses[200])


def _told(rounds: list[_Round]) -> Iterator[Measured]:
    middle = statistics.median
    answered = [one.answered for one in rounds]
    within = [rounds[0].before, *(one.after for one in rounds)]
    capacities = [one.per_second for one in within]
    yield Measured("capacity for items of a day, median", middle(capacities), "requests/s")
    yield Measured("capacity for items of a day, lowest", min(capacities), "requests/s")
    yield Measured("capacity for items of a day, highest", max(capacities), "requests/s")
    yield Measured("at three times that: answered, of capacity, median", middle(answered), "%", 80, "at least")
    yield Measured("at three times that: answered, of capacity, lowest", min(answered), "%")
    yield Measured("at three times that: answered, of capacity, highest", max(answered), "%")
    # The refusals, and whatever else it costs the server that more ask.
    yield Measured(
        "processor time of the server for each answer, at capacity", middle(one.each_ms for one in within), "ms"
    )
    yield Measured("the same, at three times that", middle(one.each_ms for one in rounds), "ms")
    # It shares the processors with the server and the database.
    client = middle(one.client_seconds / one.load.seconds for one in rounds)
    yield Measured("meanwhile: processors that the client took", client, "processors")
    yield Measured("the others: 503, 95th percentile", middle(one.load.p95_ms(503) for one in rounds), "ms", 100)
    yield Measured(
        "the client's own share of that, about: its lateness, 95th percentile",
        middle(one.load.client_p95_ms() for one in rounds),
        "ms",
    )
    others = sum(count for one in rounds for status, count in one.load.statuses.items() if status not in {200, 503})
    yield Measured("answers that are neither", others, "", 0)


def _processor_seconds(pid: int) -> float:
    """Give the seconds that a process has had of processors."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
