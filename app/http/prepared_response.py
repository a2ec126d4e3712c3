"""A response whose headers and body are computed once and sent many times."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Message, Send


def status_of(messages: Iterable[Message]) -> int | None:
    """Returns the status of a response, from its ASGI messages; None if it has not started."""
    return next((one["status"] for one in messages if one["type"] == "http.response.start"), None)


class PreparedResponse:
    """A status, headers and a body. Each time it is sent it gets a request id of its own."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status = status
        self.headers = list(headers)
        self.body = body

    async def send(self, send: Send) -> None:
        """Sends the response."""
        # Not a secret: cryptographic randomness would cost as much as the rest of the response.
        request_id = b"%016x" % random.getrandbits(64)
        headers = [*self.headers, (b"x-request-id", request_id)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
