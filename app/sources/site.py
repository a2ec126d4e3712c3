"""What is told of a site on which people publish: its hosts, and how it writes the addresses of
what it publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """A way to write an address.

    Attributes:
        path: a pattern of the whole path; it has no slash at its end.
        kept: path and query under which it is kept, with the groups of the patterns in braces.
        where: patterns of parameters that must be there; others do not matter. What is
            percent-encoded in them stays so, but for the characters that need not be.

    A group `author` is the account that published. The groups of `Site.caseless` are kept in lower
    case.
    """

    path: str
    kept: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A site on which people publish.

    Attributes:
        platform: its slug, as sources bear it.
        name: what people call it.
        host: the host of canonical addresses.
        hosts: its other hosts: for phones, old names.
        subdomains: a pattern of labels that may stand before `host`, and what they put before the
            path, where `{label}` is the label: nothing when they are languages, the account when
            they are accounts.
        starts: hosts whose paths are those of `host` without this beginning.
        copies: hosts of others that show its publications under the same paths, and nothing else of
            its own.
        copy_labels: first labels of hosts that do so, whatever follows.
        separate: hosts of its short links and files. Only the site can tell where they lead, so
            they stay as they are.
        publications: the forms of addresses of publications, the first that fits counts.
        accounts: the forms of addresses of accounts and groups; parameters stay, but for `noise`.
        comment: a parameter that names a comment beneath a publication: a publication of its own.
        members_only: a pattern of paths where the public cannot follow.
        private_hosts: hosts that show people their own account.
        noise: parameters without meaning in all other addresses.
        caseless: groups of the forms in which upper and lower case mean the same.
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
