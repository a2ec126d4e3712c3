"""Parses references of the Military Grid Reference System (MGRS) on WGS 84, between 80° S and 84°
N.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Final

from mgrs import MGRS
from mgrs.core import MGRSError

from app.geo.parsed_place import ParsedPlace, UnreadablePlace, radius_of_cell

# Zone, band, square of 100 km; then nothing, or as many digits of easting as of northing.
_REFERENCE: Final = re.compile(
    r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z][A-HJ-NP-V])\s*(\d*)\s*(\d*)", re.IGNORECASE | re.ASCII
)
_MOST_DIGITS: Final = 5


# The library only warns of a square outside its latitude band, and returns a place far from it.
warnings.filterwarnings("error", 'Warning in "Convert_MGRS_To_Geodetic"', RuntimeWarning)


@cache
def _mgrs_converter() -> MGRS:
    return MGRS()


def parse_grid(text: str) -> ParsedPlace | None:
    """Parses a reference such as `37U CP 61154 45577`; the position is the centre of its square.

    Returns:
        The position; None if the text is not a reference.

    Raises:
        UnreadablePlace: the square does not exist, or the number of digits is odd.
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    zone, band, square, easting, northing = match.groups()
    if not northing:
        half = len(easting) // 2
        easting, northing = easting[:half], easting[half:]
    if len(easting) != len(northing) or len(easting) > _MOST_DIGITS:
        raise UnreadablePlace("not-coordinates")
    try:
        latitude, longitude = _mgrs_converter().toLatLon(f"{int(zone)}{band}{square}{easting}{northing}".upper())
    except (MGRSError, RuntimeWarning) as error:
        raise UnreadablePlace("not-coordinates") from error
    return ParsedPlace(longitude, latitude, "mgrs", radius_of_cell(10.0 ** (_MOST_DIGITS - len(easting))))
