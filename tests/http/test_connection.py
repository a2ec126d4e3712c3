"""Limits of connections, over a real server: size of the head, time to send, time to read."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import uvicorn

from app.http.client import TrustedProxies
from app.http.connection import ClientConnection, CountResponses, OpenConnections, limit_connections
from app.http.connection_limits import LIMITS, ConnectionLimits
from tests.running_server import running_config
from tests.waiting import wait_until

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

GET = b"GET /quick HTTP/1.1\r\nHost: here\r\n\r\n"
CLOSE = b"Connection: close\r\n\r\n"
# Short times, so that the tests need not wait long; sizes as they are.
QUICK = dataclasses.replace(
    LIMITS, silent_seconds=0.4, head_seconds=0.4, body_seconds=0.4, stalled_seconds=0.4, closing_seconds=0.4
)
LARGE_BYTES = 8 * 1024 * 1024

release = threading.Event()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers its length; "/large" answers much, "/held" when it is released."""
    length = 0
    while True:
        message = await receive()
        length += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    while scope["path"] == "/held" and not release.is_set():
        await asyncio.sleep(0.01)
    body = b"x" * LARGE_BYTES if scope["path"] == "/large" else str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def serving(limits: ConnectionLimits, proxies: tuple[str, ...] = ()) -> Iterator[tuple[int, OpenConnections]]:
    """Serves `application` within limits; yields the port and the open connections."""
    connections = OpenConnections(limits, TrustedProxies(proxies))
    config = uvicorn.Config(
        CountResponses(application),
        port=0,
        log_level="warning",
        lifespan="off",
        http="httptools",
        timeout_keep_alive=1,
    )
    limit_connections(config, connections)
    with running_config(config) as port:
        yield port, connections


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, OpenConnections]]:
    with serving(QUICK) as running:
        yield running


@pytest.fixture
def port(server: tuple[int, OpenConnections]) -> Iterator[int]:
    release.clear()
    yield server[0]
    release.set()
    wait_until(lambda: not server[1], "the connections of the test to end")


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))


def read_all(client: socket.socket) -> bytes:
    """Reads until the server closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return received


def send_and_read(port: int, content: bytes) -> bytes:
    with connect(port) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(content)
        return read_all(client)


SILENT = {
    "nothing": b"",
    "blank lines": b"\r\n\r\n",
    "blank lines after a request": GET + b"\r\n",
}
PARTS = {
    "one byte": b"G",
    "half a head": b"GET /quick HTTP/1.1\r\nHost: here\r\n",
    "half a body": b"POST /quick HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n{",
    "half a chunk": b"POST /quick HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "half a second request": GET + b"GET /qu",
}


def send_together(port: int, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Sends each content on a connection of its own, all at once; reads until the server closes
    them.
    """
    with contextlib.ExitStack() as stack:
        clients = {name: stack.enter_context(connect(port)) for name in contents}
        for name, client in clients.items():
            client.sendall(contents[name])
        return {name: read_all(client) for name, client in clients.items()}


def test_silent_connections_end(port: int) -> None:
    answers = send_together(port, SILENT)
    assert (answers["nothing"], answers["blank lines"]) == (b"", b"")
    assert answers["blank lines after a request"].startswith(b"HTTP/1.1 200 ")


def test_request_that_does_not_arrive_in_time_gets_408(port: int) -> None:
    for name, answer in send_together(port, PARTS).items():
        assert answer.split(b"HTTP/1.1 ")[-1].startswith(b"408 "), name
        assert b"\r\nconnection: close\r\n" in answer
        assert b'"type":"/problems/request-timeout"' in answer


def test_slow_bytes_do_not_extend_the_time(port: int) -> None:
    with connect(port) as client:
        stop = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not stop.wait(0.1):
                    client.sendall(b"a")

        client.sendall(b"GET /quick HTTP/1.1\r\nX: ")
        sending = threading.Thread(target=drip)
        sending.start()
        try:
            assert read_all(client).startswith(b"HTTP/1.1 408 ")
        finally:
            stop.set()
            sending.join()


def test_large_head_gets_431_and_is_not_stored(port: int) -> None:
    line = b"X-Field: " + b"a" * 1_000 + b"\r\n"
    for head in (line * 70, b"X-Field: " + b"a" * 70_000, line * 30_000):
        answer = send_and_read(port, b"GET /quick HTTP/1.1\r\nHost: here\r\n" + head)
        assert answer.startswith(b"HTTP/1.1 431 ") or len(head) > LIMITS.dropped_bytes
    # Each request of a connection has a head of its own.
    allowed = b"GET /quick HTTP/1.1\r\nHost: here\r\n" + line * 60
    assert send_and_read(port, (allowed + b"\r\n") * 3 + allowed + CLOSE).count(b" 200 ") == 4


@pytest.mark.parametrize(
    "rest",
    [
        b"0\r\nX-Trailer: value\r\n\r\n",
        b"0\r\nX-Trailer: " + b"a" * 200_000,
        b"1;" + b"a" * 200_000,
    ],
    ids=["trailer", "endless trailer", "endless chunk extension"],
)
def test_what_surrounds_the_content_of_a_body_is_refused(port: int, rest: bytes) -> None:
    head = b"POST /quick HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n" + CLOSE
    assert send_and_read(port, head + b"2\r\nab\r\n" + rest).startswith(b"HTTP/1.1 400 ")
    assert send_and_read(port, head + b"2\r\nab\r\n0\r\n\r\n").endswith(b"2")


def test_malformed_request_gets_400(port: int) -> None:
    assert send_and_read(port, b"no request\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_made_up_method_gets_405(port: int) -> None:
    for method in (b"QUAGGA", b"get", b"x-Y!"):
        answer = send_and_read(port, method + b" /quick HTTP/1.1\r\nHost: here\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 405 "), method
        assert b"\r\nAllow: DELETE, GET, HEAD, POST, PUT\r\n".lower() in answer.lower()
    assert send_and_read(port, b"\x16\x03\x01\x00\xf4 /quick HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_request_to_change_the_protocol_is_answered_as_usual(port: int) -> None:
    sent = b"GET /quick HTTP/1.1\r\nHost: here\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    assert send_and_read(port, sent).startswith(b"HTTP/1.1 200 ")


def test_client_owes_nothing_while_its_response_is_made(port: int) -> None:
    """The time of a second request, which arrives in part, begins when the first is answered."""
    with connect(port) as client:
        client.sendall(b"GET /held HTTP/1.1\r\nHost: here\r\n\r\nGET /qu")
        client.settimeout(2 * QUICK.head_seconds)
        with pytest.raises(TimeoutError):
            client.recv(1)
        release.set()
        client.settimeout(30)
        answer = client.recv(65536)
        client.sendall(b"ick HTTP/1.1\r\nHost: here\r\n\r\n")
        answer += read_all(client)
        assert answer.count(b" 200 ") == 2


def test_client_that_does_not_read_is_cut_off(port: int, server: tuple[int, OpenConnections]) -> None:
    with contextlib.closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(GET.replace(b"quick", b"large"))
        wait_until(lambda: len(server[1]) == 1, "the connection")
        wait_until(lambda: not server[1], "the server to end the connection")


def test_client_that_reads_gets_everything(port: int) -> None:
    assert send_and_read(port, GET.replace(b"quick", b"large")[:-2] + CLOSE).count(b"x") >= LARGE_BYTES


def test_most_bytes_for_slow_readers_are_bounded() -> None:
    patient = dataclasses.replace(QUICK, stalled_seconds=600, silent_seconds=600, unsent_bytes=LARGE_BYTES // 4)
    with serving(patient) as (port, connections), contextlib.ExitStack() as stack:
        for _ in range(5):
            client = stack.enter_context(contextlib.closing(socket.socket()))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(GET.replace(b"quick", b"large"))
        wait_until(lambda: len(connections) == 5, "the connections")
        wait_until(lambda: len(connections) <= 2, "the server to end some of them")


def test_connections_are_counted_by_network_and_in_all() -> None:
    few = dataclasses.replace(QUICK, connections=4, connections_per_neighbour=3, silent_seconds=600)
    with serving(few) as (port, connections), contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(port)) for _ in range(3)]
        wait_until(lambda: len(connections) == 3, "the connections")
        assert send_and_read(port, b"").startswith(b"HTTP/1.1 503 ")
        with connect(port, "127.0.0.2") as other:
            other.sendall(GET)
            assert other.recv(65536).startswith(b"HTTP/1.1 200 ")
            with connect(port, "127.0.0.3") as third:  # the fifth in all
                assert read_all(third).startswith(b"HTTP/1.1 503 ")
        held.pop().close()
        wait_until(lambda: len(connections) == 2, "the connections to end")
        with connect(port) as again:
            again.sendall(GET)
            assert again.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(("peer", "accepted"), [("203.0.113.7", 2), ("127.0.0.1", 4), ("192.0.2.1", 4)])
def test_neighbours_may_open_more_connections(peer: str, accepted: int) -> None:
    limits = dataclasses.replace(LIMITS, connections_per_network=2, connections_per_neighbour=4)

    class Silent(asyncio.Protocol):
        pass

    async def run() -> None:
        connections = OpenConnections(limits, TrustedProxies(["192.0.2.0/24"]))
        added = [connections.add(ClientConnection(Silent(), connections), peer) for _ in range(6)]
        assert added.count(True) == accepted

    asyncio.run(run())
