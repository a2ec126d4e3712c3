"""Counts how often the edges of a shape cross or touch each other. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

# Pairs of edges with overlapping boxes that are compared at once; they bound memory and time.
_PAIRS: Final = 200_000


def count_crossings(shape: shapely.Geometry, most: int) -> int:
    """Returns how many pairs of edges have a point in common, apart from consecutive edges.

    Repairing a shape takes time and memory for each of them. Counting ends soon after `most`.
    """
    places, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    in_same_ring = ring[1:] == ring[:-1]
    edges = shapely.linestrings(np.stack((places[:-1], places[1:]), axis=1)[in_same_ring])
    tree = shapely.STRtree(edges)
    step = max(1, _PAIRS // max(1, len(edges)))
    found = 0
    for first in range(0, len(edges), step):
        one, other = tree.query(edges[first : first + step], predicate="intersects")
        found += int(np.count_nonzero(other > first + one + 1))
        if found > most:
            break
    return found
