"""How many events begin on each day: from the tallies when they can tell, else by counting points."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.events.tile_statements import facets_of, starts_statement, tallied_days, whole_days
from app.http.tiles import in_session

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.events.schemas import HistogramQuery

# Facets of the tallies begin with these; what they say is known of when it happened.
_SPANS: Final = {"": "day", "longer/": "day", "month/": "month", "year/": "year"}

_TALLIED: Final = text("""
    SELECT facet, year, days FROM public_event_tally
    WHERE level = 0 AND cell = 0 AND facet = ANY (:facets)
        AND year >= :first_year AND year <= :last_year
""")
_NOTED: Final = text("""
    SELECT span, day, category, actor, affected, verification, sum(change) FROM public_event_tally_change
    WHERE day >= :first_day AND day <= :last_day
    GROUP BY 1, 2, 3, 4, 5, 6
""")

Bars = Counter[tuple[str, dt.date]]


def make_histogram(session: PublicReadSession, asked: HistogramQuery) -> dict[str, Any]:
    """Count what matches; see `schemas.Histogram`."""
    facets = facets_of(asked)
    if facets is not None and asked.bbox is None and whole_days(asked.datetime):
        bars = _tallied(session, asked, facets)
    else:
        rows = in_session(session, starts_statement(asked))
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


def _tallied(session: PublicReadSession, asked: HistogramQuery, facets: list[str]) -> Bars:
    first, last = tallied_days(asked.datetime)
    bars: Bars = Counter()
    rows = session.execute(
        _TALLIED,
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
    for span, day, category, actor, affected, verification, n in session.execute(
        _NOTED, {"first_day": first, "last_day": last}
    ):
        if _matches(asked, category, {actor, affected}, verification):
            bars[_SPANS.get(f"{span}/", "day"), day] += n
    return bars


def _matches(asked: HistogramQuery, category: str, sides: set[str | None], verification: str) -> bool:
    """Tell whether what is noted is of the kind that is asked for."""
    return (
        (not asked.category or any(category == one or category.startswith(f"{one}.") for one in asked.category))
        and (not asked.side or bool(sides.intersection(asked.side)))
        and (not asked.verification or verification in asked.verification)
    )
