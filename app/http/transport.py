"""Tells whether a request came over a secure connection: HTTPS, or from this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.client import is_loopback
from app.http.hosts import LOOPBACK_HOSTS, parse_host

if TYPE_CHECKING:
    from fastapi import Request

    from app.http.client import TrustedProxies


def scheme_of(request: Request) -> str:
    """Returns the scheme of the URL that the client requested, `http` or `https`.

    `X-Forwarded-Proto` is believed only from a trusted proxy, like `X-Forwarded-For`.
    """
    peer = request.client.host if request.client else ""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    if peer in proxies:
        # The trusted proxy wrote the last value; a client may have sent those before it.
        scheme = request.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        return scheme if scheme == "https" else "http"
    return request.url.scheme


def site_of(request: Request) -> str:
    """Returns the URL of this site as the client knows it, without a slash at the end."""
    return f"{scheme_of(request)}://{request.url.netloc}"


def is_secure(request: Request) -> bool:
    """Tells whether passwords and session cookies may be sent over the connection of a request.

    A request from and to a loopback address never leaves this machine, unless a proxy forwarded it,
    trusted or unknown.
    """
    if scheme_of(request) == "https":
        return True
    peer = request.client.host if request.client else ""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    if peer in proxies:
        return False
    is_forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host"))
    host = parse_host(request.headers.get("host", ""))
    return not is_forwarded and host in LOOPBACK_HOSTS and is_loopback(peer)
