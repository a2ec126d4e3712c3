"""Reads the land of the theatre's countries: where it ends there is coast or border, and no front.

The file `static/ground/ground.json` is part of the repository, so a front line is the same on every
installation. `scripts/ground.mjs` writes it for `theatre.toml`.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely

from app.errors import UserError
from app.geo.front_line import Ground
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.theatre import Extent, Theatre
    from app.theatre import Ground as GroundOptions

GROUND_FILE: Final = PROJECT_DIRECTORY / "static" / "ground" / "ground.json"


def read_ground(extent: Extent, options: GroundOptions, file: Path = GROUND_FILE) -> Ground | None:
    """Reads the land of the theatre's countries; without `countries`, all land in its extent.

    Args:
        extent: of the theatre.
        options: which countries, and which waters inside them count as sea.
        file: TopoJSON with the objects `land` and `countries`.

    Returns:
        None if the file is missing, or has no land in the extent.

    Raises:
        UserError: the file has no country of a name.
    """
    if not file.is_file():
        return None
    topology = orjson.loads(file.read_bytes())
    arcs = [decode_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    box = shapely.box(extent.west, extent.south, extent.east, extent.north)
    land = _shape(topology["objects"]["land"]["arcs"], arcs, box)
    home = land
    if options.countries:
        known = {one["properties"]["name"]: one["arcs"] for one in topology["objects"]["countries"]["geometries"]}
        for name in options.countries:
            if name not in known:
                raise UserError(f"[ground] countries: {file.name} has no country {name!r}, but {', '.join(known)}.")
        home = shapely.union_all([_shape(known[name], arcs, box) for name in options.countries])
    waters = [
        shapely.box(*(getattr(one.box, side) for side in ("west", "south", "east", "north"))) for one in options.waters
    ]
    home = shapely.difference(home, shapely.union_all(waters))
    return None if home.is_empty else Ground(home, land)


def ground_reader(theatre: Theatre) -> Callable[[], Ground | None]:
    """Returns a function that reads the land of a theatre once, when it is first needed."""
    return cache(lambda: read_ground(theatre.extent, theatre.ground))


def decode_arc(arc: Any, transform: Any) -> NDArray[np.float64]:
    """Decodes an arc into degrees; its positions are encoded as steps in whole units."""
    steps = np.array([[*accumulate(column)] for column in zip(*arc, strict=True)], dtype=np.float64)
    degrees: NDArray[np.float64] = steps.T * transform["scale"] + transform["translate"]
    return degrees


def _shape(polygons: Any, arcs: Sequence[NDArray[np.float64]], box: shapely.Geometry) -> shapely.Geometry:
    """Returns the polygons near a box as one shape."""
    drawn = [
        shapely.Polygon(shell, holes) for shell, *holes in ([join_ring(ring, arcs) for ring in one] for one in polygons)
    ]
    near = [shapely.make_valid(one) for one in drawn if one.intersects(box)]
    return shapely.union_all([part for part in shapely.get_parts(near) if part.geom_type == "Polygon"])


def join_ring(indices: Sequence[int], arcs: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Joins arcs to a ring; the complement of an index means the arc in reverse."""
    joined: NDArray[np.float64] = np.concatenate([arcs[at] if at >= 0 else arcs[~at][::-1] for at in indices])
    return joined
