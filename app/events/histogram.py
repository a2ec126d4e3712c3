"""Counts the events that begin on each day: from the tallies if possible, else from the points."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.events.filters import conditions_of
from app.events.filters.facets import facets_of, touched_days
from app.events.tile_statements import changes_statement, starts_statement
from app.http.tiles import fetch_all

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.events.filters import EventFilter

# Prefixes of the facets of tallies, and how precisely they are dated.
_SPANS: Final = {"": "day", "longer/": "day", "month/": "month", "year/": "year"}

_SELECT_TALLIES: Final = text("""
    SELECT facet, year, days FROM public_event_tally
    WHERE level = 0 AND cell = 0 AND facet = ANY (:facets)
        AND year >= :first_year AND year <= :last_year
""")

Bars = Counter[tuple[str, dt.date]]


def make_histogram(session: PublicReadSession, event_filter: EventFilter) -> dict[str, Any]:
    """Returns the histogram of a filter; see `schemas.Histogram`."""
    facets = facets_of(conditions_of(event_filter))
    if facets is not None:
        bars = _read_tallies(session, event_filter, facets)
    else:
        rows = fetch_all(session, starts_statement(event_filter))
        bars = Counter({(row[0], row[1]): int(row[2]) for row in rows})
    days = [day for (span, day), n in bars.items() if span == "day" and n]
    first, last = (min(days), max(days)) if days else (None, None)
    counts = [] if first is None or last is None else [0] * ((last - first).days + 1)
    known: Counter[str] = Counter()
    for (span, day), n in bars.items():
        known[span] += n
        if span == "day" and n and first is not None:
            counts[(day - first).days] += n
    return {
        "first_day": first,
        "counts": counts,
        "known_to_month": known["month"],
        "known_to_year": known["year"],
    }


def _read_tallies(session: PublicReadSession, event_filter: EventFilter, facets: list[str]) -> Bars:
    first, last = touched_days(event_filter.datetime)
    bars: Bars = Counter()
    rows = session.execute(
        _SELECT_TALLIES,
        {
            "facets": [f"{span}{facet}" for span in _SPANS for facet in facets],
            "first_year": first.year,
            "last_year": last.year,
        },
    )
    for facet, year, days in rows:
        span = _SPANS[facet[: facet.find("/") + 1]]
        start = dt.date(year, 1, 1)
        for number, n in enumerate(days):
            if n and first <= (day := start + dt.timedelta(days=number)) <= last:
                bars[span, day] += n
    for span, day, n in fetch_all(session, changes_statement(event_filter)):
        bars[_SPANS.get(f"{span}/", "day"), day] += n
    return bars
