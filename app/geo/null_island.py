"""The rule of 0, 0 ("Null Island"): software writes 0 for a coordinate that it does not know, so
what lies there is never public.

Every door asks this module: the forms, the API, the desk, imports, and the database, whose trigger
contains `sql_null_island` (docs/decisions/0053-doubtful-places.md).
"""

from __future__ import annotations

from typing import Final

# Half the side of the box around 0, 0, in degrees: all that lies within a kilometre is in it.
_REACH: Final = 0.01
# West, south, east, north. A shape that intersects this box counts as a place that was not known.
NULL_ISLAND: Final = (-_REACH, -_REACH, _REACH, _REACH)


def is_null_island(longitude: float, latitude: float) -> bool:
    """Returns whether a position (degrees) counts as a place that was not known."""
    return max(abs(longitude), abs(latitude)) <= _REACH


def sql_null_island(shape: str) -> str:
    """Returns the rule as an SQL condition, which is immutable.

    Args:
        shape: the name of the column, a geometry in degrees.
    """
    box = f"public.ST_MakeEnvelope({', '.join(map(str, NULL_ISLAND))}, 4326)"
    return f"({shape} OPERATOR(public.&&) {box} AND public.ST_Intersects({shape}, {box}))"
