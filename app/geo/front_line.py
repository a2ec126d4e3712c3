"""Derives the front line of a day from its areas: where held areas border on areas that are not
held.

Some parts of the edge of held areas are not a front line. They are removed and measured:

- *Coasts and borders*: the edge lies within 300 m of a coast or border, and the assessor has no
  area beyond. If the assessor has areas beyond, the line stays, even close to a border. It also
  stays where an edge only crosses a border.
- *Seams*: narrow gaps between polygons of held areas that were drawn side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from app.geo.ellipsoid import lengths_km

if TYPE_CHECKING:
    from collections.abc import Sequence

NEAR_M: Final = 300.0
SEAM_M: Final = 150.0  # gaps in held areas up to this width come from the drawing
_SHORTEST_KM: Final = 1.0  # a shorter run only crosses a coast or border
_STEP_DEGREES: Final = 0.002  # the length of the pieces of an edge: about 200 m
_METRES_PER_DEGREE: Final = 111_195.0

Shapes = NDArray[np.object_]
Places = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class FrontLine:
    """A front line in degrees, and its length.

    `seams_km` and `removed_km` are the lengths of the removed parts; None if no coasts and borders
    were given.
    """

    line: shapely.MultiLineString
    length_km: float
    seams_km: float
    removed_km: float | None


class Ground:
    """Coasts and borders, indexed for proximity queries."""

    def __init__(self, lines: Sequence[Any]) -> None:
        """Indexes lines in degrees, longitude first."""
        self._near = _Near(np.array([*lines], dtype=object))

    def near(self, places: Places) -> Flags:
        """Tells for each position (longitude, latitude) whether it is within `NEAR_M` of a coast or
        border.
        """
        return self._near.within(places, NEAR_M)


def front_line(held: Sequence[Any], others: Sequence[Any], ground: Ground | None = None) -> FrontLine:
    """Derives the front line of an assessment.

    Args:
        held: polygons of held areas.
        others: the other polygons of the assessor.
        ground: coasts and borders; without them, they are part of the line.
    """
    whole = shapely.orient_polygons(shapely.union_all(np.array([*held], dtype=object)))
    edge = _Edge(whole)
    seams = edge.long_runs(edge.meets(whole, SEAM_M))
    removed = np.zeros_like(seams)
    if ground is not None:
        near = ground.near(edge.middles) & ~seams
        if others and near.any():
            # Areas beyond may be drawn at a small distance: edges near them are not a coast.
            near[near] = ~_Near(np.array([*others], dtype=object)).within(edge.middles[near], NEAR_M)
        removed = edge.long_runs(near)
    line = _lines(edge.pieces[~seams & ~removed])
    return FrontLine(
        line,
        _km(line),
        float(edge.lengths_km[seams].sum()),
        None if ground is None else float(edge.lengths_km[removed].sum()),
    )


class _Edge:
    """The edge of held areas in short straight pieces; each piece is kept or removed as a whole."""

    def __init__(self, ground: shapely.Geometry) -> None:
        """Divides the edge of polygons whose outside lies to the right."""
        fine = shapely.segmentize(shapely.get_rings(shapely.get_parts(ground)), _STEP_DEGREES)
        places, ring = shapely.get_coordinates(fine, return_index=True)
        in_same_ring = ring[1:] == ring[:-1]
        self._ring = ring[1:][in_same_ring]
        self._starts, self._ends = places[:-1][in_same_ring], places[1:][in_same_ring]
        self.pieces: Shapes = shapely.linestrings(np.stack((self._starts, self._ends), axis=1))
        self.middles: Places = (self._starts + self._ends) / 2
        self.lengths_km = lengths_km(self.pieces)

    def meets(self, ground: shapely.Geometry, metres: float) -> Flags:
        """Tells for each piece whether a shape is at a distance on its outside."""
        narrowing = np.cos(np.radians(self.middles[:, 1]))
        east, north = ((self._ends - self._starts) * np.column_stack((narrowing, np.ones_like(narrowing)))).T
        length = np.maximum(np.hypot(east, north), 1e-12)
        reach = metres / _METRES_PER_DEGREE
        beyond = self.middles + np.column_stack((north / length / narrowing, -east / length)) * reach
        found = shapely.STRtree(shapely.get_parts(ground)).query(shapely.points(beyond), predicate="within")[0]
        return _flags(len(self.pieces), found)

    def long_runs(self, flags: Flags) -> Flags:
        """Keeps pieces in runs of at least `_SHORTEST_KM`; shorter runs are corners and
        crossings.
        """
        if not flags.any():
            return flags
        breaks = (flags[1:] != flags[:-1]) | (self._ring[1:] != self._ring[:-1])
        run = np.concatenate(([0], np.cumsum(breaks)))
        long_: Flags = flags & (np.bincount(run, weights=self.lengths_km)[run] >= _SHORTEST_KM)
        return long_


class _Near:
    """Finds positions within some metres of shapes. Distances are measured on a Mercator map,
    scaled by latitude.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._tree = shapely.STRtree(shapely.transform(shapely.get_parts(shapes), _mercator))

    def within(self, places: Places, metres: float) -> Flags:
        scale = 1 / (np.cos(np.radians(places[:, 1])) * _METRES_PER_DEGREE)
        points = shapely.points(_mercator(places))
        found = self._tree.query(points, predicate="dwithin", distance=metres * scale)[0]
        return _flags(len(places), found)


def _mercator(places: Places) -> Places:
    """Projects to a map on which a degree of longitude is one unit."""
    northing = np.degrees(np.arctanh(np.sin(np.radians(places[:, 1]))))
    return np.column_stack((places[:, 0], northing))


def _flags(count: int, found: NDArray[np.intp]) -> Flags:
    flags = np.zeros(count, dtype=np.bool_)
    flags[found] = True
    return flags


def _lines(pieces: Shapes) -> shapely.MultiLineString:
    """Joins pieces to lines of maximal length, without the vertices that the division added."""
    if len(pieces) == 0:
        return shapely.MultiLineString()
    merged = shapely.simplify(shapely.line_merge(shapely.multilinestrings(pieces)), 1e-9)
    return shapely.MultiLineString([*shapely.get_parts(merged)])


def _km(line: shapely.MultiLineString) -> float:
    return float(lengths_km(np.array([line], dtype=object))[0])
