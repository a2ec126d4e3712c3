"""Parses hints about the location of a place: "Kharkiv oblast", "south of Pokrovsk", "near
Bakhmut".

Pure: `app.places.search` looks up the places that the hints name. English, Ukrainian and Russian
are supported. Other words are ignored, and the response lists the hints that were understood.
"""

# ruff: noqa: RUF001 - letters of several scripts are what this module is about

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["region", "direction", "near", "unclear"]


@dataclass(frozen=True)
class Hint:
    """One hint of a context.

    `names` are the words that name a place, region or country. For a direction, `bearing` is the
    direction of the searched place from there, in degrees clockwise from north. A hint that is
    `unclear` is only a name.
    """

    kind: Kind
    names: tuple[str, ...]
    bearing: float | None = None


# Stems of compass directions in English, Ukrainian and Russian, with "-" or nothing between two of
# them.
_COMPASS: Final = (
    ("north", 0), ("east", 90), ("south", 180), ("west", 270),
    ("північн", 0), ("північ", 0), ("східн", 90), ("схід", 90), ("сход", 90), ("південн", 180), ("південь", 180),
    ("півдн", 180), ("західн", 270), ("захід", 270), ("заход", 270),
    ("север", 0), ("восто", 90), ("южн", 180), ("юг", 180), ("запад", 270),
)  # fmt: skip
_POINT: Final = "|".join(stem for stem, _ in _COMPASS)
_DIRECTION: Final = re.compile(
    rf"\b(?P<first>{_POINT})\w*?(?:[-\s]?(?P<second>{_POINT})\w*)?\s+(?:of|від|од|от|з)?\s*(?P<name>\S.*)$"
)
_NEAR: Final = re.compile(
    r"\b(?:near|close to|outside|around|beside|next to|"
    r"біля|поблизу|неподалік(?: від)?|коло|возле|около|вблизи|рядом с|под)"
    r"\s+(?P<name>\S.*)$"
)
_ROAD: Final = re.compile(
    r"^(?P<names>.+?)\s+(?:road|highway|route|line|axis|direction|дорога|траса|шосе|шоссе|трасса)$"
)
_REGION: Final = re.compile(
    r"^(?:.*\bin\s+|(?:у|в)\s+)?(?:the\s+)?(?P<name>.+?)\s+"
    r"(?:oblast|region|province|krai|republic|raion|district|обл|область|області|области|край|республика|республіка)\b"
)
_NOISE: Final = re.compile(r"^(?:the|one|village|town|city|settlement|of|село|селище|місто|город|поселок)\b\s*")


def read_context(text: str) -> tuple[tuple[Hint, ...], ...]:
    """Parses a context into clauses, all of which must hold, each with alternatives, one of which
    must hold.

    Commas, semicolons, brackets and line ends separate clauses; slashes separate alternatives.
    """
    clauses = (
        tuple(hint for part in clause.split("/") if (hint := _read_clause(part.strip().casefold())) is not None)
        for clause in re.split(r"[,;()\n]", text)
    )
    return tuple(clause for clause in clauses if clause)


def _read_clause(clause: str) -> Hint | None:
    if not clause or not any(letter.isalpha() for letter in clause):
        return None
    if near := _NEAR.search(clause):
        return Hint("near", (_name(near["name"]),))
    if region := _REGION.search(clause):
        return Hint("region", (_name(region["name"]),))
    if direction := _DIRECTION.search(clause):
        return Hint("direction", (_name(direction["name"]),), _bearing(direction["first"], direction["second"]))
    if road := _ROAD.match(clause):
        return Hint("near", tuple(_name(name) for name in re.split(r"\s*[-–—]\s*|\s+to\s+|\s+and\s+", road["names"])))
    return Hint("unclear", (_name(clause),))


def _name(words: str) -> str:
    """Removes words that are not part of a name: "the village of", "road"."""
    if road := _ROAD.match(words):
        words = road["names"]
    while (shorter := _NOISE.sub("", words)) != words:
        words = shorter
    return words.strip(" .")


def _bearing(first: str, second: str | None) -> float:
    one = dict(_COMPASS)[first]
    if second is None:
        return float(one)
    other = dict(_COMPASS)[second]
    # North is 0 and 360: north-west lies between 270 and 360.
    return ((one + other + (360 if {one, other} == {0, 270} else 0)) / 2) % 360
