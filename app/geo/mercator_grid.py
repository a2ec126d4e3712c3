"""Positions as integers: a grid over Web Mercator, and the Morton order on it.

The world has 2**25 steps in each direction: 1.2 m on the equator, 0.8 m at 48 degrees.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 25
STEPS: Final = 1 << BITS
DIGITS: Final = 6  # of degrees, to which positions are rounded first, as in the API's GeoJSON
_LATITUDE_MAX: Final = 85.0511287798066

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def to_grid(longitude: Floats, latitude: Floats) -> tuple[Ints, Ints]:
    """Returns the nearest grid point of positions in degrees: x eastwards from 180° W, y southwards
    from 85.05° N.
    """
    longitude = np.round(longitude, DIGITS)
    sine = np.sin(np.radians(np.clip(np.round(latitude, DIGITS), -_LATITUDE_MAX, _LATITUDE_MAX)))
    x = np.floor((longitude / 360 + 0.5) * STEPS + 0.5).astype(np.int64)
    y = np.floor((0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * STEPS + 0.5).astype(np.int64)
    return np.clip(x, 0, STEPS), np.clip(y, 0, STEPS)


def to_degrees(x: Ints, y: Ints) -> tuple[Floats, Floats]:
    """Returns longitude and latitude of grid points, in degrees."""
    longitude = (x / STEPS - 0.5) * 360
    latitude = np.degrees(2 * np.arctan(np.exp((0.5 - y / STEPS) * 2 * np.pi)) - np.pi / 2)
    return longitude, latitude


def morton(x: Ints, y: Ints) -> NDArray[np.uint64]:
    """Interleaves the bits of grid points, x the lower of each pair. Points that are close in this
    order are close.
    """
    return _spread_bits(x) | (_spread_bits(y) << np.uint64(1))


def _spread_bits(numbers: Ints) -> NDArray[np.uint64]:
    spread = numbers.astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | (spread << np.uint64(shift))) & np.uint64(mask)
    return spread
