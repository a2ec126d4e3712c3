"""Tiles of Web Mercator (WebMercatorQuad): bounds in degrees, in whole units, and as ranges of
Morton numbers.

The world is a square of 2^30 units on each side, x eastwards and y southwards from its north-west
corner, so that a tile of zoom 18 has 4096 units: as many as a vector tile has steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

WORLD_BITS: Final = 30
MAX_ZOOM: Final = 18
# Steps of a vector tile's own coordinates, on each side.
EXTENT: Final = 4096


@dataclass(frozen=True)
class Tile:
    """A tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def shift(self) -> int:
        """How many bits of a unit are finer than a step of the tile."""
        return WORLD_BITS - self.z - 12

    def west_unit(self) -> int:
        """Give the first unit eastwards that the tile has."""
        return self.x << (WORLD_BITS - self.z)

    def north_unit(self) -> int:
        """Give the first unit southwards that the tile has."""
        return self.y << (WORLD_BITS - self.z)

    def morton_range(self, bits: int = WORLD_BITS) -> tuple[int, int]:
        """Give the half-open range of Morton numbers of its units, or of its cells when the world
        has 2^bits of them.

        A world of fewer cells than tiles gives the one cell that the tile lies in.
        """
        if bits < self.z:
            down = self.z - bits
            one = interleave(self.x >> down, self.y >> down)
            return one, one + 1
        number, up = interleave(self.x, self.y), 2 * (bits - self.z)
        return number << up, (number + 1) << up

    def degrees(self) -> tuple[float, float, float, float]:
        """Give west, south, east, north in degrees."""
        side = 1 << self.z
        west, east = (360 * column / side - 180 for column in (self.x, self.x + 1))
        north, south = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side)))) for row in (self.y, self.y + 1)
        )
        return west, south, east, north


def _spread(number: int) -> int:
    """Put a zero before each of 30 bits."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


def interleave(x: int, y: int) -> int:
    """Give the Morton number of a column and a row of at most 30 bits, the bits of the row above
    the column's.
    """
    return _spread(x) | _spread(y) << 1


def unit_of(longitude: float, latitude: float) -> tuple[int, int]:
    """Give the unit, eastwards and southwards, that a place in degrees lies in; places beyond 85°
    lie at the edge.
    """
    world = 1 << WORLD_BITS
    x = math.floor((longitude + 180) / 360 * world)
    bent = math.asinh(math.tan(math.radians(max(-85.06, min(85.06, latitude)))))
    y = math.floor((0.5 - bent / (2 * math.pi)) * world)
    return min(x, world - 1), max(0, min(y, world - 1))


def enclosing(left: int, top: int, right: int, bottom: int) -> Tile:
    """Give the smallest tile that has both of two units, each given eastwards and southwards."""
    apart = max((left ^ right).bit_length(), (top ^ bottom).bit_length())
    return Tile(WORLD_BITS - apart, left >> apart, top >> apart)
