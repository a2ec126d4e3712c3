"""Which hosts a request may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.problem_responses import problem_response
from app.problems import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

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
