"""The network of a client, for rate limits. Addresses are never stored and never logged."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import Request
    from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """The proxies whose `X-Forwarded-For` is believed."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Parses addresses and networks.

        Raises:
            ValueError: one of them is neither; the message names it.
        """
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(text, strict=False) for text in networks)

    def __contains__(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def network(self, scope: Scope) -> str:
        """Returns the network of the client that makes a request; see `network_of`."""
        peer = scope["client"][0] if scope.get("client") else ""
        if peer not in self:
            return network_of(peer)
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        return network_of(self.client(peer, forwarded.decode("latin-1")))

    def client(self, peer: str, forwarded: str) -> str:
        """Returns the client's address: the last one that is not a trusted proxy."""
        client = peer
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if client not in self:
                break
            client = hop
        return client


def network_of(address: str) -> str:
    """Returns the network that rate limits count: the address itself for IPv4, its /64 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_loopback(address: str) -> bool:
    """Tells whether an address is one of this machine's own, in IPv4, IPv6 or mapped form."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def client_network(request: Request) -> str:
    """Returns the network of the client of a request."""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    return proxies.network(request.scope)
