"""Parses the values of an imported row. Each function returns a value, or raises `RowRefused` with
field and reason.
"""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.exchange.records import Remark, RowRefused
from app.fields.happened import happened_faults
from app.fields.limits import LONGEST_SLUG
from app.geo.null_island import is_null_island
from app.parsing import booleans, days, numbers
from app.parsing.days import Period
from app.parsing.degrees import check_latitude, check_longitude
from app.parsing.slugs import is_slug
from app.parsing.text import check_characters

if TYPE_CHECKING:
    from app.theatre import Extent, Theatre

# A tenth of a metre, the precision of the database and the API.
COORDINATE_DIGITS: Final = 6
LONGEST_ID: Final = 200
LONGEST_SPELLING: Final = 200  # of a place
MOST_GEONAMEID: Final = 2**31 - 1
REQUIRED: Final = "A value is required."
ID_REQUIRED: Final = "An id is required: without it, a second import would add the event again."
OUTSIDE: Final = "outside the theatre's extent"
LOST_DIGIT: Final = "The latitude seems to have lost its first digit."
NULL_ISLAND: Final = "0, 0 usually means that the place was not known. Leave the row out, or give its place."

_POINT: Final = struct.Struct("<BIIdd")
_POINT_WITH_SRID: Final = 0x20000001


def check_text(field: str, value: str, longest: int) -> str:
    """Returns the text. Refuses text that is too long, or contains a character that the database
    cannot store.
    """
    if len(value) > longest:
        raise RowRefused(field, value[:80] + "…", f"Must be at most {longest} characters long.")
    try:
        return check_characters(value)
    except ValueError as error:
        printable = value.replace("\x00", "␀").encode("utf-8", "backslashreplace").decode()
        # Bytes that are not UTF-8 were read as lone surrogates.
        raise RowRefused(field, printable, str(error) if "\x00" in value else "Must be UTF-8 text.") from None


def check_id(value: str) -> str:
    """Returns the id of the row."""
    if not value:
        raise RowRefused("id", "", ID_REQUIRED)
    return check_text("id", value, LONGEST_ID)


def check_origin(field: str, value: str) -> str:
    """Returns the slug of an origin."""
    if not is_slug(value, LONGEST_SLUG):
        reason = (
            f"Must be the slug of an origin: a letter from a to z, then letters a to z, digits, '-' or '_'; at most"
            f" {LONGEST_SLUG} characters."
        )
        raise RowRefused(field, value, reason if value else REQUIRED)
    return value


def parse_number(field: str, value: str) -> float:
    """Parses a finite number."""
    try:
        return numbers.parse_number(value)
    except ValueError as error:
        raise RowRefused(field, value, str(error) if value else REQUIRED) from None


def parse_whole_number(field: str, value: str, least: int, most: int) -> int:
    """Parses a whole number within limits."""
    try:
        return numbers.parse_whole_number(value, least, most)
    except ValueError as error:
        raise RowRefused(field, value, str(error)) from None


def parse_boolean(field: str, value: str) -> bool:
    """Parses `true`, `false`, `yes`, `no`, `1` or `0`."""
    try:
        return booleans.parse_boolean(value)
    except ValueError as error:
        raise RowRefused(field, value, str(error)) from None


def check_choice(field: str, value: str, choices: Collection[str]) -> str:
    """Returns the value, which must be one of a closed list. The reason lists the choices in their
    order.
    """
    if value not in choices:
        raise RowRefused(field, value, f"Must be one of: {', '.join(choices)}.")
    return value


def check_choices(field: str, values: Iterable[str], choices: Collection[str]) -> tuple[str, ...]:
    """Returns the values of a closed list, each once, in alphabetical order."""
    return tuple(sorted({check_choice(field, value, choices) for value in values}))


def encode_point(longitude: float, latitude: float) -> str:
    """Encodes a point as extended well-known binary (EWKB) in hexadecimal."""
    x, y = round(longitude, COORDINATE_DIGITS) + 0.0, round(latitude, COORDINATE_DIGITS) + 0.0  # no minus zero
    return _POINT.pack(1, _POINT_WITH_SRID, 4326, x, y).hex().upper()


def check_position(longitude: float, latitude: float, names: tuple[str, str] = ("lon", "lat")) -> None:
    """Refuses a position that is not on the globe.

    Args:
        longitude: degrees.
        latitude: degrees.
        names: of both fields in the file.
    """
    field, value = names[0], longitude
    try:
        check_longitude(longitude)
        field, value = names[1], latitude
        check_latitude(latitude)
    except ValueError as error:
        raise RowRefused(field, value, str(error)) from None


def check_extent(longitude: float, latitude: float, extent: Extent, field: str = "lat") -> list[Remark]:
    """Refuses 0, 0, and a latitude that has lost its first digit. Returns a remark on any other
    place outside the theatre.

    A place outside the theatre is not an error: some strikes hit far away.
    """
    if is_null_island(longitude, latitude):
        raise RowRefused(field, f"{latitude}, {longitude}", NULL_ISLAND)
    if extent.contains(longitude, latitude):
        return []
    if 0 <= latitude < 10:
        for lost in (40, 50):
            if extent.contains(longitude, latitude + lost):
                raise RowRefused(field, f"{latitude} (for {latitude + lost:.6f}?)", LOST_DIGIT)
    return [Remark(field, f"{latitude}, {longitude}", OUTSIDE)]


@lru_cache(maxsize=4096)
def parse_period(date: str) -> Period:
    """Parses `2025-07-21`, `2025-07`, `2025`, or a date and time, which is precise to the
    minute.
    """
    if not date:
        raise RowRefused("date", date, REQUIRED)
    try:
        return days.parse_period(date)
    except ValueError as error:
        raise RowRefused("date", date, str(error)) from None


def parse_range(first: str, last: str) -> Period:
    """Parses a range: from a day to a day, both included, or from a moment to a moment."""
    start = parse_period(first)
    end = parse_period(last) if last else start
    if start.precision != end.precision:
        raise RowRefused("happened_to", last, "Must be as precise as happened_from.")
    stop = end.start if last and start.precision == "minute" else end.end
    if stop <= start.start:
        raise RowRefused("happened_to", last, "Must not be before happened_from.")
    return Period(start.start, stop, start.precision)


def check_happened(
    start: dt.datetime, end: dt.datetime, now: dt.datetime, *, first: tuple[str, str], last: tuple[str, str]
) -> None:
    """Refuses a time range that breaks the rule of dates (`app/fields/happened.py`).

    Args:
        start: the first moment.
        end: the first moment after it.
        now: the current time.
        first: the field that has the start, and its value in the file.
        last: the field that has the end, and its value in the file.
    """
    for fault in happened_faults(start, end, now=now):
        field, value = first if fault.field == "happened_from" else last
        raise RowRefused(field, value, fault.message)


def parse_own_id(value: str) -> uuid.UUID | None:
    """Returns the id as a UUID if it has the form of an id of this application: a random UUID."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        return None
    return parsed if parsed.version == 4 and str(parsed) == value.lower() else None


class Vocabulary:
    """The categories and belligerents of a theatre."""

    def __init__(self, theatre: Theatre) -> None:
        self.extent = theatre.extent
        # Mappings, because lookups are fast and the keys keep the theatre's order for reasons.
        self.categories = dict.fromkeys(theatre.category_slugs_in_order)
        self.sides = dict.fromkeys(side.slug for side in theatre.belligerents)

    def category(self, value: str) -> str:
        """Parses a category; an empty value is `other`, if the theatre has it."""
        return check_choice("category", value or "other", self.categories)

    def side(self, field: str, value: str) -> str | None:
        """Parses a belligerent; an empty value means that it is not known."""
        return check_choice(field, value, self.sides) if value else None
