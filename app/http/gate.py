"""What every request meets first: the host it names, and how much body it may bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from app.problems import BadRequest, TooLarge, answer_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT_BYTES: Final = 64 * 1024
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def host_without_port(host: str) -> str:
    """Give the name part of a Host header, lower-case; an IPv6 address keeps its brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def host_allowed(scope: Scope, allowed: frozenset[str]) -> bool:
    """Tell whether a request names one of the hosts that are ours."""
    if "*" in allowed:
        return True
    named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return len(named) == 1 and host_without_port(named[0]) in allowed


class HostGate:
    """Refuses a request that names a host that is not ours: links are not built from what strangers say."""

    def __init__(self, app: ASGIApp, *, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed) | LOOPBACK_HOSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it."""
        if scope["type"] == "http" and not host_allowed(scope, self._allowed):
            refusal = answer_json(BadRequest("The Host header names no host of this site."))
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyGate:
    """Refuses a body that is larger than any that is read here, counting while it streams."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read_bytes = 0
        answered = False

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            if message["type"] == "http.request":
                read_bytes += len(message.get("body", b""))
                if read_bytes > self._limit_bytes:
                    return {"type": "http.disconnect"}
            return message

        async def send_unless_refused(message: Message) -> None:
            # Whatever the application makes of the body that broke off, the client is told the reason.
            nonlocal answered
            if read_bytes <= self._limit_bytes:
                await send(message)
            elif not answered:
                answered = True
                await self._refuse(scope, receive, send)

        declared = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(value.isdigit() and int(value) > self._limit_bytes for value in declared):
            await self._refuse(scope, receive, send)
            return
        try:
            await self._app(scope, receive_counted, send_unless_refused)
        except ClientDisconnect:
            if read_bytes <= self._limit_bytes:
                raise
            await send_unless_refused({"type": "http.response.start"})

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer_json(TooLarge(f"A body may have {self._limit_bytes} bytes."))(scope, receive, send)
