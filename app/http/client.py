"""Who asks, as far as limits must tell networks apart. An address is never stored and never logged."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import Request

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """The proxies whose `X-Forwarded-For` counts."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take addresses or networks.

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

    def client(self, peer: str, forwarded: str) -> str:
        """Give the client's address: the last one that no trusted proxy has."""
        client = peer
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if client not in self:
                break
            client = hop
        return client


def network_of(address: str) -> str:
    """Give the network that an address stands for in limits: itself for IPv4, its /64 for IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def client_network(request: Request) -> str:
    """Give the network that a request came from."""
    proxies: TrustedProxies = request.app.state.trusted_proxies
    peer = request.client.host if request.client else ""
    return network_of(proxies.client(peer, request.headers.get("x-forwarded-for", "")))
