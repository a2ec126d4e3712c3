"""Ranks the places that a spelling may mean.

Pure. A place of the theatre comes before one outside it, what is spelled so before what is merely
alike; a place's own name counts more than other spellings of it, and those more than another word
for it, such as a former name. Among namesakes the bigger is likelier, and the nearer to what the
reader looks at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.places.spelling import normalise, spelling_distance

Likeness = Literal["same", "folded", "alike"]

# In the same measure as the logarithm of a population: 1 is ten times the people.
_COST_OF_KIND: Final = {"name": 0.0, "alias": 0.0, "alternate": 0.2, "former": 1.25}
_COST_OF_FOLDING: Final = 0.5
_SMALLEST: Final = 100  # people, of a place whose population is not known

# The allowed distance of a spelling: (least letters of the skeleton, least people, distance).
_SLIP_AT_HOME: Final = ((6, 0, 0.75), (8, 10_000, 1.0))
_SLIP_ABROAD: Final = ((6, 20_000, 0.75),)
_GREATEST_SLIP: Final = 1.0
SLIP_LETTERS: Final = 6  # in a shorter skeleton no slip is allowed


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
    """A place that answers a spelling, and how it came to: the same word, the same skeleton, or
    only alike.
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
    """Sorts the places that a spelling may mean, each once, the likeliest first; leaves out what is
    too unlike.

    Args:
        candidates: spellings of places, several of one place as they come.
        spelling: the requested spelling.
        keys: its skeletons, as `possible_skeletons` gives them.
        remoteness: how much less likely a place is for lying far away; 1 is as much as ten times
            fewer people.
    """
    wanted = normalise(spelling)
    best: dict[int, Match] = {}
    for candidate in candidates:
        match = _matched(candidate, wanted, keys, remoteness)
        if match is not None and (candidate.geonameid not in best or match.order < best[candidate.geonameid].order):
            best[candidate.geonameid] = match
    return sorted(best.values(), key=lambda match: (match.order, match.place.geonameid))


def _matched(
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
    """Returns whether a difference may be a typing error: in a long word, rather in a well-known
    place.
    """
    rules = _SLIP_AT_HOME if candidate.in_theatre else _SLIP_ABROAD
    return any(letters >= least and candidate.population >= people and differs <= most for least, people, most in rules)
