"""Warnings about fields of a submission that may be mistaken. The sender can confirm each of
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.geo.null_island import is_null_island
from app.problems import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row

    from app.theatre import Extent

# What to add to a latitude that may have lost its first digit.
_LOST_DIGITS: Final = (10, 20, 30, 40, 50, 60, 70, 80)

MESSAGES: Final = {
    "zero-zero": "Latitude 0 and longitude 0 usually mean that the location is missing.",
    "axes-swapped": "Latitude and longitude seem to be swapped.",
    "lost-digit": "The first digit of the latitude seems to be missing.",
    "outside-theatre": "This place is outside the area this map covers.",
    "near-duplicate": "An event close to this place and time is already on the map.",
    "same-footage": "This footage is already on the map.",
}


def place_warnings(longitude: float, latitude: float, extent: Extent) -> Iterator[Suspicion]:
    """Yields a warning about the most likely mistake in a place.

    Args:
        longitude: degrees.
        latitude: degrees.
        extent: the extent of the theatre; places inside it get no warning, except 0, 0.
    """
    if is_null_island(longitude, latitude):
        yield _warning("zero-zero", "/latitude")
        return
    if extent.contains(longitude, latitude):
        return
    if extent.contains(latitude, longitude):
        yield _warning("axes-swapped", "/latitude", {"longitude": latitude, "latitude": longitude})
        return
    if 0 <= latitude < 10:
        whole = [
            {"longitude": longitude, "latitude": round(latitude + lost, 7)}
            for lost in _LOST_DIGITS
            if extent.contains(longitude, latitude + lost)
        ]
        if whole:
            yield _warning("lost-digit", "/latitude", whole)
            return
    yield _warning("outside-theatre", "/latitude")


def duplicate_warnings(nearby: Sequence[Row[Any]], given: dict[str, tuple[int, str]]) -> Iterator[Suspicion]:
    """Yields warnings about events that may already be on the map.

    Args:
        nearby: the rows of `queries.nearby_events`.
        given: position and spelling of each submitted link, by its canonical URL.
    """
    for row in nearby:
        for canonical in row.same_footage:
            position, url = given[canonical]
            yield _warning("same-footage", f"/footage_urls/{position}", {"event": _event_link(row), "url": url})
        if row.near:
            yield _warning(
                "near-duplicate", "/latitude", {"event": _event_link(row), "distance_m": int(row.distance_m)}
            )


def _event_link(row: Row[Any]) -> dict[str, str]:
    return {"id": str(row.id), "title": row.title, "href": f"/events/{row.id}"}


def _warning(code: str, field: str, suggestion: Any = None) -> Suspicion:
    return Suspicion(code, field, MESSAGES[code], suggestion)
