"""Parsing the values of a foreign row: each returns a value, or raises `RowRefused` with field, value and reason."""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.exchange.records import Remark, RowRefused
from app.fields.limits import FUTURE_ALLOWED, LONGEST_SLUG
from app.http.parameters import day_start, parse_day, parse_moment, parse_number

if TYPE_CHECKING:
    from app.theatre import Extent, Theatre

# A tenth of a metre: what the database keeps and the API gives.
COORDINATE_DIGITS: Final = 6
LONGEST_ID: Final = 200
LONGEST_SPELLING: Final = 200  # of a place
MOST_GEONAMEID: Final = 2**31 - 1
OUTSIDE: Final = "outside the theatre's extent"
LOST_DIGIT: Final = "the latitude has lost its first digit, it seems"
NULL_ISLAND: Final = "0, 0: mostly a place that was not known"

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
ORIGIN_SLUG: Final = re.compile(rf"[a-z][a-z0-9_-]{{0,{LONGEST_SLUG - 1}}}")
_YEAR: Final = re.compile(r"\d{4}")
_POINT: Final = struct.Struct("<BIIdd")
_POINT_WITH_SRID: Final = 0x20000001


@dataclass(frozen=True)
class When:
    """A half-open range of time in UTC, and how exactly it is known."""

    start: dt.datetime
    end: dt.datetime
    precision: str


def text_of(field: str, value: str, longest: int) -> str:
    """Check that a text can be stored: no NUL, no broken encoding, not too long."""
    if len(value) > longest:
        raise RowRefused(field, value[:80] + "…", f"longer than {longest} characters")
    if "\x00" in value:
        raise RowRefused(field, value.replace("\x00", "␀"), "has a NUL character in it")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise RowRefused(field, value.encode("ascii", "backslashreplace").decode(), "is not UTF-8")
    return value


def id_of(value: str) -> str:
    """Check a row's own id."""
    if not value:
        raise RowRefused("id", "", "has no id, without which a second import could not tell it from a new one")
    return text_of("id", value, LONGEST_ID)


def origin_slug(field: str, value: str) -> str:
    """Check the slug of an origin."""
    if not ORIGIN_SLUG.fullmatch(value):
        raise RowRefused(
            field,
            value,
            f"is no slug of an origin: a-z first, then a-z, 0-9, - or _, at most {LONGEST_SLUG}"
            if value
            else "is missing",
        )
    return value


def number_of(field: str, value: str) -> float:
    """Read a finite number."""
    try:
        return parse_number(value)
    except ValueError:
        raise RowRefused(field, value, "is not a number" if value else "is missing") from None


def whole_number_of(field: str, value: str, least: int, most: int) -> int:
    """Read a whole number in a range."""
    number = number_of(field, value)
    if number != int(number) or not least <= number <= most:
        raise RowRefused(field, value, f"is not a whole number from {least} to {most}")
    return int(number)


def yes_or_no(field: str, value: str) -> bool:
    """Read `true`, `false`, `yes`, `no`, `1`, `0`; empty is no."""
    word = value.casefold()
    if word in {"true", "yes", "1"}:
        return True
    if word in {"", "false", "no", "0"}:
        return False
    raise RowRefused(field, value, "is neither true nor false")


def one_of(field: str, value: str, words: Collection[str]) -> str:
    """Check that a word is one of a closed list, which a refusal names in its order."""
    if value not in words:
        raise RowRefused(field, value, f"must be one of {', '.join(words)}")
    return value


def words_of(field: str, values: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Check a list of words, each once, in their own order."""
    return tuple(sorted({one_of(field, value, known) for value in values}))


def point_of(longitude: float, latitude: float) -> str:
    """Give a point as extended well-known binary in hexadecimal letters."""
    x, y = round(longitude, COORDINATE_DIGITS) + 0.0, round(latitude, COORDINATE_DIGITS) + 0.0  # no minus zero
    return _POINT.pack(1, _POINT_WITH_SRID, 4326, x, y).hex().upper()


def check_position(longitude: float, latitude: float, names: tuple[str, str] = ("lon", "lat")) -> None:
    """Refuse what is no place on earth.

    Args:
        longitude: degrees.
        latitude: degrees.
        names: what the file calls the two.
    """
    if not math.isfinite(longitude) or not -180 <= longitude <= 180:
        raise RowRefused(names[0], longitude, "the longitude must lie between -180 and 180 degrees")
    if not math.isfinite(latitude) or not -90 <= latitude <= 90:
        raise RowRefused(names[1], latitude, "the latitude must lie between -90 and 90 degrees")


def doubts_about(longitude: float, latitude: float, extent: Extent, field: str = "lat") -> list[Remark]:
    """Refuse a latitude that has lost its first digit; tell of any other place outside the theatre.

    Real strikes lie far outside, so being outside alone is no fault.
    """
    if extent.contains(longitude, latitude):
        return []
    if 0 <= latitude < 10:
        for lost in (40, 50):
            if extent.contains(longitude, latitude + lost):
                raise RowRefused(field, f"{latitude} (for {latitude + lost:.6f}?)", LOST_DIGIT)
    return [Remark(field, f"{latitude}, {longitude}", OUTSIDE if (longitude, latitude) != (0, 0) else NULL_ISLAND)]


@lru_cache(maxsize=4096)
def time_of(date: str) -> When:
    """Read when something happened: `2025-07-21`, `2025-07`, `2025`, or a moment, which is precise to the minute."""
    if month := _MONTH.fullmatch(date):
        start = _moment("date", lambda: day_start(dt.date(int(month[1]), int(month[2]), 1)), date)
        return When(start, (start + dt.timedelta(days=32)).replace(day=1), "month")
    if _YEAR.fullmatch(date):
        start = _moment("date", lambda: day_start(dt.date(int(date), 1, 1)), date)
        return When(start, start.replace(year=start.year + 1), "year")
    if "T" in date or "t" in date:
        start = _moment("date", lambda: parse_moment(date), date)
        return When(start, start + dt.timedelta(minutes=1), "minute")
    start = _moment("date", lambda: day_start(parse_day(date)), date)
    return When(start, start + dt.timedelta(days=1), "day")


def range_of(first: str, last: str) -> When:
    """Read a range as people write it: from a day to a day, both included; or from a moment to a moment."""
    start = time_of(first)
    end = time_of(last) if last else start
    if start.precision != end.precision:
        raise RowRefused("happened_to", last, "gives the end more or less exactly than the beginning")
    stop = end.start if last and start.precision == "minute" else end.end
    if stop <= start.start:
        raise RowRefused("happened_to", last, "lies before the beginning")
    return When(start.start, stop, start.precision)


def check_not_future(field: str, value: str, start: dt.datetime, now: dt.datetime) -> None:
    """Refuse what has not happened yet."""
    if start > now + FUTURE_ALLOWED:
        raise RowRefused(field, value, "lies in the future")


def own_id(value: str) -> uuid.UUID | None:
    """Give an id as one of ours, if it has the form of one: a random UUID."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        return None
    return parsed if parsed.version == 4 and str(parsed) == value.lower() else None


class Vocabulary:
    """The words that a theatre knows."""

    def __init__(self, theatre: Theatre) -> None:
        self.extent = theatre.extent
        # As keys of a mapping: in the theatre's order, which refusals keep, and found at once.
        self.categories = dict.fromkeys(theatre.category_slugs_in_order)
        self.sides = dict.fromkeys(side.slug for side in theatre.belligerents)

    def category(self, value: str) -> str:
        """Read a category; an empty one is `other`, if the theatre has it."""
        return one_of("category", value or "other", self.categories)

    def side(self, field: str, value: str) -> str | None:
        """Read a belligerent; empty: not known."""
        return one_of(field, value, self.sides) if value else None


def _moment(field: str, read: Callable[[], dt.datetime], value: str) -> dt.datetime:
    try:
        return read()
    except (ValueError, OverflowError) as error:
        raise RowRefused(field, value, str(error) if value else "is missing") from None
