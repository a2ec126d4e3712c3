"""Parses days, moments, intervals and periods. Inside the application, time is UTC and ranges are
half-open.

A day that a person writes is a whole UTC day, and both days of an interval are included.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

from app.messages import Translatable

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d{2}", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_OPEN: Final = frozenset(("", ".."))

Time = dt.date | dt.datetime


@dataclass(frozen=True)
class TimeFilter:
    """When something must happen to match: its half-open range intersects `[after, before)`, or
    `[after, before]`.

    None means open at that end.
    """

    after: dt.datetime | None
    before: dt.datetime | None
    before_included: bool = False


@dataclass(frozen=True)
class Period:
    """A half-open range of time in UTC, and how exactly it is known."""

    start: dt.datetime
    end: dt.datetime
    precision: str


def parse_day(text: str) -> dt.date:
    """Parses an ISO date.

    Raises:
        ValueError: the text is not a date, or the day does not exist.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(Translatable("Must be a date such as 2025-07-21."))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(Translatable("Must be a real calendar date.")) from None


def parse_moment(text: str) -> dt.datetime:
    """Parses a date with a time and an offset as RFC 3339 defines it; returns UTC.

    Raises:
        ValueError: the text is not such a time, has no offset, or does not exist.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(Translatable("Must be a date and time with a time zone, such as 2025-07-21T06:00:00Z."))
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ValueError(Translatable("Must be a real calendar date and time of day.")) from None


def parse_time(text: str) -> Time:
    """Parses a date, or a date with a time and an offset.

    Raises:
        ValueError: the text is neither.
    """
    if _DAY.fullmatch(text):
        return parse_day(text)
    if _MOMENT.fullmatch(text):
        return parse_moment(text)
    raise ValueError(
        Translatable("Must be a date such as 2025-07-21, or a date and time such as 2025-07-21T06:00:00Z.")
    )


def start_of(time: Time) -> dt.datetime:
    """Returns the first moment of a UTC day, or the moment itself."""
    return time if isinstance(time, dt.datetime) else day_start(time)


def day_start(day: dt.date) -> dt.datetime:
    """Returns the first moment of a UTC day."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def day_end(day: dt.date) -> dt.datetime | None:
    """Returns the first moment after a UTC day; None after the last day of the calendar."""
    return None if day == dt.date.max else day_start(day + dt.timedelta(days=1))


def parse_interval(text: str) -> TimeFilter:
    """Parses a date, a time, or an interval `start/end`, as OGC API Features defines `datetime`.
    `..` is an open end.

    Raises:
        ValueError: the text is none of these, is open at both ends, or ends before it starts.
    """
    start_text, slash, end_text = text.partition("/")
    if not slash:
        end_text = start_text
    if start_text in _OPEN and end_text in _OPEN:
        raise ValueError("Must have a start or an end: a date, a time, or an interval start/end.")
    start, end = _parse_end(start_text), _parse_end(end_text)
    after = None if start is None else start_of(start)
    # A day is included as a whole: its interval ends before the next day.
    included = isinstance(end, dt.datetime)
    before = end if end is None or isinstance(end, dt.datetime) else day_end(end)
    if after is not None and before is not None and (before < after or (before == after and not included)):
        raise ValueError("The end must not be before the start.")
    return TimeFilter(after, before, included)


def _parse_end(text: str) -> Time | None:
    if text in _OPEN:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} cannot be used. {error}") from None


def parse_period(text: str) -> Period:
    """Parses `2025-07-21`, `2025-07`, `2025`, or a date and time, which is precise to the minute.

    Raises:
        ValueError: the text is none of these, or the period does not exist.
    """
    if _MONTH.fullmatch(text):
        month = parse_day(f"{text}-01")
        return Period(*range_of_days(month, month, "month"), "month")
    if _YEAR.fullmatch(text):
        year = parse_day(f"{text}-01-01")
        return Period(*range_of_days(year, year, "year"), "year")
    time = parse_time(text)
    if isinstance(time, dt.datetime):
        try:
            return Period(time, time + dt.timedelta(minutes=1), "minute")
        except OverflowError:
            raise _too_late() from None
    return Period(*range_of_days(time, time, "day"), "day")


def range_of_days(first: dt.date, last: dt.date, precision: str) -> tuple[dt.datetime, dt.datetime]:
    """Returns the half-open range of the days. The precision `month` or `year` widens it to whole
    months or years.

    Raises:
        ValueError: the range ends after the last day of the calendar.
    """
    if precision == "year":
        first, last = first.replace(month=1, day=1), last.replace(month=12, day=31)
    elif precision == "month":
        first, last = first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])
    end = day_end(last)
    if end is None:
        raise _too_late()
    return day_start(first), end


def _too_late() -> ValueError:
    return ValueError(Translatable("Must be before 31 December 9999."))
