"""Reads `lacking.csv`: places that reports mention and the gazetteer lacks, because they have fewer
than 500 people.

They are never drawn. The list prevents that a namesake elsewhere is returned for them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geographiclib.geodesic import Geodesic

from app.places import queries
from app.places.ranking import Candidate
from app.places.spelling import fold, possible_skeletons

if TYPE_CHECKING:
    from app.database.session import PublicReadSession

LACKING: Final = Path(__file__).with_name("lacking.csv")
# The assumed population, larger than the real one, because these places are mentioned in reports.
_PEOPLE: Final = 5_000


@dataclass(frozen=True)
class LackingPlace:
    """A place that the gazetteer lacks, located by its distance from a place in the gazetteer.

    `bearing` is its direction from there, in degrees clockwise from north.
    """

    spelling: str
    geonameid: int
    bearing: float
    distance_km: float
    source: str


@cache
def lacking_places() -> tuple[LackingPlace, ...]:
    """Reads the file."""
    with LACKING.open(encoding="utf-8", newline="") as file:
        return tuple(
            LackingPlace(
                row["spelling"], int(row["geonameid"]), float(row["bearing"]), float(row["distance_km"]), row["source"]
            )
            for row in csv.DictReader(file)
        )


@cache
def _by_skeleton() -> dict[str, tuple[LackingPlace, ...]]:
    found: dict[str, tuple[LackingPlace, ...]] = {}
    for entry in lacking_places():
        key = fold(entry.spelling)
        found[key] = (*found.get(key, ()), entry)
    return found


def find_lacking(session: PublicReadSession, spelling: str) -> dict[LackingPlace, Candidate]:
    """Returns the places of the list that a spelling may mean, as candidates. Skips those far from
    this gazetteer.
    """
    entries = [entry for key in possible_skeletons(spelling) for entry in _by_skeleton().get(key, ())]
    anchors = queries.places_by_id(session, [entry.geonameid for entry in entries]) if entries else {}
    candidates: dict[LackingPlace, Candidate] = {}
    for entry in entries:
        anchor = anchors.get(entry.geonameid)
        if anchor is not None:
            position = Geodesic.WGS84.Direct(anchor.latitude, anchor.longitude, entry.bearing, entry.distance_km * 1000)
            candidates[entry] = Candidate(
                geonameid=-1 - len(candidates),  # GeoNames has no negative ids
                name=entry.spelling,
                country=anchor.country,
                admin1=anchor.admin1,
                population=_PEOPLE,
                in_theatre=anchor.in_theatre,
                longitude=position["lon2"],
                latitude=position["lat2"],
                spelling=entry.spelling,
                folded=fold(entry.spelling),
                kind="name",
            )
    return candidates
