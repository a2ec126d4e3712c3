"""Ranks the places that a spelling may mean.

Pure. Places in the theatre come first, and equal spellings come before similar ones. The name of a
place counts more than its other spellings, and these count more than another word, such as a former
name. Among namesakes, larger places and places nearer to the map's centre are more likely.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.places.spelling import normalise, spelling_distance

Likeness = Literal["same", "folded", "alike"]

# In units of the decimal logarithm of the population: 1 is ten times the population.
_COST_OF_KIND: Final = {"name": 0.0, "alias": 0.0, "alternate": 0.2, "former": 1.25}
_COST_OF_FOLDING: Final = 0.5
_SMALLEST: Final = 100  # people, for a place with an unknown population

# The allowed distance of a spelling: (least letters of the skeleton, least people, distance).
_SLIP_AT_HOME: Final = ((6, 0, 0.75), (8, 10_000, 1.0))
_SLIP_ABROAD: Final = ((6, 20_000, 0.75),)
_GREATEST_SLIP: Final = 1.0
SLIP_LETTERS: Final = 6  # a shorter skeleton must be equal


@dataclass(frozen=True)
class Candidate:
    """A place that a spelling may mean, with its matching spelling; degrees."""

    geonameid: int
    name: str
    country: str
    admin1: str | None
    population: int
    in_theatre: bool
    longitude: float
    latitude: float
    spelling: str
    folded: str
    kind: str


@dataclass(frozen=True)
class Match:
    """A place that a spelling may mean, and how the spellings match: the same word, the same
    skeleton, or similar.
    """

    place: Candidate
    likeness: Likeness
    order: tuple[bool, bool, float, float]


def rank_candidates(
    candidates: Iterable[Candidate],
    spelling: str,
    keys: tuple[str, ...],
    remoteness: Callable[[Candidate], float],
) -> list[Match]:
    """Sorts the places that a spelling may mean, most likely first, without duplicates and places
    that differ too much.

    Args:
        candidates: spellings of places; a place may have several.
        spelling: the requested spelling.
        keys: its skeletons, from `possible_skeletons`.
        remoteness: the cost of the distance of a place; 1 counts like a tenth of the population.
    """
    wanted = normalise(spelling)
    best: dict[int, Match] = {}
    for candidate in candidates:
        match = _match(candidate, wanted, keys, remoteness)
        if match is not None and (candidate.geonameid not in best or match.order < best[candidate.geonameid].order):
            best[candidate.geonameid] = match
    return sorted(best.values(), key=lambda match: (match.order, match.place.geonameid))


def _match(
    candidate: Candidate, wanted: str, keys: tuple[str, ...], remoteness: Callable[[Candidate], float]
) -> Match | None:
    differs = (
        0.0
        if candidate.folded in keys
        else min(spelling_distance(key, candidate.folded, _GREATEST_SLIP) for key in keys)
    )
    if differs and not _may_be_slip(candidate, differs, min(map(len, keys))):
        return None
    likeness: Likeness = "alike" if differs else "same" if normalise(candidate.spelling) == wanted else "folded"
    cost = (
        _COST_OF_KIND[candidate.kind]
        + (0.0 if likeness == "same" else _COST_OF_FOLDING)
        + remoteness(candidate)
        - math.log10(candidate.population + _SMALLEST)
    )
    return Match(candidate, likeness, (differs > 0, not candidate.in_theatre, differs, cost))


def _may_be_slip(candidate: Candidate, differs: float, letters: int) -> bool:
    """Tells whether a difference may be a typing error: only in long words; well-known places allow
    more.
    """
    rules = _SLIP_AT_HOME if candidate.in_theatre else _SLIP_ABROAD
    return any(letters >= least and candidate.population >= people and differs <= most for least, people, most in rules)
