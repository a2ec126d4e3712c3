"""A load generator for a server on this machine: few connections, and little work per request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# The most milliseconds that any answer of a server took, by its address.
slowest_ms: dict[str, float] = {}


@dataclass
class Load:
    """The result of a load test: statuses, milliseconds of each answer, duration, and delays of the
    client itself.
    """

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    took_ms: list[tuple[int, float]] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    base: str = ""

    def record(self, status: int, seconds: float) -> None:
        """Records a response."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.took_ms.append((status, 1000 * seconds))
        slowest_ms[self.base] = max(slowest_ms.get(self.base, 0.0), 1000 * seconds)

    def per_second(self, status: int = 200) -> float:
        """Returns the number of responses with a status per second."""
        return self.statuses.get(status, 0) / self.seconds

    def p95_ms(self, status: int = 200) -> float:
        """Returns the 95th percentile of the times of responses with a status, in milliseconds."""
        return _p95(took for answered, took in self.took_ms if answered == status)

    def client_p95_ms(self) -> float:
        """Returns the 95th percentile of the delays of the client in milliseconds; they are part of
        its times.
        """
        return _p95(self.late_ms)


def _p95(numbers: Iterable[float]) -> float:
    ordered = sorted(numbers)
    return ordered[max(0, round(0.95 * len(ordered)) - 1)] if ordered else float("nan")


def request_of(path: str, host: str, headers: str = "") -> bytes:
    """Returns a request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Reads one response and returns its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    _, found, rest = head.partition(b"content-length:")
    if found:
        await reader.readexactly(int(rest.partition(b"\r\n")[0]))
    elif b"transfer-encoding: chunked" in head:
        while size := int((await reader.readuntil(b"\r\n")).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    return status


def send_once(base: str, paths: Sequence[str], *, connections: int = 2) -> Load:
    """Requests each path once; the connections share them."""
    load, host = Load(base=base), urlsplit(base)
    waiting = [request_of(path, host.netloc) for path in reversed(paths)]

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        while waiting:
            start = time.perf_counter()
            writer.write(waiting.pop())
            status = await _answer(reader)
            load.record(status, time.perf_counter() - start)
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(connections)))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def send_in_groups(base: str, paths: Sequence[str], *, at_once: int) -> Load:
    """Sends requests in groups, each request on a connection of its own. A group starts when the
    last one has ended.
    """
    load, host = Load(base=base), urlsplit(base)

    async def one(path: str) -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        start = time.perf_counter()
        writer.write(request_of(path, host.netloc, "Accept-Encoding: br\r\n"))
        load.record(await _answer(reader), time.perf_counter() - start)
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        for first in range(0, len(paths), at_once):
            await asyncio.gather(*map(one, paths[first : first + at_once]))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def send_repeatedly(
    base: str, paths: Sequence[str], *, connections: int = 2, seconds: float = 4.0, headers: str = ""
) -> Load:
    """Requests paths in turn for some seconds; each connection sends the next request after its
    answer.
    """
    load, host = Load(base=base), urlsplit(base)
    requests = [request_of(path, host.netloc, headers) for path in paths]

    async def one(number: int, end: float) -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        turn = number * len(requests) // connections
        while time.perf_counter() < end:
            start = time.perf_counter()
            writer.write(requests[turn % len(requests)])
            status = await _answer(reader)
            load.record(status, time.perf_counter() - start)
            turn += 1
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(one(number, start + seconds) for number in range(connections)))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def send_pipelined(base: str, path: str, *, headers: str = "", seconds: float = 3.0, batch: int = 200) -> Load:
    """Requests one path in pipelined batches on one connection, so that the client is not the
    bottleneck.
    """
    load, host = Load(base=base), urlsplit(base)

    async def run() -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        request = request_of(path, host.netloc, headers)
        writer.write(request)
        status = await _answer(reader)
        start = time.perf_counter()
        while time.perf_counter() < start + seconds:
            writer.write(request * batch)
            for _ in range(batch):
                if await _answer(reader) != status:
                    raise AssertionError("answers differ")
            load.statuses[status] = load.statuses.get(status, 0) + batch
        load.seconds = time.perf_counter() - start
        writer.close()

    asyncio.run(run())
    return load


def send_at_rate(base: str, paths: Sequence[str], *, a_second: float, seconds: float) -> Load:
    """Sends requests at a fixed rate, each on an idle or new connection.

    The time of an answer starts when its request is written. Delays of the timers of this client
    are recorded, too.
    """
    load, host = Load(base=base), urlsplit(base)
    requests = [request_of(path, host.netloc) for path in paths]
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def one(request: bytes) -> None:
        stream = idle.pop() if idle else await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        start = time.perf_counter()
        stream[1].write(request)
        status = await _answer(stream[0])
        idle.append(stream)
        load.record(status, time.perf_counter() - start)

    async def watch() -> None:
        while True:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            load.late_ms.append(1000 * (time.perf_counter() - due))

    async def run() -> None:
        start = time.perf_counter()
        watching = asyncio.create_task(watch())
        tasks = []
        for number in range(int(a_second * seconds)):
            wait = start + number / a_second - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(one(requests[number % len(requests)])))
        await asyncio.gather(*tasks)
        load.seconds = time.perf_counter() - start
        watching.cancel()

    asyncio.run(run())
    return load
