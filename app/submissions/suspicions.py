"""Suspicions: what looks mistaken in a submission, though it can be. The sender is asked, and may confirm each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.problems import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row

    from app.theatre import Extent

# How far from (0, 0) a place is still taken for a missing one: about a kilometre.
_NEAR_ZERO_DEGREES: Final = 0.01
# What is left of a latitude whose first digit was lost is below ten.
_LOST_DIGITS: Final = (10, 20, 30, 40, 50, 60, 70, 80)

MESSAGES: Final = {
    "zero-zero": "Latitude 0 and longitude 0 usually mean that the location is missing.",
    "axes-swapped": "Latitude and longitude seem to be swapped.",
    "lost-digit": "The first digit of the latitude seems to be missing.",
    "outside-theatre": "This place is outside the area this map covers.",
    "near-duplicate": "An event close to this place and time is already on the map.",
    "same-footage": "This footage is already on the map.",
}


def suspicions_of_place(longitude: float, latitude: float, extent: Extent) -> Iterator[Suspicion]:
    """Give what looks mistaken in a place, the likeliest mistake alone.

    Args:
        longitude: degrees.
        latitude: degrees.
        extent: of the theatre; nothing inside it is suspicious.
    """
    if extent.contains(longitude, latitude):
        return
    if max(abs(longitude), abs(latitude)) < _NEAR_ZERO_DEGREES:
        yield _suspicion("zero-zero", "/latitude")
        return
    if extent.contains(latitude, longitude):
        yield _suspicion("axes-swapped", "/latitude", {"longitude": latitude, "latitude": longitude})
        return
    if 0 <= latitude < 10:
        whole = [
            {"longitude": longitude, "latitude": round(latitude + lost, 7)}
            for lost in _LOST_DIGITS
            if extent.contains(longitude, latitude + lost)
        ]
        if whole:
            yield _suspicion("lost-digit", "/latitude", whole)
            return
    yield _suspicion("outside-theatre", "/latitude")


def suspicions_of_sameness(nearby: Sequence[Row[Any]], given: dict[str, tuple[int, str]]) -> Iterator[Suspicion]:
    """Give what may be on the map already.

    Args:
        nearby: as `queries.nearby_events` gives it.
        given: position and spelling of each submitted link, by its canonical URL.
    """
    for row in nearby:
        for canonical in row.same_footage:
            position, url = given[canonical]
            yield _suspicion("same-footage", f"/footage_urls/{position}", {"event": _named(row), "url": url})
        if row.near:
            yield _suspicion("near-duplicate", "/latitude", {"event": _named(row), "distance_m": int(row.distance_m)})


def _named(row: Row[Any]) -> dict[str, str]:
    return {"id": str(row.id), "title": row.title, "href": f"/events/{row.id}"}


def _suspicion(code: str, field: str, suggestion: Any = None) -> Suspicion:
    return Suspicion(code, field, MESSAGES[code], suggestion)
