"""The links of a foreign row as sources: each publication once, closed groups and what is no address left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.exchange.records import Remark, SourceRecord
from app.sources.canonical import canonicalise
from app.sources.naming import name_of
from app.sources.refusals import UnusableLink

LEFT_OUT: Final = "the link was left out, the row kept:"
SAME_POST: Final = "links to one post under two addresses made one"


def sources_of_links(
    field: str, urls: Iterable[str], role: str, known: tuple[SourceRecord, ...] = ()
) -> tuple[list[SourceRecord], list[Remark], list[str]]:
    """Give the sources behind links.

    Args:
        field: what the file calls them.
        urls: as given.
        role: what they are for the event.
        known: sources that the event has already.

    Returns:
        The sources, remarks on links that were left out, and notes on those made one.
    """
    sources: list[SourceRecord] = []
    remarks: list[Remark] = []
    notes: list[str] = []
    seen = {source.canonical_url for source in known}
    for url in urls:
        try:
            link = canonicalise(url)
        except UnusableLink as refused:
            remarks.append(Remark(field, url, f"{LEFT_OUT} {refused.message}"))
            continue
        if link.url in seen:
            notes.append(SAME_POST)
            continue
        seen.add(link.url)
        sources.append(
            SourceRecord(
                name=name_of(link),
                role=role,
                canonical_url=link.url,
                given_url=url,
                platform=link.platform,
                author=link.author,
            )
        )
    return sources, remarks, notes
