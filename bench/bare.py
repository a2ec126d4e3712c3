"""A minimal ASGI application for comparison: it returns a body of a given size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

BODY: Final = bytes(int(os.environ.get("BENCH_BARE_BYTES", "20000")))
HEADERS: Final = [
    (b"content-type", b"application/vnd.mapbox-vector-tile"),
    (b"content-length", str(len(BODY)).encode()),
    *((f"x-header-{number}".encode(), b"strict-origin-when-cross-origin") for number in range(9)),
]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers every request."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
