"""SQL expressions for the similarity of two events by place, time and words, from 0 to 1.

They are used on the public views for "already on the map", and on all rows at the desk. The weights
were measured on real events: `python -m bench near`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Float, case, cast, func, literal, or_

from app.messages import Translatable, Translate

if TYPE_CHECKING:
    from collections.abc import Sequence

# Events farther apart than this in space or time are not compared.
NEAR_M: Final = 2_000
NEAR_TIME: Final = dt.timedelta(days=3)
# From this score on, two events are probably one.
PROBABLE: Final = 0.73

# The similarity of positions halves at this distance, that of times at this gap.
_HALF_M: Final = 100
_HALF_HOURS: Final = 24
_WEIGHTS: Final = {"place": 0.2, "time": 0.3, "words": 0.5}


@dataclass(frozen=True)
class Subject:
    """The values of an event to compare: columns, or given values."""

    shape: ColumnElement[Any]
    happened_from: ColumnElement[dt.datetime]
    happened_to: ColumnElement[dt.datetime]
    words: ColumnElement[str]


@dataclass(frozen=True)
class Similarity:
    """Expressions for the similarity of two events.

    Attributes:
        near: whether the events are close enough in place and time to be compared; two indexes
            support it.
        distance_m: metres between their shapes, on the ellipsoid.
        hours_apart: hours between their times; 0 if they overlap.
        words: similarity of their words by trigrams, from 0 to 1.
        score: from 0 to 1.
    """

    near: ColumnElement[bool]
    distance_m: ColumnElement[float]
    hours_apart: ColumnElement[float]
    words: ColumnElement[float]
    score: ColumnElement[float]


def compare_events(one: Subject, other: Subject, *, indexed: Sequence[ColumnElement[Any]] = ()) -> Similarity:
    """Compares two events.

    Args:
        one: the event that is searched for with indexes.
        other: the given event.
        indexed: columns with an index, one of which must lie near; by default the shape of `one`.
    """
    distance = func.ST_Distance(cast(one.shape, Geography), cast(other.shape, Geography))
    gap = func.greatest(
        func.extract("epoch", one.happened_from - other.happened_to),
        func.extract("epoch", other.happened_from - one.happened_to),
        0,
    )
    hours = cast(gap / 3600, Float)
    words = cast(func.similarity(one.words, other.words), Float)
    around = func.ST_Expand(other.shape, _degrees(other.shape), NEAR_M / 110_500 * 1.01)
    near = (
        or_(*(column.op("&&")(around) for column in indexed or (one.shape,)))
        & func.ST_DWithin(cast(one.shape, Geography), cast(other.shape, Geography), NEAR_M)
        & (one.happened_from < other.happened_to + NEAR_TIME)
        & (one.happened_to > other.happened_from - NEAR_TIME)
    )
    score = (
        _WEIGHTS["place"] * _halve(distance / _HALF_M)
        + _WEIGHTS["time"] * _halve(hours / _HALF_HOURS)
        + _WEIGHTS["words"] * words
    )
    return Similarity(near, distance, hours, words, cast(score, Float))


def _halve(halvings: ColumnElement[Any]) -> ColumnElement[float]:
    """Halves 1 as many times as given, but at most 60 times, so that a float can hold the
    result.
    """
    return cast(func.power(literal(0.5, Float), func.least(cast(halvings, Float), 60)), Float)


def _degrees(shape: ColumnElement[Any]) -> ColumnElement[float]:
    """Returns a longitude difference in degrees that spans at least `NEAR_M` everywhere in a
    shape.
    """
    farthest = func.greatest(func.abs(func.ST_YMax(shape)), func.abs(func.ST_YMin(shape)))
    narrowest = func.greatest(func.cos(func.radians(func.least(farthest + 0.1, 89.9))), 0.002)
    return case((farthest > 89, literal(360.0)), else_=NEAR_M / 110_500 * 1.01 / narrowest)


def explain_similarity(
    *, distance_m: float, hours_apart: float, words: float, same_sources: int, translate: Translate = str
) -> list[str]:
    """Returns the reasons why two events are probably one, translated by `translate`."""
    one_source, at_once = translate(Translatable("the same source")), translate(Translatable("at the same time"))
    several = translate(Translatable("{number} sources in common")).format(number=same_sources)
    apart = translate(Translatable("{number} m apart")).format(number=round(distance_m))
    hours = translate(Translatable("{number} hours apart")).format(number=round(hours_apart))
    reasons = [
        (same_sources > 0, one_source if same_sources == 1 else several),
        (True, apart if distance_m >= 1 else translate(Translatable("at the same place"))),
        (True, at_once if hours_apart == 0 else hours),
        (words >= 0.2, translate(Translatable("text {share} similar")).format(share=f"{words:.0%}")),
    ]
    return [text for holds, text in reasons if holds]
