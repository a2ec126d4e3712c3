"""Measures how far a position lies outside the extent of the theatre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geographiclib.geodesic import Geodesic

if TYPE_CHECKING:
    from app.theatre import Extent


def nearest_position(extent: Extent, longitude: float, latitude: float) -> tuple[float, float]:
    """Returns the position of the extent that is nearest in degrees (longitude, latitude)."""
    return min(max(longitude, extent.west), extent.east), min(max(latitude, extent.south), extent.north)


def metres_outside(extent: Extent, longitude: float, latitude: float) -> float:
    """Returns the distance of a position from the extent on the ellipsoid, in metres; 0 inside."""
    near_longitude, near_latitude = nearest_position(extent, longitude, latitude)
    if (near_longitude, near_latitude) == (longitude, latitude):
        return 0.0
    measured = Geodesic.WGS84.Inverse(latitude, longitude, near_latitude, near_longitude, Geodesic.DISTANCE)
    return float(measured["s12"])
