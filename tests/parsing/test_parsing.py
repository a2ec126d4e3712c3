"""The values that each parser accepts and refuses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parsing.bbox import BoundingBox, parse_bbox
from app.parsing.booleans import parse_boolean
from app.parsing.cursors import decode_cursor, encode_cursor
from app.parsing.days import (
    TimeFilter,
    day_end,
    parse_day,
    parse_interval,
    parse_moment,
    parse_period,
    parse_time,
    range_of_days,
)
from app.parsing.lists import check_choices, split_list
from app.parsing.numbers import is_digits, parse_number, parse_whole_number
from app.parsing.positions import Circle, parse_circle, parse_position
from app.parsing.slugs import check_slug, is_slug
from app.parsing.text import check_characters, escape_like

UTC = dt.UTC


def refusal(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        parse(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("48.25", 48.25), ("-0.5", -0.5), ("+3", 3), (".5", 0.5), ("7.", 7), ("1e-7", 1e-7), (" 2 ", 2), ("5E2", 500)],
)
def test_numbers(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "NaN", "nan", "inf", "-Infinity", "1e400", "1e100", "1,5", "0x10", "١٢", "1_000", "1 0", "--1", "1" * 21],
)
def test_invalid_numbers(text: str) -> None:
    assert refusal(parse_number, text) == "Must be a number."


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("05", 5), ("5.0", 5), ("5.", 5), ("+5", 5), (" 5 ", 5)])
def test_whole_numbers(text: str, number: int) -> None:
    assert parse_whole_number(text, 1, 10) == number


# A spreadsheet writes 706483 as 7.06E+05, which is a different number and must be refused.
@pytest.mark.parametrize(
    "text", ["", "0", "11", "5.5", "-5", "5e0", "7.06E+05", "1e99", "\u0665", "nan", "1_0", "1" * 30]
)
def test_invalid_whole_numbers(text: str) -> None:
    assert refusal(lambda text: parse_whole_number(text, 1, 10), text) == "Must be a whole number from 1 to 10."


def test_digits() -> None:
    assert is_digits("0123")
    assert not any(map(is_digits, ("", "²", "\u0661", "-1", "1.0", " 1")))


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("36.9,48.1,37.4,48.4", BoundingBox(36.9, 48.1, 37.4, 48.4)),
        (" 1, 2 ,3,4", BoundingBox(1, 2, 3, 4)),
        ("-180,-90,180,90", BoundingBox(-180, -90, 180, 90)),
        ("1,2,1,2", BoundingBox(1, 2, 1, 2)),
        ("1,2,-100,3,4,100", BoundingBox(1, 2, 3, 4)),  # heights are ignored
        ("179,0,-179,20", BoundingBox(179, 0, -179, 20)),
    ],
)
def test_bounding_boxes(text: str, box: BoundingBox) -> None:
    assert parse_bbox(text) == box


def test_bounding_box_across_the_antimeridian_has_two_parts() -> None:
    assert parse_bbox("179,0,-179,20").parts() == ((179, 0, 180, 20), (-180, 0, -179, 20))
    assert parse_bbox("-179,0,179,20").parts() == ((-179, 0, 179, 20),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Must be 4 numbers: west,south,east,north."),
        ("1,2,3", "Must be 4 numbers: west,south,east,north."),
        ("1,2,3,4,5", "Must be 4 numbers: west,south,east,north."),
        ("a,2,3,4", "The west must be a number."),
        ("1,2,3,nan", "The north must be a number."),
        ("1,2,low,3,4,5", "The lowest height must be a number."),
        ("-180.1,2,3,4", "The west side must be between -180 and 180 degrees."),
        ("1,2,181,4", "The east side must be between -180 and 180 degrees."),
        ("1,-91,3,4", "The south side must be between -90 and 90 degrees."),
        ("1,2,3,90.1", "The north side must be between -90 and 90 degrees."),
        ("1,9,8,2", "The south side must not be greater than the north side."),
    ],
)
def test_invalid_bounding_boxes(text: str, reason: str) -> None:
    assert refusal(parse_bbox, text) == reason


def test_positions_and_circles() -> None:
    assert parse_position("37.1,48.2") == (37.1, 48.2)
    assert parse_circle("37.1,48.2,1500") == Circle(37.1, 48.2, 1500)
    across = parse_circle("179.99,0,5000").bounding_box()
    assert across.west > across.east
    assert parse_circle("0,90,1000").bounding_box() == BoundingBox(-180, 90 - 1010 / 110_500, 180, 90)


@pytest.mark.parametrize(
    ("parse", "text", "reason"),
    [
        (parse_position, "1", "Must be 2 numbers: longitude,latitude."),
        (parse_position, "181,1", "The longitude must be between -180 and 180 degrees."),
        (parse_position, "1,91", "The latitude must be between -90 and 90 degrees."),
        (parse_position, "x,1", "The longitude must be a number."),
        (parse_circle, "1,2", "Must be 3 numbers: longitude,latitude,radius in metres."),
        (parse_circle, "1,2,0", "The radius must be more than 0 and at most 1000000 metres."),
        (parse_circle, "1,2,1000001", "The radius must be more than 0 and at most 1000000 metres."),
        (parse_circle, "1,-91,5", "The latitude must be between -90 and 90 degrees."),
    ],
)
def test_invalid_positions_and_circles(parse: Callable[[str], object], text: str, reason: str) -> None:
    assert refusal(parse, text) == reason


def test_days_and_moments() -> None:
    assert parse_day("2024-02-29") == dt.date(2024, 2, 29)
    assert parse_moment("2025-07-21T01:30:00+03:00") == dt.datetime(2025, 7, 20, 22, 30, tzinfo=UTC)
    assert parse_time("2025-07-21") == dt.date(2025, 7, 21)
    assert parse_time("2025-07-21t06:00:00.5z") == dt.datetime(2025, 7, 21, 6, 0, 0, 500_000, tzinfo=UTC)
    assert day_end(dt.date(2025, 12, 31)) == dt.datetime(2026, 1, 1, tzinfo=UTC)
    assert day_end(dt.date.max) is None


@pytest.mark.parametrize(
    ("parse", "text", "reason"),
    [
        (parse_day, "21.07.2025", "Must be a date such as 2025-07-21."),
        (parse_day, "20250721", "Must be a date such as 2025-07-21."),
        (parse_day, "２０２５-07-21", "Must be a date such as 2025-07-21."),  # noqa: RUF001 - full width
        (parse_day, "2023-02-29", "Must be a real calendar date."),
        (parse_moment, "2025-07-21T06:30", "Must be a date and time with a time zone, such as 2025-07-21T06:00:00Z."),
        (parse_moment, "2025-07-21T24:30:00Z", "Must be a real calendar date and time of day."),
        (parse_moment, "0001-01-01T00:00:00+01:00", "Must be a real calendar date and time of day."),
        (parse_time, "2025-02-30", "Must be a real calendar date."),
    ],
)
def test_invalid_days_and_moments(parse: Callable[[str], object], text: str, reason: str) -> None:
    assert refusal(parse, text) == reason


def test_time_may_be_a_day_or_a_moment() -> None:
    for text in ("", "now", "2025-07", "2025-07-21T06:30"):
        assert refusal(parse_time, text).startswith("Must be a date such as 2025-07-21, or a date and time")


def moment(day: int, hour: int = 0) -> dt.datetime:
    return dt.datetime(2025, 7, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("2025-07-21", TimeFilter(moment(21), moment(22))),
        ("2025-07-15/2025-07-21", TimeFilter(moment(15), moment(22))),
        ("2025-07-21/..", TimeFilter(moment(21), None)),
        ("/2025-07-21", TimeFilter(None, moment(22))),
        ("2025-07-21T06:00:00Z", TimeFilter(moment(21, 6), moment(21, 6), before_included=True)),
        ("2025-07-21/2025-07-22T06:00:00Z", TimeFilter(moment(21), moment(22, 6), before_included=True)),
        ("../9999-12-31", TimeFilter(None, None)),  # no later day exists
    ],
)
def test_intervals_are_half_open_and_both_days_are_included(text: str, interval: TimeFilter) -> None:
    assert parse_interval(text) == interval


@pytest.mark.parametrize("text", ["", "..", "../..", "/", "/.."])
def test_interval_has_a_start_or_an_end(text: str) -> None:
    assert refusal(parse_interval, text).startswith("Must have a start or an end")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-07-21/2025-07-20", "The end must not be before the start."),
        ("2025-07-21T06:00:00Z/2025-07-20T06:00:00Z", "The end must not be before the start."),
        ("2025-07-32", "'2025-07-32' cannot be used. Must be a real calendar date."),
        ("x/2025-07-21", "'x' cannot be used. Must be a date such as 2025-07-21, or"),
        ("2025-07-20/2025-07-21/2025-07-22", "'2025-07-21/2025-07-22' cannot be used."),
    ],
)
def test_invalid_intervals(text: str, reason: str) -> None:
    assert refusal(parse_interval, text).startswith(reason)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2025-07-21", "2025-07-21T00:00", "2025-07-22T00:00", "day"),
        ("2024-02", "2024-02-01T00:00", "2024-03-01T00:00", "month"),
        ("2024-12", "2024-12-01T00:00", "2025-01-01T00:00", "month"),
        ("2024", "2024-01-01T00:00", "2025-01-01T00:00", "year"),
        ("2025-07-21T06:30:00Z", "2025-07-21T06:30", "2025-07-21T06:31", "minute"),
    ],
)
def test_periods(text: str, start: str, end: str, precision: str) -> None:
    period = parse_period(text)
    assert period.start == dt.datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.end == dt.datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert period.precision == precision


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_period_ends_within_the_calendar(text: str) -> None:
    assert refusal(parse_period, text) == "Must be before 31 December 9999."


@pytest.mark.parametrize("text", ["0000", "2024-13", "2024-00"])
def test_period_outside_the_calendar_is_refused(text: str) -> None:
    assert refusal(parse_period, text) == "Must be a real calendar date."


@given(st.dates(max_value=dt.date(9998, 12, 31)), st.integers(0, 400))
def test_ranges_of_days_contain_their_days(first: dt.date, days: int) -> None:
    last = min(first + dt.timedelta(days=days), dt.date(9998, 12, 31))
    for precision in ("day", "month", "year"):
        start, end = range_of_days(first, last, precision)
        assert start.date() <= first <= last < end.date()
        assert start.time() == end.time() == dt.time()
        assert precision == "day" or (start.day == end.day == 1)
        assert precision != "year" or (start.month == end.month == 1)


def test_lists() -> None:
    assert split_list(" a, ,b,,c ") == ("a", "b", "c")
    assert split_list("") == ()
    assert check_choices(("a", "b"), ("b", "a")) == ("a", "b")
    with pytest.raises(ValueError, match=re.escape("'x' is not known. Must be one of: b, a.")):
        check_choices(("a", "x"), ("b", "a"))


@pytest.mark.parametrize("text", ["desk", "a", "general_staff-2"])
def test_slugs(text: str) -> None:
    assert check_slug(text, 20) == text


@pytest.mark.parametrize("text", ["", "Desk", "1a", "-a", "a b", "a.b", "é", "desk\n", "a" * 21])
def test_invalid_slugs(text: str) -> None:
    assert not is_slug(text, 20)
    assert "Must be a letter from a to z" in refusal(lambda text: check_slug(text, 20), text)


def test_booleans() -> None:
    assert all(map(parse_boolean, ("true", "YES", "1")))
    assert not any(map(parse_boolean, ("false", "No", "0")))
    for text in ("", "maybe", "on", "2"):
        assert refusal(parse_boolean, text) == "Must be true or false."


@pytest.mark.parametrize("text", ["a\x00b", "a\udcffb", "\ud800"])
def test_text_that_cannot_be_stored(text: str) -> None:
    assert refusal(check_characters, text) == "Contains an invalid character (NUL or a lone surrogate)."


def test_text_that_can_be_stored() -> None:
    for text in ("", "plain", "Покровськ 😀", "tab\tline\n"):
        assert check_characters(text) == text


def test_like_pattern_matches_only_the_literal_text() -> None:
    assert escape_like(r"100%_a\b") == r"100\%\_a\\b"


@given(st.lists(st.text(), max_size=4))
def test_cursors_round_trip(parts: list[str]) -> None:
    assert decode_cursor(encode_cursor(*parts), len(parts)) == parts


@pytest.mark.parametrize(
    "text", ["", "x", "!", "1~2", encode_cursor("a"), encode_cursor("a", "b", "c"), "WzEsMl0", "é"]
)
def test_invalid_cursors(text: str) -> None:
    assert refusal(lambda text: decode_cursor(text, 2), text).startswith("Must be the cursor of a page of this list")
