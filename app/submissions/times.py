"""Converts the time of a submission to a half-open UTC range."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.fields.happened import TOO_LONG, happened_faults, start_faults
from app.parsing.days import Time, day_start, range_of_days, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.fields.words import TimePrecision

_CLOCK_PRECISIONS: Final = ("minute", "hour")


class InvalidTime(ValueError):
    """A time is invalid; `field` is the field with the error, `code` is stable."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


def happened_range(start: Time, end: Time | None, precision: TimePrecision) -> tuple[dt.datetime, dt.datetime]:
    """Returns the half-open UTC range of a time that a sender gave.

    Days are inclusive. A time of day without an end covers its minute or hour. The precisions
    `month` and `year` cover whole calendar months or years.

    Args:
        start: a day, or a date and time.
        end: an inclusive day if `start` is a day, an exclusive date and time otherwise, or None.
        precision: the precision of the time.

    Raises:
        InvalidTime: start, end and precision contradict each other.
    """
    if isinstance(start, dt.datetime):
        if precision not in _CLOCK_PRECISIONS:
            raise InvalidTime(
                "time_precision",
                "needs-day",
                "Use the precision `minute` or `hour`, or leave the time of day out.",
            )
        if end is not None and not isinstance(end, dt.datetime):
            raise InvalidTime("happened_to", "mixed-times", "Enter the time of day for both or for neither.")
        return _clock_range(start, end, precision)
    if isinstance(end, dt.datetime):
        raise InvalidTime("happened_to", "mixed-times", "Enter the time of day for both or for neither.")
    if precision in _CLOCK_PRECISIONS:
        raise InvalidTime("happened_from", "needs-moment", "Enter the time of day, or choose “to the day”.")
    last = start if end is None else end
    if last < start:
        raise InvalidTime("happened_to", "ends-before-start", "End date is before start date.")
    return range_of_days(start, last, precision)


def _clock_range(
    start: dt.datetime, end: dt.datetime | None, precision: TimePrecision
) -> tuple[dt.datetime, dt.datetime]:
    if end is None:
        if precision == "hour":
            start = start.replace(minute=0, second=0, microsecond=0)
            return start, start + dt.timedelta(hours=1)
        start = start.replace(second=0, microsecond=0)
        return start, start + dt.timedelta(minutes=1)
    if end <= start:
        raise InvalidTime("happened_to", "ends-before-start", "End date is before start date.")
    return start, end


def time_errors(
    start: Time | None, end: Time | None, precision: TimePrecision | None, *, first_day: dt.date, now: dt.datetime
) -> Iterator[InvalidTime]:
    """Yields the errors of the given times: outside the allowed range, or contradicting each other.

    Args:
        start: as in `happened_range`.
        end: as in `happened_range`.
        precision: as in `happened_range`.
        first_day: the first day that is allowed.
        now: the current time; a time more than a day later is refused.
    """
    if start is None or precision is None:
        return
    try:
        begins, ends = happened_range(start, end, precision)
    except InvalidTime as error:
        yield error
        return
    except (ValueError, OverflowError):  # it ends after the last day of the calendar
        for refused in [*start_faults(start_of(start), now=now)] or [TOO_LONG]:
            yield InvalidTime(refused.field, refused.code, refused.message)
        return
    faults = list(happened_faults(begins, ends, now=now))
    for refused in faults:
        yield InvalidTime(refused.field, refused.code, refused.message)
    if any(refused.field == "happened_from" for refused in faults):
        return
    earliest = day_start(first_day)
    if start_of(start) < earliest and not (precision in {"month", "year"} and ends > earliest):
        yield InvalidTime("happened_from", "before-first-day", "Date is before the first day this map covers.")
