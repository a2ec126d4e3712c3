"""Which hosts a request may name.

Links are built from the Host header, so a stranger must not choose it.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from app.errors import UserError
from app.problem_responses import problem_response
from app.problems import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
# In `FRONTLINE_ALLOWED_HOSTS`: every host.
ANY_HOST: Final = "*"

# A name, or an IPv6 address in brackets; with one dot at the end at most, and a port.
_HOST: Final = re.compile(
    r"(?:(?P<name>[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*)\.?|\[(?P<address>[0-9a-f:.]{2,45})\])(?::(?P<port>\d{1,5}))?",
    re.ASCII | re.IGNORECASE,
)
_MAX_PORT: Final = 65_535


def parse_host(host: str) -> str | None:
    """Parses the value of a Host header; None if it is invalid.

    Returns:
        The host without port, in lower case, without the dot at the end of an absolute name. An
        IPv6 address is in its shortest form, in brackets.
    """
    found = _HOST.fullmatch(host)
    if found is None or int(found["port"] or 0) > _MAX_PORT:
        return None
    if found["name"] is not None:
        return found["name"].lower()
    try:
        return f"[{ipaddress.IPv6Address(found['address'])}]"
    except ValueError:
        return None


def allowed_hosts(names: Iterable[str], listening_on: str) -> frozenset[str]:
    """Returns the hosts that requests may name, as `parse_host` returns them.

    Args:
        names: `FRONTLINE_ALLOWED_HOSTS`.
        listening_on: `HOST`, which is allowed, too, as are the names of this machine.

    Raises:
        UserError: a name is not a host.
    """
    hosts = set(LOOPBACK_HOSTS)
    for name in names:
        host = name if name == ANY_HOST else _parse_setting(name)
        if host is None:
            raise UserError(
                f"FRONTLINE_ALLOWED_HOSTS: {name} is not a host name. Write it like map.example.org,"
                " without https:// and without a path."
            )
        hosts.add(host)
    own = _parse_setting(listening_on)
    return frozenset(hosts if own is None else hosts | {own})


def _parse_setting(name: str) -> str | None:
    """Parses a host of the settings, where an IPv6 address may lack brackets."""
    return parse_host(f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name)


def is_host_allowed(scope: Scope, allowed: frozenset[str]) -> bool:
    """Tells whether a request has exactly one Host header, with an allowed host."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1 or (host := parse_host(hosts[0])) is None:
        return False
    return ANY_HOST in allowed or host in allowed


class AllowedHostMiddleware:
    """Refuses requests with another host in the Host header."""

    def __init__(self, app: ASGIApp, *, allowed: frozenset[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] == "http" and not is_host_allowed(scope, self._allowed):
            refusal = problem_response(BadRequest("The Host header does not name a host of this site."))
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
