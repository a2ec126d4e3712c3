"""The dates that senders enter become a half-open range, or an error of a field."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.submissions.times import InvalidTime, happened_range, time_errors

if TYPE_CHECKING:
    from app.fields.words import TimePrecision
    from app.parsing.days import Time

FIRST_DAY = dt.date(2022, 2, 24)
NOW = dt.datetime(2025, 7, 23, 12, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "precision", "range_"),
    [
        (day("2025-07-21"), None, "day", ("2025-07-21", "2025-07-22")),
        (day("2025-07-19"), day("2025-07-21"), "day", ("2025-07-19", "2025-07-22")),
        (day("2025-07-31"), day("2025-07-31"), "day", ("2025-07-31", "2025-08-01")),
        (day("2024-08-15"), None, "month", ("2024-08-01", "2024-09-01")),
        (day("2024-11-15"), day("2024-12-03"), "month", ("2024-11-01", "2025-01-01")),
        (day("2024-08-15"), None, "year", ("2024-01-01", "2025-01-01")),
        (moment("2025-07-21T06:12:34"), None, "minute", ("2025-07-21T06:12", "2025-07-21T06:13")),
        (moment("2025-07-21T23:12"), None, "hour", ("2025-07-21T23:00", "2025-07-22T00:00")),
        (moment("2025-07-21T06:12"), moment("2025-07-21T08:00"), "hour", ("2025-07-21T06:12", "2025-07-21T08:00")),
    ],
)
def test_ranges(start: Time, end: Time | None, precision: TimePrecision, range_: tuple[str, str]) -> None:
    assert happened_range(start, end, precision) == (moment(range_[0]), moment(range_[1]))


@pytest.mark.parametrize(
    ("start", "end", "precision", "error"),
    [
        (day("2025-07-21"), day("2025-07-20"), "day", ("happened_to", "ends-before-start")),
        (moment("2025-07-21T06:00"), moment("2025-07-21T06:00"), "minute", ("happened_to", "ends-before-start")),
        (day("2025-07-21"), moment("2025-07-21T06:00"), "day", ("happened_to", "mixed-times")),
        (moment("2025-07-21T06:00"), day("2025-07-21"), "hour", ("happened_to", "mixed-times")),
        (day("2025-07-21"), None, "hour", ("happened_from", "needs-moment")),
        (moment("2025-07-21T06:00"), None, "day", ("time_precision", "needs-day")),
        (moment("2025-07-21T06:00"), None, "month", ("time_precision", "needs-day")),
        (day("2025-07-25"), None, "day", ("happened_from", "future")),
        (day("2025-07-21"), day("9999-12-31"), "day", ("happened_to", "lasts-too-long")),
        (day("0001-01-01"), None, "day", ("happened_from", "too-early")),
        (moment("2025-07-24T12:01"), None, "minute", ("happened_from", "future")),
        (day("9999-12-31"), None, "year", ("happened_from", "future")),
        (day("2022-02-23"), None, "day", ("happened_from", "before-first-day")),
        (moment("2022-02-23T23:59"), None, "minute", ("happened_from", "before-first-day")),
        (day("2022-01-31"), None, "month", ("happened_from", "before-first-day")),
    ],
)
def test_errors(start: Time, end: Time | None, precision: TimePrecision, error: tuple[str, str]) -> None:
    (first_error,) = time_errors(start, end, precision, first_day=FIRST_DAY, now=NOW)
    assert (first_error.field, first_error.code) == error


@pytest.mark.parametrize(
    ("start", "precision"),
    [
        (day("2025-07-24"), "day"),  # it is already tomorrow in time zones east of UTC
        (moment("2025-07-24T12:00"), "minute"),
        (day("2022-02-24"), "day"),
        (day("2022-02-01"), "month"),  # the month of the first day
        (day("2022-01-01"), "year"),
        (day("2025-07-01"), "month"),  # the current month, which has not ended
    ],
)
def test_bounds_are_included(start: Time, precision: TimePrecision) -> None:
    assert not list(time_errors(start, None, precision, first_day=FIRST_DAY, now=NOW))


def test_invalid_time_names_its_field() -> None:
    with pytest.raises(InvalidTime) as error:
        happened_range(day("2025-07-21"), day("2025-07-20"), "day")
    assert error.value.field == "happened_to"
