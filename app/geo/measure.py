"""Lengths on the ellipsoid (WGS 84)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from geographiclib.geodesic import Geodesic

if TYPE_CHECKING:
    from collections.abc import Sequence


def length_m(line: Sequence[Sequence[float]]) -> float:
    """Returns the length in metres of a line of positions (longitude, latitude in degrees)."""
    return sum(
        float(Geodesic.WGS84.Inverse(start[1], start[0], end[1], end[0], Geodesic.DISTANCE)["s12"])
        for start, end in pairwise(line)
    )
