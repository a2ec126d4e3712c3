"""Finds the place that a spelling means, and uses hints about its location to exclude namesakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from geographiclib.geodesic import Geodesic

from app.places import queries
from app.places.context import Hint, read_context
from app.places.lacking import LackingPlace, find_lacking
from app.places.ranking import SLIP_LETTERS, Candidate, Match, rank_candidates
from app.places.regions import find_countries, find_regions
from app.places.spelling import possible_skeletons, without_kind

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.theatre import Theatre

# The greatest distance of "near" and "south of".
NEAR_M: Final = 60_000
DIRECTION_M: Final = 80_000
DIRECTION_DEGREES: Final = 67.5  # to either side: "south" may mean south-west

# The distance that counts as much as ten times the population: the nearer of two namesakes is
# preferred, but a large town comes before a village. A stated neighbour counts more than the map's
# centre.
KM_FROM_VIEW: Final = 300.0
KM_FROM_HINT: Final = 30.0
FARTHEST: Final = 2.0  # greater distances cost the same

_Test = Callable[[Candidate], bool]
_Remoteness = Callable[[Candidate], float]


@dataclass(frozen=True)
class Spot:
    """A position in degrees, and the search radius in metres."""

    longitude: float
    latitude: float
    radius_m: float


@dataclass(frozen=True)
class Understood:
    """How a hint of the context was understood: its kind, and the names of the places that it
    means.
    """

    kind: str
    means: tuple[str, ...]
    bearing: float | None = None


@dataclass
class Found:
    """The result of a search.

    `places` are the possible places, most likely first. If the gazetteer lacks the place, `places`
    is empty, `lacking` describes the place if it is known, and `namesakes` are other places of that
    name.
    """

    places: list[Match] = field(default_factory=list)
    lacking: list[LackingPlace] = field(default_factory=list)
    namesakes: list[Match] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)


@dataclass
class _Known:
    """A parsed context: conditions for the place, and the places from which distances are
    measured.
    """

    tests: list[_Test] = field(default_factory=list)
    anchors: list[Candidate] = field(default_factory=list)


def find_places(
    session: PublicReadSession, theatre: Theatre, text: str, *, context: str = "", near: Spot | None = None
) -> Found:
    """Finds the places that a spelling in any script may mean.

    Args:
        session: reads the gazetteer.
        theatre: without `near` and context, places nearer to the centre of its map are preferred.
        text: the spelling; text after a comma or in brackets is parsed as context.
        context: hints about the location of the place; all must hold.
        near: a circle that contains the place.
    """
    spelling, rest = _split(text)
    found = Found()
    known = _read_context(session, theatre, f"{rest};{context}", found.understood)
    matches, entries = _matches(session, spelling, _remoteness(theatre, near, known))
    if not matches and rest:
        # A comma may also be part of a name in the gazetteer.
        found.understood.clear()
        known = _read_context(session, theatre, context, found.understood)
        matches, entries = _matches(session, text, _remoteness(theatre, near, known))
    tests = known.tests
    if near is not None:
        tests.append(lambda place: metres_and_bearing((near.longitude, near.latitude), place)[0] <= near.radius_m)
    fitting = [match for match in matches if all(test(match.place) for test in tests)]
    if fitting and fitting[0].place in entries:
        found.lacking = [entries[fitting[0].place]]
    elif not fitting:
        found.lacking = [entry for place, entry in entries.items() if all(test(place) for test in tests)]
    found.namesakes = [match for match in matches if match.place not in entries and match.likeness != "alike"]
    if not found.lacking:
        found.places = [match for match in fitting if match.place not in entries]
    if found.places:
        found.namesakes = []
    return found


def metres_and_bearing(of: tuple[float, float], place: Candidate) -> tuple[float, float]:
    """Measures the distance of a place from another (longitude, latitude), in metres, and its
    direction, in degrees.
    """
    measured = Geodesic.WGS84.Inverse(of[1], of[0], place.latitude, place.longitude)
    return measured["s12"], measured["azi1"] % 360


def _split(text: str) -> tuple[str, str]:
    """Splits a spelling from the addition after a comma or in brackets."""
    for position, letter in enumerate(text):
        if letter in ",(" and text[:position].strip():
            return text[:position].strip(), text[position + 1 :].strip()
    return text.strip(), ""


def _remoteness(theatre: Theatre, near: Spot | None, known: _Known) -> _Remoteness:
    """Returns the cost of distance: from the context of the place, or else from the centre of the
    map.
    """
    if near is not None:
        return partial(_far_from, (near.longitude, near.latitude), KM_FROM_HINT)
    if known.anchors:
        anchor = known.anchors[0]
        return partial(_far_from, (anchor.longitude, anchor.latitude), KM_FROM_HINT)
    return _far_from_view(theatre)


def _far_from_view(theatre: Theatre) -> _Remoteness:
    return partial(_far_from, (theatre.view.longitude, theatre.view.latitude), KM_FROM_VIEW)


def _far_from(centre: tuple[float, float], km: float, place: Candidate) -> float:
    return min(metres_and_bearing(centre, place)[0] / 1000 / km, FARTHEST)


def _matches(
    session: PublicReadSession, spelling: str, remoteness: _Remoteness
) -> tuple[list[Match], dict[Candidate, LackingPlace]]:
    """Returns the places anywhere that the spelling may mean, and those of them that the gazetteer
    lacks.
    """
    spelling = without_kind(spelling)
    keys = possible_skeletons(spelling)
    if not keys:
        return [], {}
    entries = {place: entry for entry, place in find_lacking(session, spelling).items()}
    candidates = [*queries.find_by_skeleton(session, keys), *entries]
    if not candidates and min(map(len, keys)) >= SLIP_LETTERS:
        candidates = [candidate for key in keys for candidate in queries.find_similar(session, key)]
    return rank_candidates(candidates, spelling, keys, remoteness), entries


def _read_context(session: PublicReadSession, theatre: Theatre, context: str, understood: list[Understood]) -> _Known:
    """Finds the places that a context names. For each clause, one of its alternatives must
    match.
    """
    known = _Known()
    for alternatives in read_context(context):
        tests = [
            test
            for hint in alternatives
            if (test := _hint_condition(session, theatre, hint, understood, known)) is not None
        ]
        if tests:
            known.tests.append(partial(_any_holds, tuple(tests)))
    return known


def _any_holds(tests: tuple[_Test, ...], place: Candidate) -> bool:
    return any(test(place) for test in tests)


def _hint_condition(
    session: PublicReadSession, theatre: Theatre, hint: Hint, understood: list[Understood], known: _Known
) -> _Test | None:
    """Returns the condition of one hint; None if the hint names no known place."""
    if hint.kind in {"region", "unclear"}:
        return _in_region(session, theatre, hint, understood)
    anchors = [match.place for name in hint.names if (match := _anchor(session, theatre, name)) is not None]
    if not anchors:
        return None
    understood.append(Understood(hint.kind, tuple(anchor.name for anchor in anchors), hint.bearing))
    known.anchors += anchors
    return lambda place: any(_is_in_direction(place, anchor, hint.bearing) for anchor in anchors)


def _in_region(session: PublicReadSession, theatre: Theatre, hint: Hint, understood: list[Understood]) -> _Test | None:
    (name,) = hint.names
    if regions := find_regions(session, name):
        understood.append(Understood("region", tuple(f"{country}-{admin1}" for country, admin1 in sorted(regions))))
        return lambda place: (place.country, place.admin1) in regions
    if countries := find_countries(session, name, theatre.languages):
        understood.append(Understood("country", tuple(sorted(countries))))
        return lambda place: place.country in countries
    return None


def _anchor(session: PublicReadSession, theatre: Theatre, name: str) -> Match | None:
    """Returns the place from which a hint measures, with or without the ending of an oblique
    case.
    """
    for form in (name, name[:-1]):
        matches, entries = _matches(session, form, _far_from_view(theatre)) if len(form) > 2 else ([], {})
        known = [match for match in matches if match.place not in entries]
        if known:
            return known[0]
    return None


def _is_in_direction(place: Candidate, anchor: Candidate, bearing: float | None) -> bool:
    metres, direction = metres_and_bearing((anchor.longitude, anchor.latitude), place)
    if bearing is None:
        return metres <= NEAR_M
    turn = abs((direction - bearing + 180) % 360 - 180)
    return metres <= DIRECTION_M and turn <= DIRECTION_DEGREES
