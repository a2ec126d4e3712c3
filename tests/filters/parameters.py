"""The meaning of each filter parameter in plain Python: random values, and the events that they
match.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

from app.fields.words import SOURCE_CLASSES
from tests.filters.events import CATEGORIES, LEVELS, ORIGINS, PLACES, WORDS, Record

Matches = Callable[[str, Record, bool], bool]
_FOREVER: Final = (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC))
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Parameter:
    """A filter parameter: a function that makes random values, and a function that matches events.

    `matches` receives the value, the event, and whether the request is from the desk, which also
    sees hidden sources. `times` is the number of values that are tested alone.
    """

    make: Callable[[Random, Sequence[Record]], str]
    matches: Matches
    times: int = 3


def _some(words: Sequence[str]) -> Callable[[Random, Sequence[Record]], str]:
    def make(chance: Random, _: Sequence[Record]) -> str:
        return ",".join(chance.sample(words, chance.choice((1, 1, 2))))

    return make


def _in_category(value: str, event: Record, _: bool) -> bool:
    return any(event.category == slug or event.category.startswith(f"{slug}.") for slug in value.split(","))


def _has_class(value: str, event: Record, desk: bool) -> bool:
    classes = event.source_classes | event.hidden_classes if desk else event.source_classes
    return not classes.isdisjoint(value.split(","))


def _make_words(chance: Random, _: Sequence[Record]) -> str:
    words = chance.sample([*WORDS, "e", "ven"], chance.choice((1, 1, 2)))
    return " ".join(chance.choice((str.upper, str.lower))(word) for word in words)


def _has_words(value: str, event: Record, _: bool) -> bool:
    text = f"{event.title} {event.description or ''}".lower()
    return all(word.lower() in text for word in value.split())


def _make_circle(chance: Random, events: Sequence[Record]) -> str:
    while True:
        middle = chance.choice(events).shape.representative_point()
        radius = chance.choice((100, 300, 500, 30_000)) * chance.uniform(1, 2)
        value = f"{middle.x + chance.uniform(0, 0.001):.6f},{middle.y:.6f},{radius:.1f}"
        # Skip circles with an event close to the edge, where the result depends on how distances to
        # lines are measured.
        if not any(_is_within(value, event, 0.99) != _is_within(value, event, 1.01) for event in events):
            return value


def _is_within(value: str, event: Record, times: float = 1.0) -> bool:
    """Checks whether an event lies within a circle, whose radius is multiplied by `times`."""
    longitude, latitude, radius = map(float, value.split(","))
    corners = shapely.get_coordinates(shapely.segmentize(event.shape, 0.0005))
    east = (corners[:, 0] - longitude) * np.cos(np.radians(latitude))
    on_a_plane = np.hypot(east, corners[:, 1] - latitude)
    distance = on_a_plane.min() * 111_320
    if 0.9 * radius * times < distance < 1.1 * radius * times:  # close to the edge: measure on the ellipsoid
        lon, lat = corners[on_a_plane.argmin()].tolist()
        distance = Geodesic.WGS84.Inverse(latitude, longitude, lat, lon)["s12"]
    return bool(distance <= radius * times or event.shape.covers(shapely.Point(longitude, latitude)))


def _make_time(chance: Random, events: Sequence[Record]) -> str:
    first = chance.choice(events).happened_from
    last = first + _DAY * chance.choice((0, 1, 40, 300))
    return chance.choice(
        (
            f"{first:%Y-%m-%d}",
            f"{first:%Y-%m-%d}/{last:%Y-%m-%d}",
            f"{first:%Y-%m-%d}/..",
            f"../{last:%Y-%m-%d}",
            f"{first:%Y-%m-%dT%H:%M:%SZ}",
            f"{first:%Y-%m-%dT%H:%M:%SZ}/{last:%Y-%m-%dT%H:%M:%SZ}",
            f"{first:%Y-%m-%dT%H:%M:%SZ}/{last:%Y-%m-%d}",
        )
    )


def window(value: str) -> tuple[dt.datetime, dt.datetime, bool]:
    """Parses a time: start, end, and whether the end is included."""
    start, slash, end = value.partition("/")
    first, last, included = *_FOREVER, False
    if start != "..":
        first = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
    if (end if slash else start) != "..":
        text = end if slash else start
        last, included = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC), "T" in text
        last = last if included else last + _DAY
    return first, last, included


def _during(value: str, event: Record, _: bool) -> bool:
    first, last, included = window(value)
    return event.happened_to > first and (event.happened_from < last or (included and event.happened_from == last))


def _make_box(chance: Random, events: Sequence[Record]) -> str:
    west, south, east, north = chance.choice(events).shape.bounds
    reach = chance.choice((0, 0.001, 0.003, 0.05))  # 0: the edges touch a corner of the event
    west, south, east, north = west - reach, south - reach, east + reach, north + reach
    if chance.random() < 0.2:
        west, east = east, west - 0.001  # all around the globe
    return f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}"


def _touches(value: str, event: Record, _: bool) -> bool:
    west, south, east, north = map(float, value.split(","))
    around = [(west, 180.0), (-180.0, east)] if west > east else [(west, east)]
    return any(event.shape.intersects(shapely.box(left, south, right, north)) for left, right in around)


PARAMETERS: Final[dict[str, Parameter]] = {
    "category": Parameter(_some(CATEGORIES), _in_category),
    "side": Parameter(
        _some(("ru", "ua")),
        lambda value, event, _: not {event.actor, event.affected}.isdisjoint(value.split(",")),
    ),
    "verification": Parameter(_some(LEVELS), lambda value, event, _: event.verification in value.split(",")),
    "origin": Parameter(_some((*ORIGINS, "nowhere")), lambda value, event, _: event.origin in value.split(",")),
    "source_class": Parameter(_some(SOURCE_CLASSES), _has_class),
    "q": Parameter(_make_words, _has_words),
    "near": Parameter(_make_circle, lambda value, event, _: _is_within(value, event), 8),
    "place": Parameter(
        lambda chance, _: str(chance.choice(PLACES)), lambda value, event, _: int(value) in event.places
    ),
    "datetime": Parameter(_make_time, _during, 8),
    "bbox": Parameter(_make_box, _touches, 10),
}


def matching(events: Sequence[Record], params: dict[str, str], *, desk: bool = False) -> list[Record]:
    """Returns the events that satisfy all parameters."""
    return [one for one in events if all(PARAMETERS[name].matches(params[name], one, desk) for name in params)]
