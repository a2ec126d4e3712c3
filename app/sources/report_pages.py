"""Tells pages of text, such as daily reports, from footage. Pure.

A page of a site that publishes reports alone is no footage of an event. People are asked for the
link of the footage; imports keep the link, as a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeVar

if TYPE_CHECKING:
    from app.sources.canonical import CanonicalLink

Role = TypeVar("Role", bound=str)

# Sites that publish text alone, with their subdomains. News sites are not among them, because they
# publish footage as well.
REPORT_HOSTS: Final = ("understandingwar.org", "criticalthreats.org", "wikipedia.org")

NO_FOOTAGE: Final = "This is a page of text, a report and not footage. Enter the link of the footage itself."
KEPT_AS_REPORT: Final = "links to pages of text, kept as reports and not as footage"


def is_report_page(link: CanonicalLink) -> bool:
    """Tells whether a link leads to a page of text, of a site that publishes no footage."""
    return f".{link.publisher}".endswith(tuple(f".{host}" for host in REPORT_HOSTS))


def role_of(link: CanonicalLink, role: Role) -> Role | Literal["report"]:
    """Returns the role of a source: a page of text is a report where it is said to be footage."""
    return "report" if role == "footage" and is_report_page(link) else role
