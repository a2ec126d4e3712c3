"""Pipelined requests on one connection, with cached tiles between slow responses, over a real
server.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.http.client import TrustedProxies
from app.http.response_cache import ResponseCache, ResponseCacheMiddleware, RouteMatch
from app.http.work_queue import WorkClass, WorkQueue
from tests.running_server import running_server

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

TILE = "GET /api/collections/test HTTP/1.1\r\nHost: here"
SLOW = "GET /slow HTTP/1.1\r\nHost: here"
KEEP_ALIVE_SECONDS = 1


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers "/slow" after the keep-alive timeout, and everything else at once."""
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(KEEP_ALIVE_SECONDS + 0.5 if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"made"})


async def load(_: object) -> bytes:
    return b"ready"


async def is_closed() -> bool:
    return False


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    cache = ResponseCache(is_heard=lambda: True)
    cache.start(object())  # type: ignore[arg-type] # `load` does not use it
    match = RouteMatch("key", load, "text/plain", "/test")
    middleware = ResponseCacheMiddleware(
        application,
        cache=cache,
        matchers=(lambda *_: match,),
        allowed_hosts=frozenset({"here"}),
        is_closed=is_closed,
        queue=WorkQueue(WorkClass("tiles", places=2, queue=2, wait_seconds=60)),
        proxies=TrustedProxies(()),
    )
    with running_server(middleware, lifespan="off", server_header=False, timeout_keep_alive=KEEP_ALIVE_SECONDS) as port:
        yield "127.0.0.1", port


def exchange(address: tuple[str, int], *requests: str) -> list[tuple[dict[str, str], str]]:
    """Sends requests in one write; the last request closes the connection. Returns headers and body
    of each response.
    """
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(
            "".join(f"{one}\r\n\r\n" for one in (*requests[:-1], f"{requests[-1]}\r\nConnection: close")).encode()
        )
        received = b""
        while piece := connection.recv(65536):
            received += piece
    responses = []
    for part in received.decode().split("HTTP/1.1 ")[1:]:
        head, _, body = part.partition("\r\n\r\n")
        status, *lines = head.split("\r\n")
        responses.append(({"status": status, **dict(line.split(": ", 1) for line in lines)}, body))
    return responses


def test_slow_request_after_cached_tile_survives_keep_alive_timeout(address: tuple[str, int]) -> None:
    assert [body for _, body in exchange(address, TILE, SLOW)] == ["ready", "made"]
    assert [body for _, body in exchange(address, TILE, TILE, SLOW, TILE)] == ["ready", "ready", "made", "ready"]


def test_responses_keep_the_order_of_their_requests(address: tuple[str, int]) -> None:
    quick = "GET /quick HTTP/1.1\r\nHost: here"
    bodies = [body for _, body in exchange(address, TILE, quick, *[TILE] * 3000, quick)]
    assert bodies == ["ready", "made", *["ready"] * 3000, "made"]


def test_each_response_has_a_request_id_of_its_own(address: tuple[str, int]) -> None:
    (first, _), (last, _) = exchange(address, TILE, TILE)
    ids = {headers.pop("x-request-id") for headers in (first, last)}
    assert [len(one) for one in ids] == [16, 16]
    assert last.pop("connection") == "close"
    for headers in (first, last):
        assert headers.pop("date").endswith("GMT")
    assert first == last
    assert first["content-length"] == "5"
    assert first["cache-control"] == "no-cache"


def test_head_requests_and_bodies_reach_the_application(address: tuple[str, int]) -> None:
    body = f"{TILE}\r\n\r\n"
    ((headers, content),) = exchange(address, TILE.replace("GET", "HEAD"))
    assert (headers["content-length"], content) == ("4", "")
    post = f"POST /api/collections/test HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    # The body looks like a request but is not one.
    assert [content for _, content in exchange(address, post.removesuffix("\r\n\r\n"), TILE)] == ["made", "ready"]
