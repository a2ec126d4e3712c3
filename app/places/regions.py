"""Recognises names of regions and countries: "Kharkiv oblast", "Донецька", "Russia".

Most regions are named after their seat, which the gazetteer has; `regions.csv` has the others.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale

from app.places import queries
from app.places.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.database.session import PublicReadSession

REGIONS: Final = Path(__file__).with_name("regions.csv")
# The adjective of a seat, after folding: Харківська, Донецкой, Kharkivskyi.
_ADJECTIVE: Final = re.compile(r"(?P<stem>.+?)(?P<suffix>[sţ]k)(?:a|i|e|oi|u|ohe|omu|im|h?oi)?$")


def find_regions(session: PublicReadSession, name: str) -> set[tuple[str, str]]:
    """Returns the regions (country, first-level division) that a name may mean."""
    keys = set(_possible_names(name))
    listed_regions = {region for spelling, region in _regions() if spelling in keys}
    return listed_regions | (queries.regions_with_seat(session, sorted(keys)) if keys else set())


def find_countries(session: PublicReadSession, name: str, languages: Iterable[str]) -> set[str]:
    """Returns the countries of the gazetteer that a name means in English or in one of the
    languages.
    """
    wanted = fold(name)
    return {
        country
        for country in queries.countries(session)
        for language in {"en", *languages}
        if wanted and fold(Locale(language).territories.get(country, "")) == wanted
    }


def _possible_names(name: str) -> Iterable[str]:
    """Returns the skeletons that a region's name may have in the gazetteer: with and without its
    suffix.
    """
    key = fold(name)
    if key:
        yield key
        if adjective := _ADJECTIVE.match(key):
            yield fold(adjective["stem"])
            yield fold(adjective["stem"] + adjective["suffix"])


@cache
def _regions() -> tuple[tuple[str, tuple[str, str]], ...]:
    with REGIONS.open(encoding="utf-8", newline="") as file:
        return tuple((fold(row["spelling"]), (row["country"], row["admin1"])) for row in csv.DictReader(file))
