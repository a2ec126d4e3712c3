"""Parses bounding boxes, which may cross the antimeridian."""

from __future__ import annotations

from dataclasses import dataclass

from app.parsing.degrees import check_latitude, check_longitude
from app.parsing.numbers import parse_numbers

_SIDES = ("west", "south", "east", "north")
_SIDES_AND_HEIGHTS = ("west", "south", "lowest height", "east", "north", "greatest height")


@dataclass(frozen=True)
class BoundingBox:
    """A bounding box in degrees. When west is greater than east, the box crosses the
    antimeridian.
    """

    west: float
    south: float
    east: float
    north: float

    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """Returns the box as one or two boxes (west, south, east, north) that do not cross the
        antimeridian.
        """
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return ((self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north))


def parse_bbox(text: str) -> BoundingBox:
    """Parses `west,south,east,north` in degrees, as OGC API Features defines `bbox`.

    With six numbers, the third and the sixth are heights, which are ignored.

    Raises:
        ValueError: the text is not a bounding box.
    """
    if text.count(",") + 1 == len(_SIDES_AND_HEIGHTS):
        west, south, _, east, north, _ = parse_numbers(text, *_SIDES_AND_HEIGHTS)
    else:
        west, south, east, north = parse_numbers(text, *_SIDES)
    for side, longitude in (("west", west), ("east", east)):
        check_longitude(longitude, f"{side} side")
    for side, latitude in (("south", south), ("north", north)):
        check_latitude(latitude, f"{side} side")
    if south > north:
        raise ValueError("The south side must not be greater than the north side.")
    return BoundingBox(west, south, east, north)
