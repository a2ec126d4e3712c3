"""Formats a position in common notations: decimal degrees, degrees-minutes-seconds, MGRS.

`static/js/lib/coordinates.js` does the same; both are tested with one list of examples.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from mgrs import MGRS

DECIMAL_DIGITS: Final = 5  # a metre, finer than any report
GRID_SOUTH: Final = -80.0
GRID_NORTH: Final = 84.0


@cache
def _mgrs_converter() -> MGRS:
    return MGRS()


def format_decimal(longitude: float, latitude: float) -> str:
    """Returns decimal degrees, latitude first: `48.24819, 37.12966`."""
    return f"{_format_degrees(latitude)}, {_format_degrees(longitude)}"


def format_dms(longitude: float, latitude: float) -> str:
    """Returns degrees, minutes and seconds, latitude first; a tenth of a second is three metres."""
    return f"{_sexagesimal(latitude, 'N', 'S')} {_sexagesimal(longitude, 'E', 'W')}"


def format_grid(longitude: float, latitude: float) -> str | None:
    """Returns the MGRS reference to a metre, `37U CP 61154 45577`; None beyond 80° S and 84° N."""
    if not GRID_SOUTH <= latitude <= GRID_NORTH:
        return None
    reference: str = _mgrs_converter().toMGRS(latitude, longitude)
    zone, square, digits = reference[:-12], reference[-12:-10], reference[-10:]
    return f"{zone.zfill(3)} {square} {digits[:5]} {digits[5:]}"


def _format_degrees(degrees: float) -> str:
    return f"{round(degrees, DECIMAL_DIGITS) + 0.0:.{DECIMAL_DIGITS}f}"  # + 0.0: no negative zero


def _sexagesimal(degrees: float, positive: str, negative: str) -> str:
    tenths = int(abs(degrees) * 36_000 + 0.5)  # rounded once, so that no minute has sixty seconds
    minutes, rest = divmod(tenths, 600)
    hemisphere = negative if degrees < 0 and tenths > 0 else positive
    return f"{minutes // 60}°{minutes % 60:02}\N{PRIME}{rest / 10:04.1f}\N{DOUBLE PRIME}{hemisphere}"
