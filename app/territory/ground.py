"""Reads coasts and borders from the background map; the edge of held ground along them is not a
front line.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import orjson
import shapely

from app.geo.front_line import Ground

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.theatre import Extent


def read_ground(file: Path, extent: Extent) -> Ground | None:
    """Reads the coasts and borders in a theatre's extent.

    Args:
        file: TopoJSON with the objects `land` and `borders`, which scripts/ground.mjs makes
            (`make assets`).
        extent: lines outside it are left out.

    Returns:
        None if the file is missing, or has no coast or border in the extent.
    """
    if not file.is_file():
        return None
    topology = orjson.loads(file.read_bytes())
    box = shapely.box(extent.west, extent.south, extent.east, extent.north)
    arcs = {_arc(index) for name in ("land", "borders") for index in _indices(topology["objects"][name]["arcs"])}
    lines = [line for arc in sorted(arcs) if (line := _line(topology, arc)).intersects(box)]
    return Ground(lines) if lines else None


def _indices(nested: Any) -> Iterator[int]:
    if isinstance(nested, int):
        yield nested
    else:
        for part in nested:
            yield from _indices(part)


def _arc(index: int) -> int:
    """Returns the number of an arc; the complement of the number means the arc in reverse."""
    return ~index if index < 0 else index


def _line(topology: Any, arc: int) -> shapely.LineString:
    """Decodes an arc into degrees; its positions are encoded as steps in whole units."""
    (scale_x, scale_y), (east, north) = topology["transform"]["scale"], topology["transform"]["translate"]
    xs, ys = (accumulate(steps) for steps in zip(*topology["arcs"][arc], strict=True))
    places = [(x * scale_x + east, y * scale_y + north) for x, y in zip(xs, ys, strict=True)]
    return shapely.LineString(places if len(places) > 1 else places * 2)
