"""Attacks on a server of this machine, and a reader beside them.

Each attack is bounded in connections, bytes and time, and goes to a loopback address, from several
loopback addresses. The sockets of an attacker stay open until the block of `attacking` ends, so
that only the server can end them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

EVENTS: Final = "/api/collections/events"
_READ_SECONDS: Final = 30.0


@dataclass
class Target:
    """The server that is attacked.

    Attributes:
        base: its URL, with a loopback address.
        scale: of the number of connections and bytes: 1 for `make attack`, less in tests.
        sockets: that the attackers opened.
    """

    base: str
    scale: float = 1.0
    sockets: list[socket.socket] = field(default_factory=list)
    _sources: itertools.cycle[int] = field(default_factory=lambda: itertools.cycle(range(2, 12)))

    @property
    def address(self) -> tuple[str, int]:
        """The host and port."""
        parts = urlsplit(self.base)
        assert parts.hostname is not None  # noqa: S101 - for the type checker
        assert parts.hostname.startswith("127.")  # noqa: S101 - attacks never leave this machine
        assert parts.port is not None  # noqa: S101 - for the type checker
        return parts.hostname, parts.port

    def many(self, number: int) -> int:
        """Scales a number."""
        return max(1, round(number * self.scale))

    async def connect(self, *, receive_bytes: int | None = None) -> socket.socket:
        """Opens a connection from the next loopback address."""
        client = socket.socket()
        self.sockets.append(client)
        client.setblocking(False)
        if receive_bytes is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        client.bind((f"127.0.1.{next(self._sources)}", 0))
        await asyncio.get_running_loop().sock_connect(client, self.address)
        return client

    async def send(self, client: socket.socket, content: bytes) -> None:
        """Sends bytes; the server may end the connection meanwhile."""
        with contextlib.suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(client, content)

    async def request(self, path: str, method: str = "GET", fields: str = "", body: bytes = b"") -> int:
        """Makes a request on a connection of its own. Returns the status, 0 without response."""
        loop = asyncio.get_running_loop()
        client = await self.connect()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}{length}Connection: close\r\n\r\n"
        await self.send(client, head.encode() + body)
        received = b""
        with contextlib.suppress(ConnectionError):
            while piece := await loop.sock_recv(client, 65536):
                received = received[:16] + piece if received else piece
                received = received[:16] if len(received) >= 16 else received
        client.close()
        self.sockets.remove(client)
        return int(received[9:12] or b"0")

    def close(self) -> None:
        """Closes all sockets."""
        while self.sockets:
            self.sockets.pop().close()


Attack = Callable[[Target], Coroutine[Any, Any, None]]


async def silent_bodies(target: Target) -> None:
    """Connections announce a body, and send one byte of it."""
    for _ in range(target.many(300)):
        client = await target.connect()
        head = b"POST /api/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        await target.send(client, head + b"Content-Length: 1000\r\n\r\n{")


async def half_heads(target: Target) -> None:
    """Connections send half a request, and a byte each second."""
    clients = [await target.connect() for _ in range(target.many(300))]
    for client in clients:
        await target.send(client, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Field: ")
    while True:
        await asyncio.sleep(1)
        for client in clients:
            await target.send(client, b"a")


async def silence(target: Target) -> None:
    """Connections send nothing."""
    for _ in range(target.many(300)):
        await target.connect()


async def slow_readers(target: Target) -> None:
    """Connections request large responses, pipelined, and read nothing."""
    requests = f"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\nGET {EVENTS}/items?limit=1000 HTTP/1.1\r\n"
    for _ in range(target.many(150)):
        client = await target.connect(receive_bytes=4096)
        await target.send(client, (requests + "Host: localhost\r\n\r\n").encode() * 5)


async def endless_heads(target: Target) -> None:
    """Four connections send 300 MB of header fields each: many fields, and one large field."""
    line = b"X-Field: " + b"a" * 65_000 + b"\r\n"

    async def flood(piece: bytes) -> None:
        client = await target.connect()
        await target.send(client, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-First: ")
        for _ in range(target.many(300_000_000) // len(piece)):
            try:
                await asyncio.get_running_loop().sock_sendall(client, piece)
            except ConnectionError:
                return

    await asyncio.gather(*(flood(piece) for piece in (line, b"a" * 65_000) * 2))


async def _repeat(target: Target, clients: int, request: Callable[[], Awaitable[int]]) -> None:
    """Makes requests, as many at the same time as there are clients, until it is cancelled."""

    async def one() -> None:
        while True:
            await request()

    await asyncio.gather(*(one() for _ in range(target.many(clients))))


async def random_searches(target: Target) -> None:
    """Forty clients search for words that nobody has searched for."""
    await _repeat(target, 40, lambda: target.request(f"{EVENTS}/columns?q={secrets.token_hex(3)}"))


async def common_searches(target: Target) -> None:
    """Forty clients search for a word that is everywhere, and never twice for the same days."""
    days = itertools.count()
    await _repeat(
        target,
        40,
        lambda: target.request(f"{EVENTS}/columns?q=sector&bbox=22.1,44.3,40.2,52.{next(days):07}"),
    )


async def wrong_sign_ins(target: Target) -> None:
    """Forty clients try passwords."""

    def attempt() -> Awaitable[int]:
        body = f"name={secrets.token_hex(4)}&password={secrets.token_hex(8)}".encode()
        fields = f"Content-Type: application/x-www-form-urlencoded\r\nOrigin: {target.base}\r\n"
        return target.request("/sign-in", "POST", fields, body)

    await _repeat(target, 40, attempt)


async def submissions(target: Target) -> None:
    """Forty clients submit footage."""

    def submit() -> Awaitable[int]:
        body = {
            "footage_urls": [f"https://example.org/{secrets.token_hex(8)}"],
            "longitude": 37.5,
            "latitude": 48.1,
            "happened_from": "2025-07-01",
            "time_precision": "day",
            "description": "flood",
        }
        return target.request(
            "/api/submissions", "POST", "Content-Type: application/json\r\n", json.dumps(body).encode()
        )

    await _repeat(target, 40, submit)


async def cache_busting(target: Target) -> None:
    """Forty clients request tiles that are in no cache."""
    number = itertools.count()

    def tile() -> Awaitable[int]:
        n = next(number)
        day = f"{2022 + n % 4}-{1 + n // 4 % 12:02}-{1 + n // 48 % 28:02}"
        path = f"{EVENTS}/tiles/WebMercatorQuad/7/{42 + n % 3}/{75 + n // 3 % 4}?datetime={day}/.."
        return target.request(path)

    await _repeat(target, 40, tile)


async def desk_reads(target: Target) -> None:
    """Thirty clients with a made-up session ask for the queue."""
    cookie = "Cookie: __Host-session=" + secrets.token_urlsafe(32) + "\r\n"
    await _repeat(target, 30, lambda: target.request("/api/desk/queue", fields=cookie))


ATTACKS: Final[dict[str, Attack]] = {
    "300 silent connections": silence,
    "300 bodies that never end": silent_bodies,
    "300 heads that never end, a byte each second": half_heads,
    "150 connections that request much and read nothing": slow_readers,
    "300 MB of header fields on each of four connections": endless_heads,
    "40 clients with random searches": random_searches,
    "40 clients with searches that find most events": common_searches,
    "40 clients with wrong passwords": wrong_sign_ins,
    "40 clients with submissions": submissions,
    "40 clients with tiles that are in no cache": cache_busting,
    "30 clients without a session at the desk": desk_reads,
}


@contextlib.asynccontextmanager
async def attacking(attack: Attack, target: Target) -> AsyncIterator[None]:
    """Attacks while the block runs. The sockets stay open."""
    task = asyncio.create_task(attack(target))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await task


@dataclass
class Reading:
    """What a reader got: status and milliseconds of each response."""

    responses: list[tuple[int, float]] = field(default_factory=list)

    @property
    def answered(self) -> float:
        """The share of 200, in per cent."""
        return 100 * sum(status == 200 for status, _ in self.responses) / len(self.responses)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the times, in milliseconds."""
        times = sorted(took for _, took in self.responses)
        return times[max(0, round(0.95 * len(times)) - 1)]


async def _read(base: str, path: str) -> int:
    """Requests a path on a new connection, as a new visitor does; returns the status."""
    parts = urlsplit(base)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        response = await reader.read(-1)
        return int(response[9:12] or b"0")
    finally:
        writer.close()


async def read_for(base: str, paths: list[str], *, seconds: float, per_second: float = 5.0) -> Reading:
    """Reads paths in turn at a fixed rate, whatever the earlier requests do."""
    reading = Reading()

    async def one(path: str) -> None:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(_READ_SECONDS):
                status = await _read(base, path)
        except (OSError, TimeoutError):
            status = 0
        reading.responses.append((status, 1000 * (time.perf_counter() - start)))

    tasks = []
    for number in range(max(1, round(seconds * per_second))):
        tasks.append(asyncio.create_task(one(paths[number % len(paths)])))
        await asyncio.sleep(1 / per_second)
    await asyncio.gather(*tasks)
    return reading


async def reader_paths(base: str) -> list[str]:
    """Returns what the reader requests: the page, items, a part of the columns, and tiles."""
    parts = urlsplit(base)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)
    writer.write(f"GET {EVENTS}/columns/parts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    manifest = json.loads((await reader.read(-1)).partition(b"\r\n\r\n")[2])
    writer.close()
    box = quote("37.0,47.9,38.0,48.6", safe="")
    return [
        "/",
        f"{EVENTS}/items?limit=20",
        *[part["url"] for part in manifest["parts"][-1:]],
        f"{EVENTS}/tiles/WebMercatorQuad/6/21/38",
        f"{EVENTS}/items?limit=20&bbox={box}",
        f"{EVENTS}/tiles/WebMercatorQuad/7/43/76",
    ]
