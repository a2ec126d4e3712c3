"""Database queries of the gazetteer. They read the public views and are independent of HTTP."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geography
from sqlalchemy import BigInteger, Integer, Row, Select, Text, any_, cast, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.columns import SRID
from app.models.public import public_place, public_place_name
from app.places.ranking import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.database.session import PublicReadSession

place = public_place.c
named = public_place_name.c

DISTRICT = " район"  # at the end of the Ukrainian and the Russian name of a part of a city
ALIKE_LIMIT = 60  # spellings that are compared letter by letter
# The number of candidates nearest in degrees that are measured on the ellipsoid. A degree of
# longitude is shorter than one of latitude.
NEAREST_POOL = 60

_PLACE = (
    place.geonameid,
    place.name,
    place.country,
    place.admin1,
    place.population,
    place.in_theatre,
    func.ST_X(place.spot).label("longitude"),
    func.ST_Y(place.spot).label("latitude"),
)


def _spellings_query() -> Select[*tuple[Any, ...]]:
    return select(*_PLACE, named.spelling, named.folded, named.kind).join_from(
        public_place_name, public_place, named.geonameid == place.geonameid
    )


def _candidates(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Candidate]:
    return [Candidate(**row._mapping) for row in rows]


def find_by_skeleton(session: PublicReadSession, keys: Sequence[str]) -> list[Candidate]:
    """Returns the places that have a spelling with one of these skeletons."""
    query = _spellings_query().where(named.folded == any_(literal(keys, ARRAY(Text))))
    return _candidates(session.execute(query))


def find_similar(session: PublicReadSession, key: str) -> list[Candidate]:
    """Returns the places whose spellings share most trigrams with a skeleton."""
    query = _spellings_query().where(named.folded.op("%")(key)).order_by(named.folded.op("<->")(key)).limit(ALIKE_LIMIT)
    return _candidates(session.execute(query))


def nearest(
    session: PublicReadSession, longitude: float, latitude: float, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the settlements nearest to a position, with `distance_m` and `bearing`.

    The bearing is the direction of the position from the settlement, in degrees clockwise from
    north; null if they coincide.
    """
    position = func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), SRID)
    pool = (
        select(*_PLACE, place.spot)
        .order_by(place.spot.op("<->")(position))
        .limit(max(NEAREST_POOL, 3 * limit))
        .subquery()
    )
    distance = func.ST_Distance(cast(pool.c.spot, Geography), cast(position, Geography)).label("distance_m")
    bearing = func.degrees(func.ST_Azimuth(cast(pool.c.spot, Geography), cast(position, Geography))).label("bearing")
    columns = [column for column in pool.c if column.key != "spot"]
    return session.execute(select(*columns, distance, bearing).order_by(distance, pool.c.geonameid).limit(limit)).all()


def names_by_language(session: PublicReadSession, geonameids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Returns the names of places by language, for names with a known language."""
    query = select(named.geonameid, named.language, named.spelling).where(
        named.geonameid == any_(literal(geonameids, ARRAY(Integer))), named.language.is_not(None)
    )
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.execute(query):
        names[row.geonameid][row.language] = row.spelling
    return names


def places_by_id(session: PublicReadSession, geonameids: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Returns places by their ids; ids that the gazetteer lacks are left out."""
    query = select(*_PLACE).where(place.geonameid == any_(literal(geonameids, ARRAY(Integer))))
    return {row.geonameid: row for row in session.execute(query)}


def regions_with_seat(session: PublicReadSession, keys: Sequence[str]) -> set[tuple[str, str]]:
    """Returns the regions (country, first-level division) whose most populous settlement has one of
    the skeletons.
    """
    bigger = public_place.alias().c
    is_seat = ~exists().where(
        bigger.country == place.country,
        bigger.admin1 == place.admin1,
        tuple_(bigger.population, bigger.geonameid) > tuple_(place.population, place.geonameid),
    )
    has_name = exists().where(named.geonameid == place.geonameid, named.folded == any_(literal(keys, ARRAY(Text))))
    query = select(place.country, place.admin1).where(place.admin1.is_not(None), has_name, is_seat).distinct()
    return {(row.country, row.admin1) for row in session.execute(query)}


def countries(session: PublicReadSession) -> set[str]:
    """Returns the countries in the gazetteer, as ISO 3166 codes."""
    return set(session.scalars(select(place.country).distinct()))


def revision(session: PublicReadSession) -> str:
    """Returns a text that changes with the settlements of the gazetteer; "0" if there are none."""
    people = func.sum(place.geonameid * cast(place.population + 1, BigInteger))
    row = session.execute(select(func.count(), people).select_from(public_place)).one()
    return f"{row[0]}-{row[1]}" if row[0] else "0"


def label_rows(session: PublicReadSession, language: str, smallest_abroad: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the settlements of the theatre, and the larger ones outside it, each with its
    `label`.

    The label is the name in a language, else the gazetteer's own name.
    """
    in_language = (
        select(named.geonameid, func.min(named.spelling).label("spelling"))
        .where(named.language == language)
        .group_by(named.geonameid)
        .subquery()
    )
    query = (
        select(
            *_PLACE,
            func.coalesce(in_language.c.spelling, place.name).label("label"),
            exists().where(named.geonameid == place.geonameid, named.spelling.endswith(DISTRICT)).label("is_district"),
        )
        .outerjoin_from(public_place, in_language, in_language.c.geonameid == place.geonameid)
        .where(place.in_theatre | (place.population >= smallest_abroad))
    )
    return session.execute(query).all()
