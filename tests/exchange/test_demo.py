"""The demo data of the project on the map: the difficulties of the newspaper paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, create_engine, text

from app.exchange.demo import DemoError, load_demo
from app.theatre import Theatre

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls


@pytest.fixture(scope="module")
def demo(demo_database: DatabaseUrls) -> Iterator[Connection]:
    engine = create_engine(demo_database.app)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def event(demo: Connection, key: str) -> dict[str, Any]:
    row = demo.execute(
        text(
            "SELECT *, ST_GeometryType(shape) AS kind, ST_Length(shape::geography) AS metres"
            " FROM frontline.event WHERE origin = 'demo' AND origin_id = :key"
        ),
        {"key": key},
    ).one()
    return dict(row._mapping)


def test_demo_has_five_public_events_and_ten_claims(demo: Connection) -> None:
    assert demo.scalar(text("SELECT count(*) FROM frontline.public_event WHERE origin = 'demo'")) == 5
    assert demo.scalar(text("SELECT count(*) FROM frontline.public_claim")) == 10
    assert demo.scalar(text("SELECT licence FROM frontline.public_origin WHERE slug = 'demo'")) == "CC BY 4.0"


def test_infiltration_is_one_event_with_four_claims(demo: Connection) -> None:
    entry = event(demo, "infiltration-pokrovsk")
    claims = (
        demo.execute(
            text("SELECT stance FROM frontline.claim WHERE event_id = :id ORDER BY position"), {"id": entry["id"]}
        )
        .scalars()
        .all()
    )
    assert claims == ["asserts", "asserts", "asserts", "denies"]
    assert entry["verification"] == "disputed"


def test_road_is_a_line_with_a_band(demo: Connection) -> None:
    road = event(demo, "clashes-e50")
    assert road["kind"] == "ST_LineString"
    assert road["precision_m"] == 5000
    assert 100_000 < road["metres"] < 103_000
    assert road["actor"] is None


def test_month_precision_and_inferred_days_are_marked(demo: Connection) -> None:
    town = event(demo, "myrnohrad-2024")
    assert (town["time_precision"], town["verification"]) == ("month", "disputed")
    assert (town["happened_from"].isoformat()[:10], town["happened_to"].isoformat()[:10]) == (
        "2024-08-01",
        "2024-09-01",
    )
    assert event(demo, "advance-zvirove")["time_inferred"] is True


def test_sources_without_link_have_a_name(demo: Connection) -> None:
    with_link, by_name = demo.execute(
        text("SELECT count(canonical_url), count(*) FILTER (WHERE canonical_url IS NULL) FROM frontline.source")
    ).one()
    assert with_link == 1
    assert by_name > 3


def test_only_named_sources_have_a_class(demo: Connection) -> None:
    classes = demo.execute(text("SELECT name, source_class FROM frontline.source")).all()
    named = {row[0]: row[1] for row in classes}
    assert named["Oleksandr Syrskyi, as quoted"] == "party"
    assert named["Institute for the Study of War"] == named["Ukrainska Pravda"] == "independent"
    assert {source_class for name, source_class in named.items() if "not named" in name} == {"unknown"}


def test_second_load_adds_nothing(demo_database: DatabaseUrls, theatre: Theatre) -> None:
    engine = create_engine(demo_database.app)
    assert load_demo(engine, theatre) == 0
    engine.dispose()


def test_demo_refuses_another_theatre(demo_database: DatabaseUrls, theatre: Theatre) -> None:
    other = Theatre.model_validate(theatre.model_dump(by_alias=True) | {"belligerents": theatre.belligerents[:1]})
    engine = create_engine(demo_database.app)
    with pytest.raises(DemoError, match="another theatre"):
        load_demo(engine, other)
    engine.dispose()
