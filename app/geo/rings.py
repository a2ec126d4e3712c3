"""Rings of integers: polygons with vertices rounded to 1e-5 degrees, about a metre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS_PER_DEGREE: Final = 100_000

# Rows of longitude and latitude in units; the first vertex is not repeated at the end.
Ring = NDArray[np.int32]


def quantise(polygons: Sequence[Any]) -> list[list[list[Ring]]]:
    """Rounds the vertices of polygons and multipolygons.

    No vertex is dropped, so neighbours that share an edge still share it.

    Args:
        polygons: of Shapely, in degrees.

    Returns:
        For each input its polygons, each with its rings: the shell, then the holes.
    """
    given = np.array([*polygons], dtype=object)
    parts, owner = shapely.get_parts(given, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    units = np.rint(places * UNITS_PER_DEGREE).astype(np.int32)
    starts = np.searchsorted(ring, np.arange(len(rings) + 1))
    rounded: list[list[list[Ring]]] = [[] for _ in given]
    for index in range(len(parts)):
        rounded[owner[index]].append([])
    positions = np.arange(len(parts)) - np.searchsorted(owner, owner)
    for index in range(len(rings)):
        of = part[index]
        rounded[owner[of]][positions[of]].append(units[starts[index] : starts[index + 1] - 1])
    return rounded


def keys(ring: Ring) -> NDArray[np.int64]:
    """Returns each vertex as one number, for comparing and sorting."""
    return (ring[:, 0].astype(np.int64) << 32) ^ (ring[:, 1].astype(np.int64) & 0xFFFF_FFFF)
