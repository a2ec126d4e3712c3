"""Parses GeoJSON polygons in one batch; checks, repairs and measures them."""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from app.exchange.territory.drawings import FileRefused
from app.geo.crossings import edges_of, has_more_crossings
from app.geo.ellipsoid import areas_km2
from app.parsing.geojson import geometry_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.theatre import Extent

MAX_VERTICES: Final = 100_000  # of one feature
REPAIR_LIMIT: Final = 0.001  # of a file's area
MOST_CROSSINGS: Final = 50_000  # of the edges of one invalid shape
# Of the edges of all shapes of an assessment, for each edge in addition. Neighbours that share a
# border have two or three.
_CROSSINGS_OF_AN_EDGE: Final = 10

NOT_CLOSED: Final = "rings that were not closed"
_LINES_AND_POINTS: Final = ("Point", "MultiPoint", "LineString", "MultiLineString")

Positions = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Repairs:
    """The number of repaired shapes, and the change of their area in km²."""

    shapes: int
    km2: float


class Outline:
    """Collects the polygons of many features, and creates all shapes in one batch.

    `booleans`: the file contains booleans. Then positions are checked for them, because NumPy would
    read them as numbers.
    """

    def __init__(self, *, booleans: bool = False) -> None:
        self._booleans = booleans
        self._rings: list[Positions] = []
        self._polygon_of_ring: list[int] = []
        self._shape_of_polygon: list[int] = []
        self._shapes = 0
        self.notes: Counter[str] = Counter()

    def add(self, number: int, geometry: dict[str, Any]) -> list[int]:
        """Adds a geometry; parts that are not areas are counted and left out.

        Args:
            number: of the feature, for messages.
            geometry: GeoJSON; heights are dropped, and collections are expanded.

        Returns:
            The indices of its shapes: one for each Polygon or MultiPolygon in it.

        Raises:
            FileRefused: the geometry is invalid.
        """
        vertices = 0
        shape_ids: list[int] = []
        for kind, coordinates in self._polygons_in(number, geometry):
            polygons = [coordinates] if kind == "Polygon" else coordinates
            if not isinstance(polygons, list) or not polygons:
                continue
            shape_ids.append(self._shapes)
            for polygon in polygons:
                if not isinstance(polygon, list):
                    raise FileRefused(f"feature {number} has a polygon that is not a list of rings")
                for ring in polygon:
                    self._rings.append(self._positions(number, ring))
                    self._polygon_of_ring.append(len(self._shape_of_polygon))
                    vertices += len(self._rings[-1])
                if polygon:
                    self._shape_of_polygon.append(self._shapes)
            self._shapes += 1
        if vertices > MAX_VERTICES:
            raise FileRefused(f"feature {number} has more than {MAX_VERTICES} vertices")
        return shape_ids

    def shapes(self) -> Shapes:
        """Returns all shapes as multipolygons, valid or not, by their index; a shape without
        polygons is empty.
        """
        if not self._rings:
            return np.full(self._shapes, shapely.MultiPolygon(), dtype=object)
        sizes = [len(ring) for ring in self._rings]
        rings = shapely.linearrings(np.concatenate(self._rings), indices=np.repeat(np.arange(len(sizes)), sizes))
        polygons = shapely.polygons(rings, indices=np.array(self._polygon_of_ring))
        multipolygons = np.full(self._shapes, shapely.MultiPolygon(), dtype=object)
        owners = np.array(self._shape_of_polygon)
        multipolygons[np.unique(owners)] = shapely.multipolygons(
            polygons, indices=np.searchsorted(np.unique(owners), owners)
        )
        return multipolygons

    def _polygons_in(self, number: int, geometry: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
        kind = geometry_type(geometry)
        if kind in {"Polygon", "MultiPolygon"}:
            yield kind, geometry.get("coordinates")
        elif kind == "GeometryCollection" and depth < 4:
            members = geometry.get("geometries")
            for member in members if isinstance(members, list) else ():
                if not isinstance(member, dict):
                    raise FileRefused(f"feature {number} has a collection with an invalid geometry")
                yield from self._polygons_in(number, member, depth + 1)
        elif kind in _LINES_AND_POINTS:
            self.notes["points and lines left out"] += 1
        else:
            raise FileRefused(f"feature {number} has an unsupported geometry type: {kind[:40]!r}")

    def _positions(self, number: int, ring: Any) -> Positions:
        """Returns the positions of a ring as longitude and latitude, closed."""
        try:
            read = np.array(ring)
        except ValueError:  # some positions have heights, and some have none
            flat = isinstance(ring, list) and all(isinstance(position, list) for position in ring)
            read = np.array([(*position[:2], None, None)[:2] for position in ring] if flat else None)
        numbers = read.ndim == 2 and read.shape[1] >= 2 and read.dtype.kind in "fi"
        if not numbers or (
            self._booleans and any(value is True or value is False for place in ring for value in place)
        ):
            raise FileRefused(f"feature {number} has a ring with a position that is not two or three numbers")
        positions: Positions = read[:, :2].astype(np.float64)
        if not np.isfinite(positions).all() or (np.abs(positions) > (180, 90)).any():
            raise FileRefused(
                f"feature {number} has a position that is not longitude and latitude in degrees:"
                f" {_first_outside(positions)}"
            )
        if not np.array_equal(positions[0], positions[-1]):
            self.notes[NOT_CLOSED] += 1
            positions = np.concatenate((positions, positions[:1]))
        if len(positions) < 4:
            raise FileRefused(f"feature {number} has a ring of fewer than three different positions")
        if np.abs(np.diff(positions[:, 0])).max() > 180:
            raise FileRefused(
                f"feature {number} crosses the antimeridian: cut it there into two polygons (RFC 7946, 3.1.9)"
            )
        return positions


def _first_outside(positions: Positions) -> str:
    fits = np.isfinite(positions).all(axis=1) & (np.abs(positions) <= (180, 90)).all(axis=1)
    longitude, latitude = positions[~fits][0]
    return f"{longitude}, {latitude}"


class Measures:
    """Computes validity and area of shapes, and caches those of the last file.

    Most shapes stay the same from day to day.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[bool, float]] = {}

    def of(self, shapes: Shapes) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Returns for each shape whether it is valid, and its area in km² (as drawn, if it is
        invalid).
        """
        wkbs = shapely.to_wkb(shapes)
        known = {wkb: self._known[wkb] for wkb in wkbs if wkb in self._known}
        new = np.array([index for index, wkb in enumerate(wkbs) if wkb not in known], dtype=int)
        found = zip(shapely.is_valid(shapes[new]).tolist(), areas_km2(shapes[new]).tolist(), strict=True)
        self._known = known | dict(zip(wkbs[new], found, strict=True))
        measured = [self._known[wkb] for wkb in wkbs]
        return np.array([valid for valid, _ in measured], dtype=bool), np.array(
            [km2 for _, km2 in measured], dtype=float
        )


def repair_shapes(
    shapes: Shapes, numbers: Sequence[int], measures: Measures, *, accept: bool
) -> tuple[Shapes, NDArray[np.float64], Repairs]:
    """Repairs invalid shapes, and measures the change. A shape smaller than a sliver becomes empty.

    Args:
        shapes: multipolygons.
        numbers: of their features, for messages.
        measures: computes validity and areas.
        accept: accept any change; otherwise a change of more than `REPAIR_LIMIT` of the area is
            refused.

    Returns:
        The shapes, their areas in km², and the repairs.

    Raises:
        FileRefused: the repairs change too much, or a shape crosses itself too often.
    """
    valid, before = measures.of(shapes)
    if valid.all():
        return shapes, before, Repairs(0, 0.0)
    broken = ~valid
    for index in np.flatnonzero(broken).tolist():
        if has_more_crossings(edges_of(shapes[[index]]), MOST_CROSSINGS):
            raise FileRefused(
                f"feature {numbers[index]} crosses or touches itself more than {MOST_CROSSINGS} times, which is too"
                " much to repair. Repair the file"
            )
    repaired, after = shapes.copy(), before.copy()
    # The method `structure` joins shells and subtracts holes, as intended by the drawing. The
    # method `linework` would turn a ring that was drawn twice into a hole.
    repaired[broken] = [
        _only_areas(shapely.make_valid(shape, method="structure", keep_collapsed=False)) for shape in shapes[broken]
    ]
    after[broken] = areas_km2(repaired[broken])
    changed_km2 = float(np.abs(after - before).sum())
    whole_km2 = max(float(before.sum()), float(after.sum()))
    if changed_km2 > REPAIR_LIMIT * whole_km2 and not accept:
        raise FileRefused(
            f"has invalid shapes ({int(broken.sum())}), and repairing them would change {changed_km2:.1f}"
            f" of {whole_km2:.1f} km², more than {REPAIR_LIMIT:.1%}. Repair the file, or use --accept-repairs"
        )
    return repaired, after, Repairs(int(broken.sum()), changed_km2)


def _only_areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def check_crossings(shapes: Shapes) -> None:
    """Refuses valid shapes that cross each other so often that joining them would take gigabytes.

    Raises:
        FileRefused: they do.
    """
    edges = edges_of(shapes)
    most = MOST_CROSSINGS + _CROSSINGS_OF_AN_EDGE * len(edges)
    if has_more_crossings(edges, most):
        raise FileRefused(f"has areas that cross each other more than {most} times, which is too much to compute with")


def check_axes(shapes: Shapes, extent: Extent) -> None:
    """Refuses shapes that lie mostly outside the theatre, and would lie inside with their axes
    swapped.

    Raises:
        FileRefused: the axes seem to be swapped.
    """
    longitude, latitude = shapely.get_coordinates(shapes).T
    if len(longitude) == 0 or 2 * _inside(longitude, latitude, extent) >= len(longitude):
        return
    if 2 * _inside(latitude, longitude, extent) > len(longitude):
        raise FileRefused(
            "has areas mostly outside the theatre that would be inside with their axes swapped. Is latitude"
            " before longitude? GeoJSON has longitude first: swap them in the file"
        )


def _inside(longitude: Positions, latitude: Positions, extent: Extent) -> int:
    inside = reduce(
        operator.and_,
        (longitude >= extent.west, longitude <= extent.east, latitude >= extent.south, latitude <= extent.north),
    )
    return int(inside.sum())
