"""Limits of every request: which hosts it may name, and how large its body may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from app.problem_responses import problem_response
from app.problems import BadRequest, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT_BYTES: Final = 64 * 1024
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def strip_port(host: str) -> str:
    """Returns a Host header without its port, in lower case; an IPv6 address keeps its brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def is_host_allowed(scope: Scope, allowed: frozenset[str]) -> bool:
    """Tells whether a request has exactly one Host header, with an allowed host."""
    if "*" in allowed:
        return True
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and strip_port(hosts[0]) in allowed


class AllowedHostMiddleware:
    """Refuses requests with another host in the Host header.

    Links are built from this header, so a stranger must not choose it.
    """

    def __init__(self, app: ASGIApp, *, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed) | LOOPBACK_HOSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] == "http" and not is_host_allowed(scope, self._allowed):
            refusal = problem_response(BadRequest("The Host header does not name a host of this site."))
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses a body that is larger than any route reads; counts bytes while they arrive."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read_bytes = 0
        refused = False

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            if message["type"] == "http.request":
                read_bytes += len(message.get("body", b""))
                if read_bytes > self._limit_bytes:
                    return {"type": "http.disconnect"}
            return message

        async def send_or_refuse(message: Message) -> None:
            # However the application answers the interrupted body, the client gets the real reason.
            nonlocal refused
            if read_bytes <= self._limit_bytes:
                await send(message)
            elif not refused:
                refused = True
                await self._refuse(scope, receive, send)

        declared = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(value.isdigit() and int(value) > self._limit_bytes for value in declared):
            await self._refuse(scope, receive, send)
            return
        try:
            await self._app(scope, receive_counted, send_or_refuse)
        except ClientDisconnect:
            if read_bytes <= self._limit_bytes:
                raise
            await send_or_refuse({"type": "http.response.start"})

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(TooLarge(f"A body may have at most {self._limit_bytes} bytes."))(scope, receive, send)
