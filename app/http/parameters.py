"""Query parameters that several collections share, as OGC API Features words them: `datetime`, `bbox`, lists."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_origin

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from app.messages import Translatable

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})")
_NUMBER: Final = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?")


@dataclass(frozen=True)
class TimeFilter:
    """When something must happen to match: its half-open range intersects `[after, before)`, or `[after, before]`.

    None means open at that end.
    """

    after: dt.datetime | None
    before: dt.datetime | None
    before_included: bool = False


@dataclass(frozen=True)
class Box:
    """A box in degrees; west greater than east means that it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """Give the box as one or two boxes (west, south, east, north) that do not cross the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return ((self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north))


@dataclass(frozen=True)
class Circle:
    """A place and a distance from it: degrees, metres."""

    longitude: float
    latitude: float
    radius_m: float

    def box(self) -> Box:
        """Give a box that surely holds the circle, for an index to look in."""
        # A degree of latitude has at least 110.5 km on the WGS 84 ellipsoid; a percent covers what rounding loses.
        reach = 1.01 * self.radius_m / 110_500
        south, north = max(-90.0, self.latitude - reach), min(90.0, self.latitude + reach)
        narrowest = math.cos(math.radians(max(abs(south), abs(north))))
        if narrowest < 0.001 or reach / narrowest >= 180:
            return Box(-180.0, south, 180.0, north)
        west, east = self.longitude - reach / narrowest, self.longitude + reach / narrowest
        return Box(west + 360 if west < -180 else west, south, east - 360 if east > 180 else east, north)


def parse_number(text: str) -> float:
    """Read a finite decimal number as people and programs write it; not `nan`, `inf`, `1_000` or other digits.

    Raises:
        ValueError: it is none.
    """
    if not text.isascii() or not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text[:40]!r} is not a number")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]!r} is not a finite number")
    return number


def parse_day(text: str) -> dt.date:
    """Read an ISO date.

    Raises:
        ValueError: it is none, or no such day exists.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a date such as 2025-07-21")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"there is no day {text}") from error


def parse_moment(text: str) -> dt.datetime:
    """Read an RFC 3339 moment, into UTC.

    Raises:
        ValueError: it is none, or has no offset.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(
            Translatable("{text} is neither a date nor a moment such as 2025-07-21T06:00:00Z", text=repr(text[:40]))
        )
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no moment {text}") from error


def day_start(day: dt.date) -> dt.datetime:
    """Give the first moment of a UTC day."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _end_of(text: str) -> tuple[dt.datetime | None, bool]:
    """Read the end of an interval: the moment, and whether it belongs to the interval."""
    if text in {"", ".."}:
        return None, False
    if _DAY.fullmatch(text):
        day = parse_day(text)
        # The last day of the calendar has no day after it; nothing happens later.
        return (None if day == dt.date.max else day_start(day + dt.timedelta(days=1))), False
    return parse_moment(text), True


def parse_time_filter(value: object) -> TimeFilter | None:
    """Read OGC's `datetime`: a date, a moment, or an interval `start/end` in which `..` is open.

    Raises:
        ValueError: it is none of these, or ends before it starts.
    """
    if value is None or isinstance(value, TimeFilter):
        return value
    text = str(value)
    start_text, slash, end_text = text.partition("/")
    if not slash:
        start_text = end_text = text
        if text == "..":
            raise ValueError("'..' alone is no time: give a date, a moment, or an interval start/end")
    if "/" in end_text:
        raise ValueError(f"{text[:60]!r} has more than two ends")
    if start_text in {"", ".."}:
        start = None
    elif _DAY.fullmatch(start_text):
        start = day_start(parse_day(start_text))
    else:
        start = parse_moment(start_text)
    end, included = _end_of(end_text)
    if start is None and end is None:
        raise ValueError("an interval that is open at both ends says nothing: leave `datetime` out")
    if start is not None and end is not None and (end < start or (end == start and not included)):
        raise ValueError(f"{text[:60]!r} ends before it starts")
    return TimeFilter(start, end, included)


def parse_box(value: object) -> Box | None:
    """Read OGC's `bbox`: west, south, east, north in degrees; with six numbers the heights are not looked at.

    Raises:
        ValueError: it is no such box.
    """
    if value is None or isinstance(value, Box):
        return value
    parts = str(value).split(",")
    if len(parts) not in {4, 6}:
        raise ValueError("give four numbers: west,south,east,north in degrees")
    numbers = [parse_number(part) for part in parts]
    if len(numbers) == 6:
        del numbers[5], numbers[2]
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("west and east must lie between -180 and 180 degrees")
    if not (-90 <= south <= 90 and -90 <= north <= 90):
        raise ValueError("south and north must lie between -90 and 90 degrees")
    if south > north:
        raise ValueError("south is greater than north")
    return Box(west, south, east, north)


def parse_circle(value: object) -> Circle | None:
    """Read `near`: longitude, latitude in degrees and a radius in metres.

    Raises:
        ValueError: it is no such circle.
    """
    if value is None or isinstance(value, Circle):
        return value
    parts = str(value).split(",")
    if len(parts) != 3:
        raise ValueError("give three numbers: longitude,latitude,metres")
    longitude, latitude, radius_m = (parse_number(part) for part in parts)
    if not -180 <= longitude <= 180:
        raise ValueError("the longitude must lie between -180 and 180 degrees")
    if not -90 <= latitude <= 90:
        raise ValueError("the latitude must lie between -90 and 90 degrees")
    if not 0 < radius_m <= 1_000_000:
        raise ValueError("the radius must be more than 0 and at most 1 000 000 metres")
    return Circle(longitude, latitude, radius_m)


def parse_position(value: object) -> tuple[float, float] | None:
    """Read `longitude,latitude` in degrees.

    Raises:
        ValueError: it is no such place.
    """
    if value is None or isinstance(value, tuple):
        return value
    if isinstance(value, list):  # FastAPI collects the values of a parameter that becomes a tuple
        value = value[-1]
    parts = str(value).split(",")
    if len(parts) != 2:
        raise ValueError("give two numbers: longitude,latitude")
    longitude, latitude = (parse_number(part) for part in parts)
    if not -180 <= longitude <= 180 or not -90 <= latitude <= 90:
        raise ValueError("the longitude must lie between -180 and 180 degrees, the latitude between -90 and 90")
    return longitude, latitude


def split_list(value: object) -> object:
    """Read a comma-separated list; the parameter may also be given several times."""
    texts = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(part.strip() for text in texts for part in str(text).split(",") if part.strip())


def list_parameters(model: type[BaseModel]) -> frozenset[str]:
    """Return the parameters of a model that may be given several times: those that are lists."""
    return frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple)


def clean_text(value: object) -> object:
    """Refuse text that the database or an encoder would choke on: NUL, lone surrogates.

    Raises:
        ValueError: it has one.
    """
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise ValueError(Translatable("the text has a character that is no text (NUL or a lone surrogate)"))
    return value


def encode_cursor(*parts: str) -> str:
    """Make an opaque cursor of what orders a list."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(text: str, parts: int) -> list[str]:
    """Read a cursor back.

    Raises:
        ValueError: it is no cursor of ours.
    """
    try:
        decoded = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise ValueError("this is no cursor that was given out here") from error
    if not isinstance(decoded, list) or len(decoded) != parts or not all(isinstance(part, str) for part in decoded):
        raise ValueError("this is no cursor that was given out here")
    return decoded


def _schema(description: str, *examples: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "description": description}
    if examples:
        schema["examples"] = list(examples)
    return WithJsonSchema(schema)


DatetimeParameter = Annotated[
    TimeFilter | None,
    BeforeValidator(parse_time_filter),
    _schema(
        "A UTC day, a moment, or an interval `start/end`; both days of an interval of days are included, `..` is open",
        "2025-07-15/2025-07-21",
    ),
]
BoxParameter = Annotated[
    Box | None,
    BeforeValidator(parse_box),
    _schema("West, south, east, north in degrees; west > east crosses the antimeridian", "36.9,48.1,37.4,48.4"),
]
CircleParameter = Annotated[
    Circle | None,
    BeforeValidator(parse_circle),
    _schema("Longitude, latitude, radius in metres", "37.12966,48.24819,1500"),
]
_position_schema = _schema("Longitude, latitude in degrees", "37.12966,48.24819")
PositionParameter = Annotated[tuple[float, float] | None, BeforeValidator(parse_position), _position_schema]
RequiredPosition = Annotated[tuple[float, float], BeforeValidator(parse_position), _position_schema]
ListParameter = Annotated[
    tuple[str, ...], BeforeValidator(split_list), _schema("Several values are separated by commas")
]
