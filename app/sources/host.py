"""Normalises the host of a web address, and refuses hosts that the public cannot open. Pure: makes
no requests, so it judges a name or an address as written.

A program that follows a link must check the address that it connects to with `is_public_address`,
because any name can lead to a private network.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

import idna

from app.sources.refusals import UnusableLink

_HOST: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)"
)
_PORT: Final = re.compile(r"(.*?)(?::([0-9]{0,5}))?", re.DOTALL)
# Names that are reserved for private networks and local tests (RFC 6761, RFC 6762 with its appendix
# G, RFC 8375, RFC 9476, ICANN's `.internal`), and onion services (RFC 7686), which ordinary
# browsers cannot open.
_NOT_PUBLIC: Final = tuple(
    f".{name}"
    for name in (
        *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa"),
        *("test", "alt", "onion"),
    )
)
# Only these addresses are assigned to public hosts (RFC 4291, section 2.4). Everything else embeds
# an IPv4 address (IPv4-mapped, NAT64), is local, multicast or unassigned.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# Blocks of it that are not: protocols such as Teredo, documentation, 6to4.
_SPECIAL_V6: Final = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# `is_global` is true for these: protocols, and relays of 6to4.
_SPECIAL_V4: Final = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


def parse_host(authority: str) -> tuple[str, int | None]:
    """Returns host and port of an authority, the part of an address between `//` and the path.

    The host is in lower case and ASCII, without `www.` and a dot at the end; IPv6 in brackets. The
    port is `None` if there is none.

    Raises:
        UnusableLink: the authority is invalid, or the public cannot open the host.
    """
    if "@" in authority:
        raise UnusableLink("credentials")
    if _HOST.fullmatch(authority) and not f".{authority}".endswith(_NOT_PUBLIC):  # the usual form
        return _without_www(authority), None
    parts = _PORT.fullmatch(authority)
    host, port = (parts[1], int(parts[2]) if parts[2] else None) if parts else ("", None)
    if port is not None and not 0 < port < 65536:
        raise UnusableLink("not-web-address", f"This link has the invalid port {port}. Must be from 1 to 65535.")
    return _without_www(_ascii_host(host)), port


def is_public_address(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tells whether an address belongs to a host of the public internet.

    IPv6 addresses that embed an IPv4 address never do, even if that one is public: a gateway of
    the reader's network would choose the target.
    """
    if isinstance(ip, ipaddress.IPv4Address):
        special: bool = any(ip in network for network in _SPECIAL_V4)
        return ip.is_global and not ip.is_multicast and not ip.is_reserved and not special
    return (
        ip.is_global
        and ip in _GLOBAL_UNICAST
        and ip.scope_id is None
        and not any(ip in network for network in _SPECIAL_V6)
    )


def _ascii_host(host: str) -> str:
    """Normalises a host to lower case and ASCII."""
    host = host.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise UnusableLink("not-web-address", "This link has no valid host name.") from error
    host = host.removesuffix(".")
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return _ip_host(host)
    if f".{host}".endswith(_NOT_PUBLIC):
        raise UnusableLink("no-public-host")
    if not _HOST.fullmatch(host):
        raise UnusableLink("not-web-address", "This link has no valid host name.")
    return host


def _ip_host(host: str) -> str:
    """Normalises an IP address. Other spellings of IPv4 (`0x7f.1`, `2130706433`) are invalid."""
    try:
        ip = ipaddress.IPv6Address(host[1:-1]) if host[-1] == "]" else ipaddress.IPv4Address(host)
    except ValueError as error:
        raise UnusableLink("not-web-address", "This link has no valid host name.") from error
    if not is_public_address(ip):
        raise UnusableLink("no-public-host")
    return f"[{ip}]" if isinstance(ip, ipaddress.IPv6Address) else str(ip)


def _without_www(host: str) -> str:
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    return host
