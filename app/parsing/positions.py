"""Parses positions in degrees, longitude first, and circles around them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from app.parsing.bbox import BoundingBox
from app.parsing.degrees import check_latitude, check_longitude
from app.parsing.numbers import parse_numbers

MOST_RADIUS_M: Final = 1_000_000


@dataclass(frozen=True)
class Circle:
    """A position in degrees and a distance from it in metres."""

    longitude: float
    latitude: float
    radius_m: float

    def bounding_box(self) -> BoundingBox:
        """Returns a box that contains the circle, for an index lookup. It may be slightly too
        large.
        """
        # A degree of latitude has at least 110.5 km on the WGS 84 ellipsoid. One percent covers
        # rounding.
        reach = 1.01 * self.radius_m / 110_500
        south, north = max(-90.0, self.latitude - reach), min(90.0, self.latitude + reach)
        narrowest = math.cos(math.radians(max(abs(south), abs(north))))
        if narrowest < 0.001 or reach / narrowest >= 180:
            return BoundingBox(-180.0, south, 180.0, north)
        west, east = self.longitude - reach / narrowest, self.longitude + reach / narrowest
        return BoundingBox(west + 360 if west < -180 else west, south, east - 360 if east > 180 else east, north)


def parse_position(text: str) -> tuple[float, float]:
    """Parses `longitude,latitude` in degrees.

    Raises:
        ValueError: the text is not a position.
    """
    longitude, latitude = parse_numbers(text, "longitude", "latitude")
    return check_longitude(longitude), check_latitude(latitude)


def parse_circle(text: str) -> Circle:
    """Parses `longitude,latitude,metres`.

    Raises:
        ValueError: the text is not a circle, or its radius is over 1000 km.
    """
    longitude, latitude, radius_m = parse_numbers(text, "longitude", "latitude", "radius in metres")
    if not 0 < radius_m <= MOST_RADIUS_M:
        raise ValueError(f"The radius must be more than 0 and at most {MOST_RADIUS_M} metres.")
    return Circle(check_longitude(longitude), check_latitude(latitude), radius_m)
