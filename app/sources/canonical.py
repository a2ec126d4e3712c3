"""Returns the canonical address of a publication for any of its links. Pure: uses tables of sites,
and makes no requests.

The canonical address identifies a publication. People open the link as it was given.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.sources.address import LONGEST, Address, query_text, trim_link
from app.sources.refusals import UnusableLink
from app.sources.site import Form, Site
from app.sources.sites import SITES
from app.sources.wrappers import unwrap_archive, unwrap_redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

WEB: Final = "web"
"""The platform of hosts that belong to none of `SITES`."""


@dataclass(frozen=True, slots=True)
class CanonicalLink:
    """The canonical address of a publication, and what the link tells about it.

    Attributes:
        url: the canonical address; two publications never share one.
        platform: slug of the site, `x`, `telegram` …; `web` for any other.
        publisher: the host of the address, `t.me` or `reuters.com`.
        author: the account in the link, in lower case if the site ignores case. Some sites (X,
            TikTok) show a publication under the name of any account, so this is not a proof.
    """

    url: str
    platform: str
    publisher: str
    author: str | None = None


def canonicalise(given: str) -> CanonicalLink:
    """Returns the canonical form of a link as pasted by a person or found in a file.

    Raises:
        UnusableLink: the text is not a web address, or the public cannot open it. No text raises
            another exception.
    """
    address = Address.read(given)
    host = _host_of(address)
    target = unwrap_redirect(address, host.site.host if host and host.role == "own" else address.host)
    if target is not None:
        return canonicalise(target)
    capture = unwrap_archive(address)
    # An archived post is the same publication; each capture of a page that changes is its own
    # publication.
    link = _of_publication(capture) if capture else None
    link = link or (_of_site(address, host) if host else None) or CanonicalLink(str(address), WEB, address.host)
    if len(link.url) > LONGEST:
        raise UnusableLink(
            "address-too-long", f"This link, percent-encoded, is longer than {LONGEST} characters. Enter a shorter one."
        )
    return link


def canonical_url(given: str) -> str:
    """Returns only the address of `canonicalise`.

    Raises:
        UnusableLink: as in `canonicalise`.
    """
    return canonicalise(given).url


def check_link(given: str) -> str:
    """Returns a link as people open it: as given, without the spaces and invisible characters
    around it.

    Every form, file and request with a link uses this function.

    Raises:
        UnusableLink: as in `canonicalise`.
    """
    canonicalise(given)
    return trim_link(given)


def canonical_urls(stored: Iterable[str]) -> list[str]:
    """Returns the canonical addresses of stored links, without those that only an earlier version
    accepted.
    """
    urls: list[str] = []
    for url in stored:
        with suppress(UnusableLink):
            urls.append(canonical_url(url))
    return urls


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A `Form`, compiled."""

    path: re.Pattern[str]
    kept: str
    where: tuple[tuple[str, re.Pattern[str]], ...]
    caseless: frozenset[str]

    @classmethod
    def of(cls, form: Form, site: Site) -> _Pattern:
        where = tuple((name, re.compile(pattern, re.ASCII)) for name, pattern in form.where.items())
        return cls(re.compile(form.path, re.ASCII), form.kept, where, site.caseless)

    def read(self, path: str, parameters: dict[str, str]) -> dict[str, str] | None:
        """Returns the groups of an address that has this form, else None."""
        found = self.path.fullmatch(path)
        if found is None:
            return None
        groups = found.groupdict()
        for name, pattern in self.where:
            value = pattern.fullmatch(parameters.get(name, ""))
            if value is None:
                return None
            groups |= value.groupdict()
        return {
            name: text.lower() if name in self.caseless else text for name, text in groups.items() if text is not None
        }


@dataclass(frozen=True, slots=True)
class _Host:
    """The relation of a host to a site.

    Attributes:
        role: `own`: all addresses belong to the site. `copy`: only addresses that match a form.
            `separate`: addresses stay unchanged. `private`: only the owner of an account can open
            them.
        start: the prefix of its paths on the site itself.
    """

    site: Site
    role: Literal["own", "copy", "separate", "private"]
    start: str = ""


def _patterns(forms: Iterable[Form], site: Site) -> tuple[_Pattern, ...]:
    return tuple(_Pattern.of(form, site) for form in forms)


_PUBLICATIONS: Final = {site.platform: _patterns(site.publications, site) for site in SITES}
_ACCOUNTS: Final = {site.platform: _patterns(site.accounts, site) for site in SITES}
_MEMBERS_ONLY: Final = {site.platform: re.compile(site.members_only) for site in SITES if site.members_only}
_HOSTS: Final = {
    host: known
    for site in SITES
    for hosts, known in (
        ((site.host, *site.hosts), _Host(site, "own")),
        (site.copies, _Host(site, "copy")),
        (site.separate, _Host(site, "separate")),
        (site.private_hosts, _Host(site, "private")),
        *(((host,), _Host(site, "copy", start)) for host, start in site.starts.items()),
    )
    for host in hosts
}
_COPY_LABELS: Final = {label: _Host(site, "copy") for site in SITES for label in site.copy_labels}
_SUBDOMAINS: Final = {
    site.host: (site, re.compile(site.subdomains[0], re.ASCII), site.subdomains[1]) for site in SITES if site.subdomains
}


def _host_of(address: Address) -> _Host | None:
    """Returns the site that the host of an address belongs to, or copies."""
    if address.port:
        return None
    if known := _HOSTS.get(address.host):
        return known
    label, _, parent = address.host.partition(".")
    if parent in _SUBDOMAINS:
        site, pattern, start = _SUBDOMAINS[parent]
        if pattern.fullmatch(label):
            return _Host(site, "copy" if start else "own", start.format(label=label))
    return _COPY_LABELS.get(label)


def _of_site(address: Address, host: _Host) -> CanonicalLink | None:
    """Returns the canonical form of an address of a known site; None for a page of a copying host
    that is not a publication of the site.

    Raises:
        UnusableLink: the public cannot open the address.
    """
    site = host.site
    if host.role == "private":
        raise UnusableLink("members-only")
    if host.role == "separate":
        return CanonicalLink(f"https://{address.host}{address.path}", site.platform, address.host)
    if address.fragment.startswith("#!/"):  # an old way to write paths
        address = Address.read(f"https://{address.host}/{address.fragment[3:]}")
    path = address.path if not host.start else host.start + address.path.rstrip("/")
    if site.platform in _MEMBERS_ONLY and _MEMBERS_ONLY[site.platform].fullmatch(path):
        raise UnusableLink("members-only")
    parameters = address.parameters() if address.query else {}
    for pattern in _PUBLICATIONS[site.platform]:
        groups = pattern.read(path, parameters)
        if groups is not None:
            kept = pattern.kept.format_map(groups)
            return _link(site, kept + _comment(site, kept, parameters), groups.get("author"))
    rest = (
        query_text(tuple(one for one in address.query if one.partition("=")[0] not in site.noise)) if parameters else ""
    )
    for pattern in _ACCOUNTS[site.platform]:
        groups = pattern.read(path, parameters)
        if groups is not None:
            return _link(site, pattern.kept.format_map(groups) + rest, groups.get("author"))
    return _link(site, address.path + rest, None) if host.role == "own" else None


def _link(site: Site, path: str, author: str | None) -> CanonicalLink:
    return CanonicalLink(f"https://{site.host}{path}", site.platform, site.host, author)


def _comment(site: Site, kept: str, parameters: dict[str, str]) -> str:
    """Returns the parameter of a comment on a publication, if an address links to one."""
    comment = parameters.get(site.comment) if site.comment else None
    if not comment or f"?{site.comment}=" in kept:
        return ""
    return f"{'&' if '?' in kept else '?'}{site.comment}={comment}"


def _of_publication(given: str) -> CanonicalLink | None:
    """Returns the canonical form of the address of a publication of a known site; None for another
    address.
    """
    try:
        address = Address.read(given)
    except UnusableLink:
        return None
    host = _host_of(address)
    if host is None or host.role not in {"own", "copy"}:
        return None
    path, parameters = host.start + address.path, address.parameters()
    if any(pattern.read(path, parameters) is not None for pattern in _PUBLICATIONS[host.site.platform]):
        return _of_site(address, host)
    return None
