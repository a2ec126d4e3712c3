"""Parses web addresses strictly, and normalises them, independent of the site. Pure: makes no
requests.

Normalisation does not change which page an address means, as defined by RFC 3986, section 6, and
the URL Standard. Comments mark the rules beyond these; docs/decisions/0005-canonical-links.md gives
the reasons.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from typing_extensions import override

from app.sources.host import parse_host
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
    "[\x00-\x20\x7f-\xa0\\\\\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ud800-\udfff\ufffe\uffff]"
)
# Invisible characters that copying may leave at the ends.
_TRIMMED: Final = "".join(map(chr, (*range(0x09, 0x0E), 0x20, 0xA0, *range(0x200B, 0x2010), 0x2060, 0xFEFF)))
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_PLAIN: Final = re.compile(r"[a-zA-Z0-9/._~-]*")
_UNRESERVED: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
# Some programs encode these characters where they have no special meaning: "Foo_(bar)" equals
# "Foo_%28bar%29".
_OFTEN_ENCODED: Final = "!'()*,:@"
# In encoded text: another encoded character, or bytes over 7F with letters, digits and "-._~".
_WORDS: Final = re.compile(r"%[0-7][0-9A-F]|(?:[a-zA-Z0-9._~-]|%[89A-F][0-9A-F])+")
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
        text = trim_link(given)
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
        host, port = parse_host(parts[2])
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


def trim_link(given: str) -> str:
    """Returns a link without the spaces and invisible characters around it."""
    return given.strip(_TRIMMED)


def query_text(query: tuple[str, ...]) -> str:
    """Formats the parameters of a query after a question mark; empty if there are none."""
    return "?" + "&".join(query) if query else ""


def _encoder(literal: str, decoded: str) -> Callable[[str], str]:
    """Normalises percent-encoding, and Unicode to NFC: "й" is one address, whether it was written
    as one character or as "и" with a breve.

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

    return lambda text: text if _PLAIN.fullmatch(text) else _WORDS.sub(_compose, encoded.sub(one, text))


def _compose(words: re.Match[str]) -> str:
    """Normalises encoded words to NFC. No delimiter is part of them: "=" and a stroke would be
    "≠".
    """
    encoded = words[0]
    if "%" not in encoded:
        return encoded
    try:
        text = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        return encoded
    return encoded if unicodedata.is_normalized("NFC", text) else quote(unicodedata.normalize("NFC", text), safe="")


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
