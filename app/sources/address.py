"""Parses web addresses strictly, and normalises them, independent of the site. Pure: makes no
requests.

Normalisation does not change which page an address means, as defined by RFC 3986, section 6, and
the URL Standard. Comments mark the rules beyond these; docs/decisions/0005-canonical-links.md gives
the reasons.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import idna
from typing_extensions import override

from app.sources.refusals import UnusableLink
from app.sources.tracking import is_tracking

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST: Final = 2048
"""The maximum length of an address, as given and normalised; an index in PostgreSQL allows about 2
700 bytes.
"""

_PARTS: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?)?.*", re.DOTALL)
# Spaces, control characters, lone surrogates, backslashes (browsers read them as slashes), and
# characters that change the text direction.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x20\x7f-\xa0\\\\\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000\ud800-\udfff\ufffe\uffff]"
)
# Invisible characters that copying may leave at the ends.
_TRIMMED: Final = "".join(map(chr, (*range(0x09, 0x0E), 0x20, 0xA0, *range(0x200B, 0x2010), 0x2060, 0xFEFF)))
_HOST: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)"
)
_PORT: Final = re.compile(r"(.*?)(?::([0-9]{0,5}))?", re.DOTALL)
_LOCAL: Final = (".localhost", ".local", ".internal", ".home.arpa")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_PLAIN: Final = re.compile(r"[a-zA-Z0-9/._~-]*")
_UNRESERVED: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
# Some programs encode these characters where they have no special meaning: "Foo_(bar)" equals
# "Foo_%28bar%29".
_OFTEN_ENCODED: Final = "!'()*,:@"
# A "&" that was escaped for HTML ("&amp;") and perhaps percent-encoded after that.
_HTML_AMPERSAND: Final = re.compile(r"^(?:amp(?:;|%3B))+")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address.

    Attributes:
        scheme: `https`, or `http` with another port than 80.
        host: in lower case and ASCII, without `www.` and a dot at the end; IPv6 in brackets.
        port: if it is not the default port of the scheme.
        path: begins with a slash, and has no slash at the end unless it is `/`; percent-encoded.
        query: the parameters, `name` or `name=value`, percent-encoded and sorted by name, without
            tracking parameters.
        fragment: with its `#` if it is part of the address (`#!…`, `#/…`), else empty.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: tuple[str, ...]
    fragment: str

    @classmethod
    def read(cls, given: str) -> Address:
        """Parses an address; surrounding spaces are ignored.

        Raises:
            UnusableLink: the public cannot open the address.
        """
        text = given.strip(_TRIMMED)
        if len(text) > LONGEST:
            raise UnusableLink(
                "address-too-long", f"This link is longer than {LONGEST} characters. Enter a shorter one."
            )
        parts = _PARTS.fullmatch(text)
        scheme = parts[1].lower() if parts else ""
        if parts is None or scheme not in _DEFAULT_PORTS:
            raise UnusableLink("not-web-address", "Enter a full link that starts with https:// or http://.")
        if _FORBIDDEN.search(text):
            raise UnusableLink("not-web-address", "This link contains a space or another invalid character.")
        if not parts[2]:
            raise UnusableLink("not-web-address", "This link has no valid host name.")
        host, port = _host_and_port(parts[2])
        if port is None or port == _DEFAULT_PORTS[scheme]:
            scheme, port = "https", None
        query = _query(parts[4]) if parts[4] else ()
        fragment = f"#{_FRAGMENT(parts[5])}" if parts[5] and parts[5][0] in "!/" else ""
        return cls(scheme, host, port, _path(parts[3]), query, fragment)

    def parameters(self) -> dict[str, str]:
        """Returns the values of the query by name, percent-encoded; of a repeated name, the
        first.
        """
        values: dict[str, str] = {}
        for parameter in self.query:
            name, _, value = parameter.partition("=")
            values.setdefault(name, value)
        return values

    @override
    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query_text(self.query)}{self.fragment}"


def query_text(query: tuple[str, ...]) -> str:
    """Formats the parameters of a query after a question mark; empty if there are none."""
    return "?" + "&".join(query) if query else ""


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise UnusableLink("credentials")
    if _HOST.fullmatch(authority) and not authority.endswith(_LOCAL):  # the usual form
        return _without_www(authority), None
    parts = _PORT.fullmatch(authority)
    host, port = (parts[1], int(parts[2]) if parts[2] else None) if parts else ("", None)
    if port is not None and not 0 < port < 65536:
        raise UnusableLink("not-web-address", f"This link has the invalid port {port}. Must be from 1 to 65535.")
    return _without_www(_ascii_host(host)), port


def _ascii_host(host: str) -> str:
    """Normalises a host to lower case and ASCII. Refuses invalid hosts and hosts of private
    networks.
    """
    host = host.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise UnusableLink("not-web-address", "This link has no valid host name.") from error
    host = host.removesuffix(".")
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return _ip_host(host)
    if host == "localhost" or host.endswith(_LOCAL):
        raise UnusableLink("no-public-host")
    if not _HOST.fullmatch(host):
        raise UnusableLink("not-web-address", "This link has no valid host name.")
    return host


def _ip_host(host: str) -> str:
    try:
        ip = ipaddress.IPv6Address(host[1:-1]) if host[-1] == "]" else ipaddress.IPv4Address(host)
    except ValueError as error:
        raise UnusableLink("not-web-address", "This link has no valid host name.") from error
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    if not (mapped or ip).is_global or (mapped or ip).is_multicast or getattr(ip, "scope_id", None):
        raise UnusableLink("no-public-host")
    return f"[{ip}]" if isinstance(ip, ipaddress.IPv6Address) else str(ip)


def _without_www(host: str) -> str:
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    return host


def _encoder(literal: str, decoded: str) -> Callable[[str], str]:
    """Normalises percent-encoding.

    Bytes that are not UTF-8 stay unchanged, because older sites use other encodings for Cyrillic.

    Args:
        literal: characters that stay as they are if they are not encoded.
        decoded: characters of `literal` that are decoded if they are encoded.
    """
    encoded = re.compile(f"%[0-9a-fA-F]{{2}}|[^{re.escape(literal)}]")

    def one(found: re.Match[str]) -> str:
        text = found[0]
        if len(text) == 1:
            return quote(text, safe="")
        character = chr(int(text[1:], 16))
        return character if character in decoded else text.upper()

    return lambda text: text if _PLAIN.fullmatch(text) else encoded.sub(one, text)


_IN_PATH: Final = _encoder(_UNRESERVED + "/!$&'()*+,;=:@", _UNRESERVED + _OFTEN_ENCODED)
_IN_QUERY: Final = _encoder(_UNRESERVED + "/?!$'()*,;=:@", _UNRESERVED + _OFTEN_ENCODED + "/?")
_FRAGMENT: Final = _encoder(_UNRESERVED + "/?!$&'()*+,;=:@", _UNRESERVED + _OFTEN_ENCODED)


def _path(text: str) -> str:
    """Normalises a path: no dot segments, no empty segments, no slash at the end."""
    path = _IN_PATH(text)
    if "/." in path or "//" in path:
        segments: list[str] = []
        for segment in path.split("/"):
            if segment == "..":
                del segments[-1:]
            elif segment != ".":
                segments.append(segment)
        path = "/" + "/".join(filter(None, segments))
    return path.rstrip("/") or "/"


def _query(text: str) -> tuple[str, ...]:
    """Parses the parameters of a query, sorted by name; parameters of the same name keep their
    order.
    """
    parameters = []
    for given in text.split("&"):
        # A "+" is a space in queries.
        parameter = _HTML_AMPERSAND.sub("", _IN_QUERY(given.replace("+", "%20"))) if given else ""
        name = parameter.partition("=")[0]
        if parameter and not is_tracking(name):
            parameters.append((name, parameter))
    parameters.sort(key=lambda pair: pair[0])
    return tuple(parameter for _, parameter in parameters)
