"""What leaves at once leaves as the application would have sent it, and in its turn; over a real server."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from app.http.answer import Answer
from app.http.at_once import protocol_of

READY = Answer(200, [(b"content-length", b"5"), (b"etag", b'"1"')], b"ready")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers what is ready the same way, and the rest after a while."""
    if scope["path"] == "/ready":
        await READY.leave(send)
        return
    if scope["path"] == "/sent":
        while (await receive())["more_body"]:
            pass
    await asyncio.sleep(0.05)
    await Answer(200, [(b"content-length", b"4")], b"made").leave(send)


@pytest.fixture
def counted() -> list[str]:
    return []


@pytest.fixture
def address(counted: list[str]) -> Iterator[tuple[str, int]]:
    def at_once(scope: Any) -> Answer | None:
        if scope["path"] != "/ready":
            return None
        counted.append(scope["method"])
        return READY

    config = uvicorn.Config(
        application,
        http=protocol_of(at_once),
        port=0,
        log_level="warning",
        lifespan="off",
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[:2]
    server.should_exit = True
    thread.join(timeout=10)


def told(address: tuple[str, int], *requests: str) -> str:
    """Send requests in one piece, the last of which closes; give all that comes."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall("".join(f"{one}\r\n\r\n" for one in requests).encode())
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received.decode()


def heads(received: str) -> list[dict[str, str]]:
    """Give the headers of each answer, without those that differ each time."""
    found = []
    for part in received.split("HTTP/1.1 ")[1:]:
        status, *lines = part.partition("\r\n\r\n")[0].split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        assert len(headers.pop("x-request-id")) == 16
        assert headers.pop("date").endswith("GMT")
        found.append({"status": status, **headers})
    return found


def test_an_answer_at_once_is_the_one_that_the_application_sends(address: tuple[str, int], counted: list[str]) -> None:
    received = told(
        address, "GET /ready HTTP/1.1\r\nHost: here", "GET /ready HTTP/1.1\r\nHost: here\r\nConnection: close"
    )
    assert counted == ["GET"]  # the one that closes is the application's
    first, last = heads(received)
    assert last.pop("connection") == "close"
    assert first == last == {"status": "200 OK", "content-length": "5", "etag": '"1"'}
    assert received.endswith("\r\n\r\nready")


def test_a_request_for_the_head_gets_no_body(address: tuple[str, int]) -> None:
    received = told(address, "HEAD /ready HTTP/1.1\r\nHost: here\r\nConnection: close")
    assert heads(received)[0]["content-length"] == "5"
    assert received.endswith("\r\n\r\n")


def test_answers_leave_in_the_order_of_their_requests(address: tuple[str, int], counted: list[str]) -> None:
    ready, slow = "GET /ready HTTP/1.1\r\nHost: here", "GET /slow HTTP/1.1\r\nHost: here"
    # So many behind a slow one that none may be answered within the answer of the one before.
    received = told(address, ready, slow, *[ready] * 3000, f"{slow}\r\nConnection: close")
    bodies = [part.partition("\r\n\r\n")[2] for part in received.split("HTTP/1.1 ")[1:]]
    assert bodies == ["ready", "made", *["ready"] * 3000, "made"]
    assert counted


def test_a_body_that_nobody_reads_is_no_request(address: tuple[str, int], counted: list[str]) -> None:
    body = "GET /ready HTTP/1.1\r\nHost: here\r\n\r\n"
    received = told(
        address,
        f"POST /ready HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body) + 4}\r\n\r\n{body}",
        "GET /sent HTTP/1.1\r\nHost: here\r\nConnection: close",
    )
    assert [part.partition("\r\n\r\n")[2] for part in received.split("HTTP/1.1 ")[1:]] == ["ready", "made"]
    assert counted == ["POST"]
