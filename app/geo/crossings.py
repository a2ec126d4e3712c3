"""Tells whether the edges of shapes cross or touch each other very often. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Pairs of edges that are looked at together; they bound memory and time. Boxes are cheap.
_PAIRS_OF_BOXES: Final = 2_000_000
_PAIRS_OF_EDGES: Final = 200_000


def edges_of(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Returns the edges of all rings of polygons or multipolygons, in their order."""
    places, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    in_same_ring = ring[1:] == ring[:-1]
    edges: NDArray[np.object_] = shapely.linestrings(np.stack((places[:-1], places[1:]), axis=1)[in_same_ring])
    return edges


def has_more_crossings(edges: NDArray[np.object_], most: int) -> bool:
    """Tells whether more pairs of edges than `most` have a point in common, apart from consecutive
    edges.

    Joining or repairing the shapes takes time and memory for each such pair.
    """
    tree = shapely.STRtree(edges)
    return _exceeds(tree, edges, most, _PAIRS_OF_BOXES, {}) and _exceeds(
        tree, edges, most, _PAIRS_OF_EDGES, {"predicate": "intersects"}
    )


def _exceeds(
    tree: shapely.STRtree, edges: NDArray[np.object_], most: int, pairs: int, question: dict[str, Any]
) -> bool:
    step = max(1, pairs // max(1, len(edges)))
    found = 0
    for first in range(0, len(edges), step):
        one, other = tree.query(edges[first : first + step], **question)
        found += int(np.count_nonzero(other > first + one + 1))
        if found > most:
            return True
    return False
