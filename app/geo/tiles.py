"""Tiles of Web Mercator (WebMercatorQuad): bounds in degrees and in units, and ranges of Morton
numbers.

The world is a square of 2^30 units on each side, x eastwards and y southwards from its north-west
corner. A tile of zoom 18 has 4096 units, as many as a vector tile has steps.
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
        """The number of bits by which a unit is finer than a step of the tile."""
        return WORLD_BITS - self.z - 12

    def west_unit(self) -> int:
        """Returns the first unit of the tile, eastwards."""
        return self.x << (WORLD_BITS - self.z)

    def north_unit(self) -> int:
        """Returns the first unit of the tile, southwards."""
        return self.y << (WORLD_BITS - self.z)

    def morton_range(self, bits: int = WORLD_BITS) -> tuple[int, int]:
        """Returns the half-open range of Morton numbers of its units, or of its cells in a world of
        2^bits cells.

        If the cells are larger than the tile, the range has the one cell that contains the tile.
        """
        if bits < self.z:
            down = self.z - bits
            one = interleave(self.x >> down, self.y >> down)
            return one, one + 1
        number, up = interleave(self.x, self.y), 2 * (bits - self.z)
        return number << up, (number + 1) << up

    def degrees(self) -> tuple[float, float, float, float]:
        """Returns west, south, east and north in degrees."""
        side = 1 << self.z
        west, east = (360 * column / side - 180 for column in (self.x, self.x + 1))
        north, south = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side)))) for row in (self.y, self.y + 1)
        )
        return west, south, east, north


def _spread_bits(number: int) -> int:
    """Inserts a zero before each of 30 bits."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


def interleave(x: int, y: int) -> int:
    """Returns the Morton number of a column and a row of at most 30 bits; the bits of the row are
    higher.
    """
    return _spread_bits(x) | _spread_bits(y) << 1


def unit_of(longitude: float, latitude: float) -> tuple[int, int]:
    """Returns the unit, eastwards and southwards, of a position in degrees; positions beyond 85°
    are on the edge.
    """
    world = 1 << WORLD_BITS
    x = math.floor((longitude + 180) / 360 * world)
    bent = math.asinh(math.tan(math.radians(max(-85.06, min(85.06, latitude)))))
    y = math.floor((0.5 - bent / (2 * math.pi)) * world)
    return min(x, world - 1), max(0, min(y, world - 1))


def enclosing(left: int, top: int, right: int, bottom: int) -> Tile:
    """Returns the smallest tile that contains two units."""
    apart = max((left ^ right).bit_length(), (top ^ bottom).bit_length())
    return Tile(WORLD_BITS - apart, left >> apart, top >> apart)
