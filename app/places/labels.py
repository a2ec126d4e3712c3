"""Encodes the place names of the map: settlements with their labels in one language, largest weight
first.
"""

from __future__ import annotations

import gzip
import math
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.places import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.database.session import PublicReadSession

# Units of the encoding per degree: a unit is about ten metres, a quarter of a pixel at zoom 12.
UNITS_PER_DEGREE: Final = 10_000
# Outside the theatre only cities are labelled, with a lower weight.
SMALLEST_ABROAD: Final = 20_000
_WEIGHT_ABROAD: Final = 0.25
_SMALLEST_CITY: Final = 60_000  # people
_SMALLEST_PART: Final = 5_000
_TIMES_BIGGER: Final = 3.0
_LATE: Final = 10_000_000  # GeoNames assigns ids in order; large places with later ids are districts
_NEAR_DEGREES: Final = 0.13  # of latitude: fourteen kilometres
_WEIGHT_OF_PART: Final = 0.02


def make_labels(session: PublicReadSession, language: str, attribution: str) -> dict[str, Any]:
    """Returns the settlements as columns, sorted by weight, most important first.

    Args:
        session: reads the gazetteer.
        language: of the names; without a name in it, the gazetteer's own name is used.
        attribution: of the gazetteer.
    """
    rows = queries.label_rows(session, language, SMALLEST_ABROAD)
    session.commit()  # the rest takes seconds, and PostgreSQL closes idle transactions
    weights = label_weights(rows)
    order = sorted(range(len(rows)), key=lambda n: (-weights[n], rows[n].geonameid))
    return {
        "language": language,
        "attribution": attribution,
        "count": len(rows),
        "longitude": [round(rows[n].longitude * UNITS_PER_DEGREE) for n in order],
        "latitude": [round(rows[n].latitude * UNITS_PER_DEGREE) for n in order],
        "weight": [weights[n] for n in order],
        "name": [rows[n].label for n in order],
    }


def label_weights(rows: Sequence[Any]) -> list[int]:
    """Returns the weight of each settlement: its population, rounded to two digits. Settlements
    abroad weigh less, parts of a city much less.

    The gazetteer also lists parts of cities. A settlement counts as a part of a city if it is near
    a place several times as large, or if it is near a city and large but has a late id.
    """
    large = [row for row in rows if row.population >= _SMALLEST_CITY]
    return [
        _two_digits(
            row.population
            * (1 if row.in_theatre else _WEIGHT_ABROAD)
            * (_WEIGHT_OF_PART if row.population >= _SMALLEST_PART and _is_part(row, large) else 1)
        )
        for row in rows
    ]


def _is_part(row: Any, large: Sequence[Any]) -> bool:
    narrowed = math.cos(math.radians(row.latitude))
    times_bigger = 0.0 if row.geonameid >= _LATE else _TIMES_BIGGER
    return any(
        city.geonameid != row.geonameid
        and city.population >= times_bigger * row.population
        and math.hypot((city.longitude - row.longitude) * narrowed, city.latitude - row.latitude) < _NEAR_DEGREES
        for city in large
    )


def _two_digits(number: float) -> int:
    return int(float(f"{number:.2g}"))


def encode_labels(labels: dict[str, Any]) -> bytes:
    """Encodes labels as gzipped JSON."""
    return gzip.compress(orjson.dumps(labels), compresslevel=9, mtime=0)
