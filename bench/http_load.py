"""A client that asks a server on this machine as fast as it answers: few connections, next to no
work of its own.
"""

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
    """What came of it: statuses, milliseconds of each answer, seconds in all, and how late the
    client itself was.
    """

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    took_ms: list[tuple[int, float]] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    base: str = ""

    def note(self, status: int, seconds: float) -> None:
        """Note an answer."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.took_ms.append((status, 1000 * seconds))
        slowest_ms[self.base] = max(slowest_ms.get(self.base, 0.0), 1000 * seconds)

    def per_second(self, status: int = 200) -> float:
        """Give answers of a status a second."""
        return self.statuses.get(status, 0) / self.seconds

    def p95_ms(self, status: int = 200) -> float:
        """Give the 95th percentile of the times of answers of a status, in milliseconds."""
        return _p95(took for answered, took in self.took_ms if answered == status)

    def client_p95_ms(self) -> float:
        """Give the 95th percentile of how late the client was, in milliseconds: a part of what its
        answers took.
        """
        return _p95(self.late_ms)


def _p95(numbers: Iterable[float]) -> float:
    ordered = sorted(numbers)
    return ordered[max(0, round(0.95 * len(ordered)) - 1)] if ordered else float("nan")


def request_of(path: str, host: str, headers: str = "") -> bytes:
    """Write a request."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer, and give its status."""
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


def once(base: str, paths: Sequence[str], *, connections: int = 2) -> Load:
    """Ask for each address just once, the connections sharing them out."""
    load, host = Load(base=base), urlsplit(base)
    waiting = [request_of(path, host.netloc) for path in reversed(paths)]

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        while waiting:
            start = time.perf_counter()
            writer.write(waiting.pop())
            status = await _answer(reader)
            load.note(status, time.perf_counter() - start)
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(connections)))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def together(base: str, paths: Sequence[str], *, at_once: int) -> Load:
    """Sends requests in groups, each request on a connection of its own. A group starts when the
    last one has ended.
    """
    load, host = Load(base=base), urlsplit(base)

    async def one(path: str) -> None:
        reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
        start = time.perf_counter()
        writer.write(request_of(path, host.netloc, "Accept-Encoding: br\r\n"))
        load.note(await _answer(reader), time.perf_counter() - start)
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        for first in range(0, len(paths), at_once):
            await asyncio.gather(*map(one, paths[first : first + at_once]))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def ask(base: str, paths: Sequence[str], *, connections: int = 2, seconds: float = 4.0, headers: str = "") -> Load:
    """Ask for addresses one after the other, each connection as soon as it has its answer, for some
    seconds.
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
            load.note(status, time.perf_counter() - start)
            turn += 1
        writer.close()

    async def run() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(one(number, start + seconds) for number in range(connections)))
        load.seconds = time.perf_counter() - start

    asyncio.run(run())
    return load


def flood(base: str, path: str, *, headers: str = "", seconds: float = 3.0, batch: int = 200) -> Load:
    """Ask for one address in batches on one connection (pipelining), so that the client is not what
    is measured.
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


def arrivals(base: str, paths: Sequence[str], *, a_second: float, seconds: float) -> Load:
    """Ask at a rate, whether answers come or not, each on a connection of its own kept for the next
    one.

    An answer takes from when its request was written; how late this client was at its own timers is
    told beside it.
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
        load.note(status, time.perf_counter() - start)

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
