"""Checks that longitudes and latitudes are on the globe."""

from __future__ import annotations


def check_longitude(degrees: float, name: str = "longitude") -> float:
    """Returns the longitude.

    Raises:
        ValueError: the longitude is not between -180 and 180 degrees, or is not a number.
    """
    if not -180 <= degrees <= 180:
        raise ValueError(f"The {name} must be between -180 and 180 degrees.")
    return degrees


def check_latitude(degrees: float, name: str = "latitude") -> float:
    """Returns the latitude.

    Raises:
        ValueError: the latitude is not between -90 and 90 degrees, or is not a number.
    """
    if not -90 <= degrees <= 90:
        raise ValueError(f"The {name} must be between -90 and 90 degrees.")
    return degrees
