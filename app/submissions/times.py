"""When something happened, as a sender says it, turned into a half-open UTC range."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.fields.happened import happened_faults, is_future
from app.parsing.days import Time, day_start, range_of_days, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.fields.words import TimePrecision

_OF_MOMENTS: Final = ("minute", "hour")


class TimeFault(ValueError):
    """A time cannot be used; `field` names whose fault it is, `code` is stable."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


def happened_range(start: Time, end: Time | None, precision: TimePrecision) -> tuple[dt.datetime, dt.datetime]:
    """Give the half-open UTC range of what a sender says.

    Days are inclusive. A moment without an end lasts the minute or the hour that it lies in. What is known to the
    month or year alone covers whole calendar months or years, whichever day of them is named.

    Args:
        start: a day or a moment.
        end: a day when `start` is one (inclusive), a moment when `start` is one (exclusive), or nothing.
        precision: how exactly the time is known.

    Raises:
        TimeFault: the parts do not fit each other.
    """
    if isinstance(start, dt.datetime):
        if precision not in _OF_MOMENTS:
            raise TimeFault("time_precision", "needs-day", "With a moment say `minute` or `hour`; else give the day.")
        if end is not None and not isinstance(end, dt.datetime):
            raise TimeFault("happened_to", "mixed-times", "Give two days or two moments, not one of each.")
        return _of_moments(start, end, precision)
    if isinstance(end, dt.datetime):
        raise TimeFault("happened_to", "mixed-times", "Give two days or two moments, not one of each.")
    if precision in _OF_MOMENTS:
        raise TimeFault("happened_from", "needs-moment", "Enter the time of day, or choose “to the day”.")
    last = start if end is None else end
    if last < start:
        raise TimeFault("happened_to", "ends-before-start", "End date is before start date.")
    return range_of_days(start, last, precision)


def _of_moments(
    start: dt.datetime, end: dt.datetime | None, precision: TimePrecision
) -> tuple[dt.datetime, dt.datetime]:
    if end is None:
        if precision == "hour":
            start = start.replace(minute=0, second=0, microsecond=0)
            return start, start + dt.timedelta(hours=1)
        start = start.replace(second=0, microsecond=0)
        return start, start + dt.timedelta(minutes=1)
    if end <= start:
        raise TimeFault("happened_to", "ends-before-start", "End date is before start date.")
    return start, end


def time_faults(
    start: Time | None, end: Time | None, precision: TimePrecision | None, *, first_day: dt.date, now: dt.datetime
) -> Iterator[TimeFault]:
    """Give what is wrong with the times that are known: out of bounds, or not fitting each other.

    Args:
        start: as of `happened_range`.
        end: as of `happened_range`.
        precision: as of `happened_range`.
        first_day: the first day that may be named.
        now: the moment; what happened more than a day after it is refused.
    """
    bounded = True
    for field, time in (("happened_from", start), ("happened_to", end)):
        if time is not None and is_future(start_of(time), now):
            bounded = False
            yield TimeFault(field, "future", "Date is in the future.")
    if not bounded or start is None or precision is None:
        return
    try:
        begins, ends = happened_range(start, end, precision)
    except TimeFault as fault:
        yield fault
        return
    for refused in happened_faults(begins, ends, now=now):
        yield TimeFault(refused.field, refused.code, refused.message)
    earliest = day_start(first_day)
    if start_of(start) < earliest and not (precision in {"month", "year"} and ends > earliest):
        yield TimeFault("happened_from", "before-first-day", "Date is before the first day this map covers.")
