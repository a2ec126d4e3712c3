"""Describes a site on which people publish: its hosts and the forms of its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """A form of addresses.

    Attributes:
        path: a pattern of the whole path, without a slash at the end.
        kept: the canonical path and query, with the groups of the patterns in braces.
        where: patterns of required parameters; others are ignored. Values are percent-encoded where
            necessary.

    A group `author` is the account that published. Groups in `Site.caseless` are converted to lower
    case.
    """

    path: str
    kept: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A site on which people publish.

    Attributes:
        platform: its slug in the field `platform` of sources.
        name: its name for people.
        host: the host of canonical addresses.
        hosts: its other hosts, such as mobile hosts and old names.
        subdomains: a pattern of subdomains of `host`, and the prefix that they add to the path,
            with `{label}` for the subdomain: empty for languages, the account for accounts.
        starts: hosts whose paths lack this prefix of the paths of `host`.
        copies: hosts of others that show its publications under the same paths.
        copy_labels: first labels of such hosts, with any domain.
        separate: hosts of its short links and files. Only the site knows the targets, so these
            addresses stay unchanged.
        publications: the forms of addresses of publications; the first match is used.
        accounts: the forms of addresses of accounts and groups; parameters except `noise` stay.
        comment: a parameter that names a comment on a publication; the comment counts as a
            publication.
        members_only: a pattern of paths that the public cannot open.
        private_hosts: hosts that show people their own account.
        noise: parameters without meaning in all other addresses.
        caseless: groups of the forms whose case is ignored.
    """

    platform: str
    name: str
    host: str
    hosts: tuple[str, ...] = ()
    subdomains: tuple[str, str] | None = None
    starts: Mapping[str, str] = field(default_factory=dict)
    copies: tuple[str, ...] = ()
    copy_labels: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()
    publications: tuple[Form, ...] = ()
    accounts: tuple[Form, ...] = ()
    comment: str = ""
    members_only: str = ""
    private_hosts: tuple[str, ...] = ()
    noise: frozenset[str] = frozenset()
    caseless: frozenset[str] = frozenset({"author"})
