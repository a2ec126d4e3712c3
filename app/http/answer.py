"""An answer that is ready: for an ASGI server, and as the lines in which it leaves without one."""

from __future__ import annotations

import random
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Send


class Answer:
    """A status, headers and a body, made once and sent many times; each time with an id of its own, to quote."""

    __slots__ = ("_lines", "body", "headers", "status")

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status = status
        self.headers = list(headers)
        self.body = body
        self._lines: bytes | None = None

    async def leave(self, send: Send) -> None:
        """Send it by ASGI."""
        headers = [*self.headers, (b"x-request-id", _request_id())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})

    def bytes_of(self, further: bytes) -> bytes:
        """Give it as HTTP/1.1 writes it.

        Args:
            further: lines of headers, each with its end.
        """
        if self._lines is None:
            lines = [b"HTTP/1.1 %d %s" % (self.status, HTTPStatus(self.status).phrase.encode())]
            lines += [b"%s: %s" % header for header in self.headers]
            self._lines = b"\r\n".join((*lines, b""))
        return b"%b%bx-request-id: %b\r\n\r\n%b" % (self._lines, further, _request_id(), self.body)


def _request_id() -> bytes:
    # No secret: randomness for secrets would cost as much as all the rest.
    return b"%016x" % random.getrandbits(64)
