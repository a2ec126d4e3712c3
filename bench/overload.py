"""Overload: three times as many requests as the server can answer.

The speed of a shared machine changes from second to second. So capacity is measured before and
after each overload, and the median of several rounds is reported, with the lowest and the highest
value.
"""

from __future__ import annotations

import os
import resource
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.http_load import Load, send_at_rate, send_repeatedly
from bench.report import Measurement

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
    """Requests per second that can be answered, and processor time of the server for each, in
    milliseconds.
    """

    per_second: float
    each_ms: float


@dataclass(frozen=True)
class _Round:
    """Capacity before and after an overload, its result, and the processor time of server and
    client.
    """

    before: _Capacity
    after: _Capacity
    load: Load
    server_seconds: float
    client_seconds: float

    @property
    def answered(self) -> float:
        """Returns the share of capacity that was answered, in per cent."""
        return 100 * self.load.per_second() / ((self.before.per_second + self.after.per_second) / 2)

    @property
    def each_ms(self) -> float:
        """Returns the processor time of the server per answered request, in milliseconds."""
        return 1000 * self.server_seconds / max(1, self.load.statuses.get(200, 0))


def overload(base: str, pid: int) -> Iterator[Measurement]:
    """Yields the measurements of an overload.

    Args:
        base: URL of the server.
        pid: its process.
    """
    rounds = []
    before = _capacity(base, pid)
    for _ in range(_ROUNDS):
        server, client = _processor_seconds(pid), _own_processor_seconds()
        load = send_at_rate(base, _PATHS, a_second=_TIMES * before.per_second, seconds=4)
        server, client = _processor_seconds(pid) - server, _own_processor_seconds() - client
        after = _capacity(base, pid)
        rounds.append(_Round(before, after, load, server, client))
        before = after
    yield from _summarize(rounds)


def _capacity(base: str, pid: int) -> _Capacity:
    server = _processor_seconds(pid)
    load = send_repeatedly(base, _PATHS, connections=_CONNECTIONS, seconds=3)
    if set(load.statuses) != {200}:
        raise AssertionError(load.statuses)
    return _Capacity(load.per_second(), 1000 * (_processor_seconds(pid) - server) / load.statuses[200])


def _summarize(rounds: list[_Round]) -> Iterator[Measurement]:
    middle = statistics.median
    answered = [one.answered for one in rounds]
    within = [rounds[0].before, *(one.after for one in rounds)]
    capacities = [one.per_second for one in within]
    yield Measurement("capacity for items of a day, median", middle(capacities), "requests/s")
    yield Measurement("capacity for items of a day, lowest", min(capacities), "requests/s")
    yield Measurement("capacity for items of a day, highest", max(capacities), "requests/s")
    yield Measurement("at three times that: answered, of capacity, median", middle(answered), "%", 80, "at least")
    yield Measurement("at three times that: answered, of capacity, lowest", min(answered), "%")
    yield Measurement("at three times that: answered, of capacity, highest", max(answered), "%")
    # The refusals, and whatever else it costs the server that more ask.
    yield Measurement(
        "processor time of the server for each answer, at capacity", middle(one.each_ms for one in within), "ms"
    )
    yield Measurement("the same, at three times that", middle(one.each_ms for one in rounds), "ms")
    # It shares the processors with the server and the database.
    client = middle(one.client_seconds / one.load.seconds for one in rounds)
    yield Measurement("meanwhile: processors that the client took", client, "processors")
    yield Measurement("the others: 503, 95th percentile", middle(one.load.p95_ms(503) for one in rounds), "ms", 100)
    yield Measurement(
        "the client's own share of that, about: its lateness, 95th percentile",
        middle(one.load.client_p95_ms() for one in rounds),
        "ms",
    )
    others = sum(count for one in rounds for status, count in one.load.statuses.items() if status not in {200, 503})
    yield Measurement("answers that are neither", others, "", 0)


def _processor_seconds(pid: int) -> float:
    """Returns the processor time of a process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
