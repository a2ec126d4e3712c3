"""Encodes the place names of the map: settlements with their labels in one language, largest weight
first.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, Final

import numpy as np
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
_NEAR_DEGREES_OF_DISTRICT: Final = 0.2
_WEIGHT_OF_PART: Final = 0.02
_WEIGHT_BESIDE: Final = 0.3


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

    The gazetteer also lists parts of cities, and does not tell. A settlement near a city is a part
    of it if it is also called a district, or if it is large but has a late id. Beside a city that
    is several times as large, it is a town or a part, and weighs less than a town elsewhere.
    """
    people = np.array([row.population for row in rows], dtype=np.float64)
    late = np.array([row.geonameid >= _LATE for row in rows], dtype=np.bool_)
    district = np.array([row.is_district for row in rows], dtype=np.bool_)
    weights = people * np.where([row.in_theatre for row in rows], 1.0, _WEIGHT_ABROAD)
    longitude, latitude = (np.array([getattr(row, of) for row in rows]) for of in ("longitude", "latitude"))
    narrowed = np.cos(np.radians(latitude))
    may_be_part = people >= _SMALLEST_PART
    in_city = np.zeros(len(rows), dtype=np.bool_)
    beside_city = in_city.copy()
    for city in np.flatnonzero((people >= _SMALLEST_CITY) & ~district):
        away = np.hypot((longitude - longitude[city]) * narrowed, latitude - latitude[city])
        near = may_be_part & (away < np.where(district, _NEAR_DEGREES_OF_DISTRICT, _NEAR_DEGREES))
        near[city] = False
        in_city |= near & (late | district)
        beside_city |= near & (people[city] >= _TIMES_BIGGER * people)
    weights = weights * np.where(in_city, _WEIGHT_OF_PART, np.where(beside_city, _WEIGHT_BESIDE, 1.0))
    return [_two_digits(weight) for weight in weights.tolist()]


def _two_digits(number: float) -> int:
    return int(float(f"{number:.2g}"))


def encode_labels(labels: dict[str, Any]) -> bytes:
    """Encodes labels as gzipped JSON."""
    return gzip.compress(orjson.dumps(labels), compresslevel=9, mtime=0)
