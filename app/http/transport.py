"""Whether a request came by a way on which nobody can listen: HTTPS, or the machine itself."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from app.http.request_limits import LOOPBACK_HOSTS, strip_port

if TYPE_CHECKING:
    from fastapi import Request

    from app.http.client import TrustedProxies


def scheme_of(request: Request) -> str:
    """Give the scheme under which whoever sent a request knows this site, `http` or `https`.

    `X-Forwarded-Proto` counts only from a trusted proxy, as `X-Forwarded-For` does.
    """
    peer = request.client.host if request.client else ""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    if peer in proxies:
        # The last one was written by the proxy that is trusted; those before it anybody may have sent.
        told = request.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        return told if told == "https" else "http"
    return request.url.scheme


def site_of(request: Request) -> str:
    """Give the address of this site as whoever sent a request knows it, without a slash at its end."""
    return f"{scheme_of(request)}://{request.url.netloc}"


def came_safely(request: Request) -> bool:
    """Tell whether passwords and sessions may travel the way that a request came.

    A request that names the loopback and comes from it is the machine's own, unless a proxy has passed it on, one that
    is trusted or one that nobody told us of.
    """
    if scheme_of(request) == "https":
        return True
    peer = request.client.host if request.client else ""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    if peer in proxies:
        return False
    passed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host"))
    named = strip_port(request.headers.get("host", ""))
    return not passed_on and named in LOOPBACK_HOSTS and _is_loopback(peer)


def _is_loopback(address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return (mapped or known).is_loopback
