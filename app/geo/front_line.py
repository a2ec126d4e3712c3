"""Derives the front line of a day from its areas: where held ground meets ground that is not held,
on land.

The edge of held ground consists of segments between the corners that the assessor drew. Each
segment is of one kind, by where most of it lies:

- *front*: ground that is not held lies on its other side;
- *shore*: the coast, or the outer border of the theatre's countries. Assessors draw both beside
  where they are, each by another distance. So a strip of land between held ground and the shore
  that is no wider than the assessor's own distance from the shore is no ground that the other side
  holds (`Ground.tolerance_m`);
- *seam*: a narrow gap between polygons of held ground that were drawn side by side.

Beyond the border only ground that the assessor assesses counts. A river or a lake inside the
countries is ground like other ground: a front along a river is front.
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

SEAM_M: Final = 150.0  # gaps in held ground up to this width come from the drawing
SHORTEST_KM: Final = 1.0  # a shorter stretch has the kind of both its neighbours
# The tolerance is how far the assessor's edge lies from the shore at this share of it, within these
# limits. On the rest held ground ends, or an island is not drawn.
_SHARE: Final = 0.97
LEAST_TOLERANCE_M, MOST_TOLERANCE_M = 500.0, 5_000.0
_PLOT_KM2: Final = 40.0  # the smallest ground inside a strip that makes it more than a strip
_STEP_M: Final = 250.0
_METRES_PER_DEGREE: Final = 111_195.0

FRONT, SHORE, SEAM = range(3)
BESIDE, INNER = range(1, 3)
# Where a segment is compared with the line, and how far that may be off: the union moves corners.
_LOOKED_AT: Final = (0.25, 0.5, 0.75)
_SAME_DEGREES: Final = 2e-5

Places = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kinds = NDArray[np.uint8]


@dataclass(frozen=True)
class FrontLine:
    """A front line in degrees, and what else is on the edge of held ground.

    Attributes:
        line: the front.
        length_km: its length.
        rest: the other stretches: shore and seams.
        seams_km: the length of the seams.
        removed_km: the length of the shore; None without `Ground`, and then the shore is front.
        tolerance_m: how wide a strip along the shore belongs to it; None without `Ground`.
    """

    line: shapely.MultiLineString
    length_km: float
    rest: shapely.MultiLineString
    seams_km: float
    removed_km: float | None
    tolerance_m: float | None


class Ground:
    """The land of the theatre's countries, whose outer edge is coast and border."""

    def __init__(self, home: shapely.Geometry, land: shapely.Geometry) -> None:
        """Prepares the land.

        Args:
            home: the countries that are fought over, in degrees.
            land: all land near them.
        """
        self._home = shapely.transform(home, _to_mercator)
        self._land = shapely.transform(land, _to_mercator)
        self._outline = shapely.boundary(self._home)
        self._shore = _places_along(self._outline)
        shapely.prepare([self._home, self._outline])

    def tolerance_m(self, held: shapely.Geometry) -> float:
        """Returns how wide a strip between held ground and the shore is no ground of the other
        side.

        Args:
            held: on the Mercator map.
        """
        scale = _units_per_metre(self._shore)
        shapely.prepare(held)
        points = shapely.points(self._shore)
        near = shapely.dwithin(held, points, MOST_TOLERANCE_M * scale)
        if not near.any():
            return LEAST_TOLERANCE_M
        away = np.zeros(len(points))
        bare = near & ~shapely.contains(held, points)
        _, edge = shapely.STRtree(_segments(shapely.boundary(held))).query_nearest(
            points[bare], return_distance=True, all_matches=False
        )
        away[bare] = edge / scale[bare]
        return float(np.clip(np.quantile(away[near], _SHARE), LEAST_TOLERANCE_M, MOST_TOLERANCE_M))

    def is_shore(self, places: Places, held: shapely.Geometry, others: shapely.Geometry, tolerance_m: float) -> Flags:
        """Tells for positions on the edge of held ground whether they lie on the shore.

        All shapes are on the Mercator map.

        Args:
            places: on the edge.
            held: held ground.
            others: other ground that the assessor assesses.
            tolerance_m: the width of a strip that belongs to the shore.
        """
        scale = _units_per_metre(places)
        points = shapely.points(places)
        at_shore: Flags = shapely.dwithin(self._outline, points, (tolerance_m + SEAM_M) * scale)
        at_shore |= ~shapely.contains(self._home, points)
        if not at_shore.any():
            return at_shore
        # Where a disc as wide as the strip fits between held ground and the shore, there is ground
        # of the other side.
        assessed = shapely.intersection(others, self._land) if not others.is_empty else others
        unheld = shapely.difference(shapely.union(self._home, assessed), held)
        radius = tolerance_m / 2 * float(np.median(scale[at_shore]))
        cores = shapely.get_parts(shapely.buffer(shapely.simplify(unheld, radius / 20), -radius, quad_segs=4))
        # A strip that is wide in one place only is still a strip.
        wide = shapely.multipolygons(cores[shapely.area(cores) >= _PLOT_KM2 * (1000 * radius / (tolerance_m / 2)) ** 2])
        shapely.prepare(wide)
        at_shore[at_shore] = ~shapely.dwithin(wide, points[at_shore], 1.3 * radius + SEAM_M * scale[at_shore])
        return at_shore


def front_line(held: Sequence[Any], others: Sequence[Any], ground: Ground | None = None) -> FrontLine:
    """Derives the front line of an assessment.

    Args:
        held: polygons of held ground.
        others: the other polygons of the assessor.
        ground: the land; without it, coasts and borders are front.
    """
    whole = shapely.orient_polygons(shapely.union_all(np.array([*held], dtype=object)))
    edge = _Edge(whole)
    kinds = np.full(len(edge.places), FRONT, dtype=np.uint8)
    tolerance_m = None
    on_map = shapely.transform(whole, _to_mercator)
    if ground is not None and len(kinds):
        tolerance_m = ground.tolerance_m(on_map)
        beside = shapely.transform(shapely.union_all(np.array([*others], dtype=object)), _to_mercator)
        kinds[ground.is_shore(edge.places, on_map, beside, tolerance_m)] = SHORE
    kinds[edge.meets(on_map, SEAM_M)] = SEAM
    of_segments = edge.kinds_of_segments(kinds)
    line, rest = (_lines(edge.segments[chosen]) for chosen in (of_segments == FRONT, of_segments != FRONT))
    seams_km, shore_km = (float(edge.lengths_km[of_segments == kind].sum()) for kind in (SEAM, SHORE))
    return FrontLine(line, _km(line), rest, seams_km, None if ground is None else shore_km, tolerance_m)


def kinds_of_rings(rings: NDArray[np.object_], line: FrontLine) -> list[Kinds]:
    """Tells for each segment of rings that an assessor drew whether it is front.

    A segment that lies partly in other held ground counts as what the rest of it is.

    Args:
        rings: of held areas, in degrees.
        line: of these areas.

    Returns:
        For each ring an array: `FRONT`; `BESIDE` for shore and seams; `INNER` where other held
        ground lies on its other side.
    """
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    is_segment = ring[1:] == ring[:-1]
    starts, ends = corners[:-1][is_segment], corners[1:][is_segment]
    kinds = np.full(len(starts), INNER, dtype=np.uint8)
    points = shapely.points(np.concatenate([starts + (ends - starts) * share for share in _LOOKED_AT]))
    for kind, lines in ((BESIDE, line.rest), (FRONT, line.line)):
        found = shapely.STRtree(_segments(lines)).query(points, predicate="dwithin", distance=_SAME_DEGREES)[0]
        kinds[found % len(kinds)] = kind
    of_rings: list[Kinds] = np.split(kinds, np.cumsum(np.bincount(ring[1:][is_segment], minlength=len(rings)))[:-1])
    return of_rings


class _Edge:
    """The edge of held ground: its segments, and positions along them.

    Attributes:
        segments: in degrees, ring after ring.
        lengths_km: of the segments.
        places: positions on the Mercator map, at most `_STEP_M` apart, segment after segment.
    """

    def __init__(self, whole: shapely.Geometry) -> None:
        """Divides the edge of polygons whose outside lies to the right."""
        corners, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(whole)) if not whole.is_empty else [], return_index=True
        )
        in_same_ring = ring[1:] == ring[:-1]
        starts, ends = corners[:-1][in_same_ring], corners[1:][in_same_ring]
        self._ring = ring[1:][in_same_ring]
        self.segments = shapely.linestrings(np.stack((starts, ends), axis=1)) if len(starts) else np.zeros(0, object)
        self.lengths_km = lengths_km(self.segments)
        counts = np.maximum(np.ceil(self.lengths_km * 1000 / _STEP_M), 1).astype(int)
        self._segment = np.repeat(np.arange(len(starts)), counts)
        first = np.concatenate(([0], np.cumsum(counts)[:-1])) if len(counts) else counts
        share = (np.arange(len(self._segment)) - first[self._segment] + 0.5) / counts[self._segment]
        begin, step = _to_mercator(starts), _to_mercator(ends) - _to_mercator(starts)
        self.places: Places = begin[self._segment] + step[self._segment] * share[:, None]
        lengths = np.maximum(np.hypot(*step.T), 1e-12)[:, None]
        self._outwards = (np.column_stack((step[:, 1], -step[:, 0])) / lengths)[self._segment]

    def meets(self, held: shapely.Geometry, metres: float) -> Flags:
        """Tells for each position whether held ground lies at a distance on its outside."""
        beyond = self.places + self._outwards * (metres * _units_per_metre(self.places))[:, None]
        shapely.prepare(held)
        flags: Flags = shapely.contains(held, shapely.points(beyond))
        return flags

    def kinds_of_segments(self, kinds: Kinds) -> Kinds:
        """Returns the kind of each segment: that of most of its positions. Short stretches take
        the kind of their neighbours.
        """
        count = len(self.segments)
        votes: NDArray[np.intp] = np.stack(
            [np.bincount(self._segment[kinds == kind], minlength=count) for kind in range(3)]
        )
        chosen: Kinds = votes.argmax(axis=0).astype(np.uint8)
        for kind in (SEAM, SHORE, FRONT):
            chosen = self._without_short_runs(chosen, kind)
        return chosen

    def _without_short_runs(self, kinds: Kinds, kind: int) -> Kinds:
        """Gives short runs of a kind the kind before them, if the kind after them is the same."""
        changed = kinds.copy()
        for ring in np.split(np.arange(len(kinds)), np.flatnonzero(np.diff(self._ring)) + 1):
            own = kinds[ring]
            breaks = np.flatnonzero(own != np.roll(own, 1))
            if len(breaks) < 2:
                continue
            # The ring starts at a break, so that no run goes around its end.
            turned = np.roll(ring, -breaks[0])
            runs = np.split(turned, breaks[1:] - breaks[0])
            for n, run in enumerate(runs):
                before, after = kinds[runs[n - 1][0]], kinds[runs[(n + 1) % len(runs)][0]]
                if kinds[run[0]] == kind and before == after and self.lengths_km[run].sum() < SHORTEST_KM:
                    changed[run] = before
        return changed


def _places_along(lines: shapely.Geometry) -> Places:
    """Returns positions along lines on the Mercator map, about `_STEP_M` apart."""
    step = _STEP_M / _METRES_PER_DEGREE
    places: Places = shapely.get_coordinates(shapely.segmentize(lines, step))
    return places


def _segments(lines: shapely.Geometry) -> NDArray[np.object_]:
    """Returns the segments of lines as lines of two positions."""
    if lines.is_empty:
        return np.zeros(0, dtype=object)
    corners, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    pairs = np.stack((corners[:-1], corners[1:]), axis=1)
    segments: NDArray[np.object_] = shapely.linestrings(pairs[line[1:] == line[:-1]])
    return segments


def _to_mercator(places: Places) -> Places:
    """Projects to a map on which a degree of longitude is one unit."""
    northing = np.degrees(np.arctanh(np.sin(np.radians(places[:, 1]))))
    return np.column_stack((places[:, 0], northing))


def _units_per_metre(places: Places) -> NDArray[np.float64]:
    """Returns the scale of the Mercator map at positions on it."""
    scale: NDArray[np.float64] = np.cosh(np.radians(places[:, 1])) / _METRES_PER_DEGREE
    return scale


def _lines(segments: NDArray[np.object_]) -> shapely.MultiLineString:
    """Joins segments to lines of maximal length."""
    if len(segments) == 0:
        return shapely.MultiLineString()
    return shapely.MultiLineString([*shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))])


def _km(line: shapely.MultiLineString) -> float:
    return float(lengths_km(np.array([line], dtype=object))[0])
