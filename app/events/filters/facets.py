"""Renders a filter of events as facets of the tallies: counts by day
(`app/models/event_point.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, assert_never

from app.events.filters.conditions import (
    AnyOf,
    Below,
    Condition,
    During,
    NamesPlace,
    Near,
    OfSource,
    Touches,
    Words,
)

if TYPE_CHECKING:
    from app.parsing.days import TimeFilter

# The prefix of the facets for some columns. `frontline.tally()` in `sql/derived.sql` writes the
# facets.
FACETS: Final[Mapping[tuple[str, ...], str]] = {
    ("category",): "category",
    ("actor", "affected"): "side",
    ("verification",): "verification",
    ("origin",): "origin",
}
_ALL: Final = ""
_MIDNIGHT: Final = dt.time()


def facets_of(conditions: Sequence[Condition]) -> list[str] | None:
    """Returns the facets whose counts add up to the events that match; None if the tallies lack the
    condition.

    A tally counts events by one facet. An event has one category, also counted for its parents, but
    may have two sides, so a sum over two sides could count it twice.
    """
    facets: list[list[str]] = []
    for condition in conditions:
        match condition:
            case During(time):
                if not whole_days(time):
                    return None
            case Below(column, slugs) if (column,) in FACETS:
                tops = [slug for slug in slugs if not any(slug.startswith(f"{other}.") for other in slugs)]
                facets.append([f"{FACETS[column,]}:{slug}" for slug in dict.fromkeys(tops)])
            case AnyOf(columns, values) if columns in FACETS and (len(columns) == 1 or len(set(values)) == 1):
                facets.append([f"{FACETS[columns]}:{value}" for value in dict.fromkeys(values)])
            case Below() | AnyOf() | OfSource() | Words() | Near() | NamesPlace() | Touches():
                return None
            case _:
                assert_never(condition)
    if len(facets) > 1:
        return None
    return facets[0] if facets else [_ALL]


def is_exact_and_cheap(condition: Condition) -> bool:
    """Checks whether responses for a condition may be cached: points and tallies are queried
    quickly.
    """
    match condition:
        case Below() | AnyOf():
            return True
        case During(time):
            return whole_days(time)
        case OfSource() | Words() | Near() | NamesPlace() | Touches():
            return False
        case _:
            assert_never(condition)


def time_of(conditions: Sequence[Condition]) -> TimeFilter | None:
    """Returns the time range of a filter; None without one."""
    return next((condition.time for condition in conditions if isinstance(condition, During)), None)


def whole_days(time: TimeFilter) -> bool:
    """Checks whether a time range begins and ends at midnight or is open."""
    ends = [end for end in (time.after, time.before) if end is not None]
    return not time.before_included and all(end.time() == _MIDNIGHT for end in ends)


def touched_days(time: TimeFilter | None) -> tuple[dt.date, dt.date]:
    """Returns the first and the last day of a time range."""
    first = dt.date.min if time is None or time.after is None else time.after.date()
    last = dt.date.max
    if time is not None and time.before is not None:
        last = (time.before if time.before_included else time.before - dt.timedelta(microseconds=1)).date()
    return first, last
