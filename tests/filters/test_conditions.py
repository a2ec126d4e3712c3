"""Properties of filter conditions: the facets of tallies, the columns of point tables, the
cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from app.events.filters import EventFilter, conditions_of
from app.events.filters.conditions import AnyOf, Below, Words
from app.events.filters.facets import FACETS, facets_of
from app.events.filters.on_points import HELD, is_on_points
from app.events.tiles import event_tile_matcher
from app.fields import EVENT
from app.models import EventPoint, EventShape, EventTallyChange

if TYPE_CHECKING:
    from app.theatre import Theatre

TILE = "/api/collections/events/tiles/WebMercatorQuad/8/88/154"


def event_filter(**params: Any) -> EventFilter:
    return EventFilter.model_validate(params)


def test_conditions_of_parameters() -> None:
    given = event_filter(category="strike,clash", side="ru", q=" Dam  bridge ")
    assert conditions_of(given) == (
        Below("category", ("strike", "clash")),
        AnyOf(("actor", "affected"), ("ru",)),
        Words(("Dam", "bridge")),
    )
    assert conditions_of(event_filter(q="  ", category="")) == ()


def test_facets_match_the_tally_fields() -> None:
    assert {column for columns in FACETS for column in columns} == set(EVENT.names(facet=True))


@pytest.mark.parametrize("model", [EventPoint, EventShape, EventTallyChange])
def test_point_fields_are_columns_of_all_point_tables(model: Any) -> None:
    assert set(model.__table__.c.keys()) >= HELD


@pytest.mark.parametrize(
    ("params", "facets"),
    [
        ({}, [""]),
        ({"datetime": "2025-07-21/.."}, [""]),
        ({"datetime": "2025-07-21T12:00:00Z/.."}, None),
        ({"category": "strike,strike.drone,clash"}, ["category:strike", "category:clash"]),
        ({"side": "ru"}, ["side:ru"]),
        ({"side": "ru,ua"}, None),  # an event of both sides would be counted twice
        ({"verification": "reported,disputed"}, ["verification:reported", "verification:disputed"]),
        ({"origin": "desk,desk"}, ["origin:desk"]),
        ({"origin": "desk", "verification": "reported"}, None),
        *(({name: value}, None) for name, value in (("q", "dam"), ("place", 1), ("source_class", "party"))),
        *(({name: value}, None) for name, value in (("near", "37,48,10"), ("bbox", "1,2,3,4"))),
    ],
)
def test_tallies_answer_filters_of_one_facet(params: dict[str, Any], facets: list[str] | None) -> None:
    assert facets_of(conditions_of(event_filter(**params))) == facets


@pytest.mark.parametrize(
    ("query", "is_cached"),
    [
        ("", True),
        ("category=strike&side=ua&verification=reported&origin=desk&datetime=2025-07-21", True),
        ("datetime=2025-07-21T12:00:00Z", False),
        ("q=dam", False),
        ("near=37,48,10", False),
        ("place=1", False),
        ("source_class=party", False),
        ("bbox=1,2,3,4", False),
    ],
)
def test_only_cheap_answers_are_cached(theatre: Theatre, query: str, is_cached: bool) -> None:
    match = event_tile_matcher(theatre)(TILE, query.encode())
    assert match is not None
    assert (match.key is not None) is is_cached


def test_equal_filters_have_one_cache_key(theatre: Theatre) -> None:
    matcher = event_tile_matcher(theatre)
    keys = [
        match.key
        for query in (b"origin=b,a&category=clash&category=strike", b"category=strike,clash,strike&origin=a&origin=b")
        if (match := matcher(TILE, query)) is not None
    ]
    assert len(keys) == 2
    assert keys[0] == keys[1]


VALUES = {
    "category": "strike",
    "side": "ru",
    "verification": "reported",
    "origin": "desk",
    "source_class": "party",
    "q": "dam",
    "near": "37,48,10",
    "place": 1,
    "datetime": "2025-07-21",
    "bbox": "1,2,3,4",
}


def test_conditions_outside_point_tables_are_looked_up() -> None:
    held = {name: is_on_points(conditions_of(event_filter(**{name: value}))[0]) for name, value in VALUES.items()}
    assert {name for name, is_ in held.items() if not is_} == {"source_class", "q", "near", "place"}
    assert held.keys() == EventFilter.model_fields.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [("origin", "Desk"), ("origin", "a b"), ("origin", "x" * 61), ("source_class", "maybe"), ("verification", "maybe")],
)
def test_invalid_words_are_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        event_filter(**{name: value})
    assert refused.value.errors()[0]["loc"] == (name,)
