"""The rule of dates: an event starts from 1900 to 24 hours from now, and ends at most ten years
after its start.

Every door asks this module: the forms, the API, the desk, imports, and the database, whose
constraints and triggers contain `sql_rule` (docs/decisions/0041-one-rule-for-dates.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.fields.limits import EARLIEST_YEAR, FUTURE_ALLOWED, LONGEST_YEARS
from app.fields.words import _

EARLIEST: Final = dt.datetime(EARLIEST_YEAR, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class HappenedFault:
    """An error in a time range: `field` is the name of the wrong field, `code` is stable, and
    `message` is English.
    """

    field: str
    code: str
    message: str


TOO_LONG: Final = HappenedFault(
    "happened_to", "lasts-too-long", _("The end is more than ten years after the beginning.")
)


def start_faults(moment: dt.datetime, *, now: dt.datetime, field: str = "happened_from") -> Iterator[HappenedFault]:
    """Yields the error of a moment at which something starts.

    Args:
        moment: in UTC.
        now: the current time.
        field: the name of the field, for the error.
    """
    if moment > now + FUTURE_ALLOWED:
        yield HappenedFault(field, "future", _("Date is in the future."))
    if moment < EARLIEST:
        yield HappenedFault(field, "too-early", _("Date is before the year 1900."))


def happened_faults(
    happened_from: dt.datetime, happened_to: dt.datetime, *, now: dt.datetime
) -> Iterator[HappenedFault]:
    """Yields the errors of a time range.

    Args:
        happened_from: the first moment, in UTC.
        happened_to: the first moment after it, in UTC.
        now: the current time.
    """
    if happened_from >= happened_to:
        yield HappenedFault("happened_to", "ends-before-start", _("The end must be after the beginning."))
    elif happened_to > latest_end(happened_from):
        yield TOO_LONG
    yield from start_faults(happened_from, now=now)


def latest_end(start: dt.datetime) -> dt.datetime:
    """Returns the last moment at which something may end that starts at `start`, as PostgreSQL adds
    years: 29 February becomes 28 February.
    """
    year = start.year + LONGEST_YEARS
    if year > dt.MAXYEAR:
        return dt.datetime.max.replace(tzinfo=start.tzinfo)
    try:
        return start.replace(year=year)
    except ValueError:
        return start.replace(year=year, day=28)


def sql_rule(start: str, end: str | None = None) -> str:
    """Returns the part of the rule that does not depend on the clock, as an SQL condition.

    The condition is immutable, as a constraint must be: it does not depend on the time zone of the
    session.

    Args:
        start: the name of the column with the start.
        end: the name of the column with the exclusive end, if there is one.
    """
    rule = f"{start} >= '{EARLIEST.isoformat()}'::timestamptz AND isfinite({start})"
    if end is None:
        return rule
    longest = f"({start} AT TIME ZONE 'UTC') + interval '{LONGEST_YEARS} years'"
    return f"{rule} AND ({end} AT TIME ZONE 'UTC') <= {longest}"


def sql_future(start: str) -> str:
    """Returns the condition that a start is too far in the future, by the clock of the database."""
    return f"{start} > frontline.app_now() + interval '{FUTURE_ALLOWED // dt.timedelta(hours=1)} hours'"
