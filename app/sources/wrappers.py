"""Unwraps addresses that contain another address: warnings before leaving a site, Google AMP,
archives. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from app.sources.address import Address

# By host: the paths that redirect, and the parameters with the target.
_REDIRECTS: Final[Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]]] = {
    host: (re.compile(paths), names)
    for host, paths, names in (
        ("facebook.com", r"/l\.php|/flx/warn|(?:/sharer)?/sharer\.php|/plugins/(?:video|post)\.php", ("u", "href")),
        ("l.facebook.com", r"/l\.php", ("u",)),
        ("lm.facebook.com", r"/l\.php", ("u",)),
        ("l.instagram.com", "/", ("u",)),
        ("l.threads.com", "/", ("u",)),
        ("l.threads.net", "/", ("u",)),
        ("vk.com", r"/away(?:\.php)?", ("to",)),
        ("t.me", "/iv|/share/url", ("url",)),
        ("youtube.com", "/redirect", ("q",)),
        ("out.reddit.com", ".*", ("url",)),
        ("steamcommunity.com", "/linkfilter", ("url", "u")),
        ("translate.google.com", "/translate|/website", ("u",)),
    )
}
_GOOGLE: Final = re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
_GOOGLE_AMP: Final = re.compile(r"/amp/(?:s/)?(?P<target>[^/]+\..+)")
_AMP_CACHE: Final = re.compile(r"/[a-z]+/(?:s/)?(?P<target>[^/]+\..+)")
_ARCHIVES: Final[Mapping[str, re.Pattern[str]]] = {
    host: re.compile(pattern)
    for hosts, pattern in (
        ("web.archive.org", r"/web/[0-9]{1,14}(?:\*|[a-z]{2}_)?/(?P<target>.+)"),
        (
            "archive.ph archive.today archive.is archive.md archive.li archive.vn archive.fo",
            r"/(?:[0-9]{4}[0-9.-]{0,16}|newest|oldest)/(?P<target>.+)",
        ),
    )
    for host in hosts.split()
}
_WEB: Final = re.compile(r"https?:/+(?=[^/])", re.IGNORECASE)


def unwrap_redirect(address: Address, host: str) -> str | None:
    """Returns the target of an address that only redirects; None if the address is not a redirect.

    Args:
        address: the redirecting address.
        host: its host, or the main host of its site.
    """
    if host in _REDIRECTS:
        paths, names = _REDIRECTS[host]
        if paths.fullmatch(address.path):
            return _in_query(address, names)
    elif host.startswith("google."):
        if _GOOGLE.fullmatch(host):
            if address.path == "/url":
                return _in_query(address, ("q", "url"))
            return _in_path(address, _GOOGLE_AMP)
    elif host.endswith(".cdn.ampproject.org"):
        return _in_path(address, _AMP_CACHE)
    return None


def unwrap_archive(address: Address) -> str | None:
    """Returns the address whose capture an archive shows; None if the address is not of an
    archive.
    """
    pattern = _ARCHIVES.get(address.host)
    return _in_path(address, pattern) if pattern else None


def _in_query(address: Address, names: tuple[str, ...]) -> str | None:
    values = address.parameters()
    for name in names:
        try:
            target = unquote_to_bytes(values.get(name, "")).decode()
        except UnicodeDecodeError:
            continue
        if _WEB.match(target):
            return target
    return None


def _in_path(address: Address, pattern: re.Pattern[str]) -> str | None:
    """Returns the address in a path, which has single slashes only, and may lack the scheme."""
    found = pattern.fullmatch(address.path)
    if found is None:
        return None
    query = "?" + "&".join(address.query) if address.query else ""
    target = found["target"]
    return "https://" + target[scheme.end() :] + query if (scheme := _WEB.match(target)) else f"https://{target}{query}"
