"""Turns the links of an imported row into sources: one for each publication, without closed groups
and invalid addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from app.exchange.records import Facts, Remark, RowRefused, SourceRecord
from app.sources.address import trim_link
from app.sources.canonical import canonicalise
from app.sources.naming import name_of
from app.sources.refusals import UnusableLink
from app.sources.report_pages import KEPT_AS_REPORT, role_of

LEFT_OUT: Final = "link left out:"
SAME_POST: Final = "several links to the same post merged"


def parse_links(
    field: str,
    urls: Sequence[str],
    role: str,
    known: Iterable[SourceRecord] = (),
    facts: Sequence[Facts] = (),
) -> tuple[list[SourceRecord], list[Remark], list[str]]:
    """Returns the sources behind links.

    Args:
        field: the name of the links in the file.
        urls: the links as given.
        role: the role of the sources for the event.
        known: sources that the event has already.
        facts: fields that the row states about the source of each link; may be empty.

    Returns:
        The sources, remarks on links that were left out, and notes on merged links and on pages of
        text that are no footage.

    Raises:
        RowRefused: the row states contradicting facts for two links to one post.
    """
    sources: list[SourceRecord] = []
    remarks: list[Remark] = []
    notes: list[str] = []
    known_urls = {source.canonical_url for source in known}
    number_of: dict[str, int] = {}
    for url, stated in zip(urls, facts or [{}] * len(urls), strict=True):
        try:
            link = canonicalise(url)
        except UnusableLink as refused:
            remarks.append(Remark(field, url, f"{LEFT_OUT} {refused.message}"))
            continue
        if link.url in known_urls:
            notes.append(SAME_POST)
            continue
        number = number_of.setdefault(link.url, len(sources))
        kept = role_of(link, role)
        if kept != role:
            notes.append(KEPT_AS_REPORT)
        if number < len(sources):
            notes.append(SAME_POST)
            sources[number] = add_facts(sources[number], stated, "")
            continue
        sources.append(
            SourceRecord(
                name=name_of(link),
                role=kept,
                canonical_url=link.url,
                given_url=trim_link(url),
                platform=link.platform,
                author=link.author,
                facts=stated,
            )
        )
    return sources, remarks, notes


def add_facts(source: SourceRecord, stated: Facts, where: str) -> SourceRecord:
    """Returns a source with further facts that a row states about it.

    Args:
        source: the source so far.
        stated: facts that the row gives for the same source.
        where: the prefix of the names of the facts, for reasons.

    Raises:
        RowRefused: the row states two values of one fact.
    """
    for name, value in stated.items():
        before = source.facts.get(name, value)
        if before != value:
            raise RowRefused(f"{where}{name}", value, f"The row also says `{before}` about the same source.")
    return replace(source, facts={**source.facts, **stated}) if stated else source
