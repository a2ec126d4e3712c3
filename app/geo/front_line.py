"""The front line of a day, derived from its areas: where held ground meets ground that is not held.

The edge of held ground also runs where no front is, and these parts are left out and measured:

- *coasts and borders*. A part is one when it lies within 300 m of a coast or border *and* nothing
  of the assessor lies beyond: where ground beyond was assessed too, the line stays, however near a
  border is. So it does where an edge only crosses a border.
- *seams*, where polygons of held ground were drawn beside each other and do not quite meet.
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
SEAM_M: Final = 150.0  # gaps of held ground up to this width are how it was drawn
_SHORTEST_KM: Final = 1.0  # what is shorter only crosses a coast or border
_STEP_DEGREES: Final = 0.002  # how finely the edge is looked at: some 200 m
_METRES_PER_DEGREE: Final = 111_195.0

Shapes = NDArray[np.object_]
Places = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class FrontLine:
    """A front line in degrees, and how long it is.

    `seams_km` and `removed_km` are the parts of the edge that were left out; None: there was no
    ground to look at.
    """

    line: shapely.MultiLineString
    length_km: float
    seams_km: float
    removed_km: float | None


class Ground:
    """Coasts and borders, prepared for being near to."""

    def __init__(self, lines: Sequence[Any]) -> None:
        """Take lines in degrees, longitude first."""
        self._near = _Near(np.array([*lines], dtype=object))

    def near(self, places: Places) -> Flags:
        """Tell which places (longitude, latitude) lie within `NEAR_M` of a coast or border."""
        return self._near.within(places, NEAR_M)


def front_line(held: Sequence[Any], others: Sequence[Any], ground: Ground | None = None) -> FrontLine:
    """Derive the front line of one assessment.

    Args:
        held: polygons of ground that counts as held.
        others: the assessor's other polygons.
        ground: coasts and borders; without them they are part of the line.
    """
    whole = shapely.orient_polygons(shapely.union_all(np.array([*held], dtype=object)))
    edge = _Edge(whole)
    seams = edge.long_runs(edge.meets(whole, SEAM_M))
    removed = np.zeros_like(seams)
    if ground is not None:
        near = ground.near(edge.middles) & ~seams
        if others and near.any():
            # Ground beyond may be drawn a little way off: what is near it is not coast.
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
    """The edge of held ground in straight pieces, each short enough to be something as a whole or
    not.
    """

    def __init__(self, ground: shapely.Geometry) -> None:
        """Cut the edge of polygons whose outside lies to the right."""
        fine = shapely.segmentize(shapely.get_rings(shapely.get_parts(ground)), _STEP_DEGREES)
        places, ring = shapely.get_coordinates(fine, return_index=True)
        kept = ring[1:] == ring[:-1]
        self._ring = ring[1:][kept]
        self._starts, self._ends = places[:-1][kept], places[1:][kept]
        self.pieces: Shapes = shapely.linestrings(np.stack((self._starts, self._ends), axis=1))
        self.middles: Places = (self._starts + self._ends) / 2
        self.lengths_km = lengths_km(self.pieces)

    def meets(self, ground: shapely.Geometry, metres: float) -> Flags:
        """Tell which pieces have ground so far outside of them."""
        narrowing = np.cos(np.radians(self.middles[:, 1]))
        east, north = ((self._ends - self._starts) * np.column_stack((narrowing, np.ones_like(narrowing)))).T
        length = np.maximum(np.hypot(east, north), 1e-12)
        reach = metres / _METRES_PER_DEGREE
        beyond = self.middles + np.column_stack((north / length / narrowing, -east / length)) * reach
        found = shapely.STRtree(shapely.get_parts(ground)).query(shapely.points(beyond), predicate="within")[0]
        return _flags(len(self.pieces), found)

    def long_runs(self, flags: Flags) -> Flags:
        """Keep those pieces that belong to a stretch of at least `_SHORTEST_KM`; others are corners
        and crossings.
        """
        if not flags.any():
            return flags
        breaks = (flags[1:] != flags[:-1]) | (self._ring[1:] != self._ring[:-1])
        run = np.concatenate(([0], np.cumsum(breaks)))
        long_: Flags = flags & (np.bincount(run, weights=self.lengths_km)[run] >= _SHORTEST_KM)
        return long_


class _Near:
    """Whether places lie within metres of shapes. Distances are taken on a Mercator map, scaled by
    latitude.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._tree = shapely.STRtree(shapely.transform(shapely.get_parts(shapes), _mercator))

    def within(self, places: Places, metres: float) -> Flags:
        scale = 1 / (np.cos(np.radians(places[:, 1])) * _METRES_PER_DEGREE)
        points = shapely.points(_mercator(places))
        found = self._tree.query(points, predicate="dwithin", distance=metres * scale)[0]
        return _flags(len(places), found)


def _mercator(places: Places) -> Places:
    """Project to a map on which a degree of longitude is one unit."""
    northing = np.degrees(np.arctanh(np.sin(np.radians(places[:, 1]))))
    return np.column_stack((places[:, 0], northing))


def _flags(count: int, found: NDArray[np.intp]) -> Flags:
    flags = np.zeros(count, dtype=np.bool_)
    flags[found] = True
    return flags


def _lines(pieces: Shapes) -> shapely.MultiLineString:
    """Join pieces to lines that are as long as can be, without the vertices of the cutting."""
    if len(pieces) == 0:
        return shapely.MultiLineString()
    merged = shapely.simplify(shapely.line_merge(shapely.multilinestrings(pieces)), 1e-9)
    return shapely.MultiLineString([*shapely.get_parts(merged)])


def _km(line: shapely.MultiLineString) -> float:
    return float(lengths_km(np.array([line], dtype=object))[0])
