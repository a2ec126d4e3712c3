"""Selecting events for a bulk change: filters, counts and pages, with three queries per page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import text

from app.models import EventPlace
from tests.desk.test_bulk import BULK
from tests.places.settlements import SETTLEMENTS, insert_settlements

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.builders import Builder
    from tests.review.conftest import Desk

EVENTS = f"{BULK}/events"


def listed(desk: Desk, query: str = "") -> dict[str, Any]:
    response = desk.ask("GET", f"{EVENTS}{query}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def many_events(build: Builder, count: int) -> None:
    """Inserts drafts along a line, each changed a minute before the previous one."""
    build.event(state="draft")
    build.session.execute(
        text(
            "INSERT INTO frontline.event (id, origin, title, category, shape, happened_from, happened_to,"
            " time_precision, verification, state, updated_at) SELECT gen_random_uuid(), origin, 'Draft ' || number,"
            " category, ST_SetSRID(ST_MakePoint(30 + number / 1000.0, 48), 4326), happened_from, happened_to,"
            " time_precision, verification, 'draft', now() - number * interval '1 minute'"
            " FROM frontline.event, generate_series(1, :last) number"
        ),
        {"last": count - 1},
    )
    build.session.commit()


def test_all_matching_events_are_changed_and_undone_together(ann: Desk, build: Builder, connection: Connection) -> None:
    many_events(build, 300)
    statements: list[str] = []
    sa_event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    seen: list[str] = []
    after = ""
    while after is not None:
        statements.clear()
        page = listed(ann, f"?state=draft&limit=120&after={after.replace('+', '%2B')}")
        assert page["total"] == 300
        assert sum("FROM frontline.event" in statement for statement in statements) == 3
        seen += [row["id"] for row in page["events"]]
        after = page["next"]
    assert (len(seen), len(set(seen))) == (300, 300)
    rows = listed(ann, "?state=draft&limit=300")["events"]
    body: dict[str, Any] = {
        "events": [{"id": row["id"], "version": row["version"]} for row in rows],
        "change": {"verification": "disputed"},
        "reason": "The channel is a fake.",
    }
    preview = ann.ask("POST", BULK, body).json()
    assert {(one["before"], one["after"], one["refusal"]) for one in preview["items"]} == {
        ("geolocated", "disputed", None)
    }
    done = ann.ask("POST", BULK, body | {"apply": True}).json()
    assert listed(ann, "?state=draft&verification=disputed")["total"] == 300
    assert ann.ask("POST", f"{BULK}/{done['id']}/undo").status_code == 200
    assert listed(ann, "?state=draft&verification=geolocated")["total"] == 300
    one_more = [*body["events"], body["events"][0]]
    assert ann.ask("POST", BULK, body | {"events": one_more}).status_code == 422


def test_filters_select_matching_events(ann: Desk, build: Builder) -> None:
    build.event("A tower falls", state="in_review", category="strike.drone", at=(37.0, 48.0))
    build.event("100% of it", state="in_review", origin=build.origin("other"), verification="disputed", at=(30.0, 50.0))
    build.event(state="draft")
    for query, titles in (
        ("", ["100% of it", "A tower falls"]),
        ("?category=strike", ["A tower falls"]),
        ("?verification=disputed", ["100% of it"]),
        ("?origin=other", ["100% of it"]),
        ("?q=TOWER", ["A tower falls"]),
        ("?q=%25", ["100% of it"]),
        ("?q=falls+TOWER", ["A tower falls"]),  # each word, in any order
        ("?bbox=36,47,38,49", ["A tower falls"]),
        ("?bbox=179,-90,36,90", ["100% of it"]),  # across the antimeridian
        ("?category=strike,clash&verification=geolocated&verification=disputed", ["100% of it", "A tower falls"]),
        ("?state=withdrawn", []),
    ):
        page = listed(ann, query)
        assert sorted(row["title"] for row in page["events"]) == titles, query
        assert page["total"] == len(titles)


@pytest.mark.parametrize(
    "query",
    [
        "?state=gone",
        "?bbox=1,2,3",
        "?bbox=1,9,8,2",
        "?bbox=nan,1,8,2",
        "?after=x",
        "?limit=1001",
        "?x=1",
        "?source_class=x",
        "?origin=X",
        "?near=1",
        "?datetime=x",
        "?verification=x",
    ],
)
def test_invalid_parameter_is_named(ann: Desk, query: str) -> None:
    response = ann.ask("GET", f"{EVENTS}{query}")
    assert response.status_code == 400
    assert response.json()["parameter"] == query[1:].partition("=")[0]


def test_desk_filters_by_exact_place_and_all_sources(ann: Desk, build: Builder) -> None:
    event = build.event("Coarsened", state="in_review", at=(30.0, 50.0))
    build.session.execute(
        text("UPDATE frontline.event SET exact_shape = ST_SetSRID(ST_MakePoint(30.3, 50.3), 4326) WHERE id = :id"),
        {"id": event},
    )
    build.session.commit()
    build.source(event, source_class="party", status="hidden")
    for query, is_found in (
        ("?bbox=30.2,50.2,30.4,50.4", True),
        ("?bbox=29.9,49.9,30.1,50.1", False),
        ("?near=30.3,50.3,100", True),
        ("?near=30,50,100", False),
        ("?source_class=party", True),
        ("?source_class=independent", False),
    ):
        assert bool(listed(ann, query)["total"]) is is_found, query


def test_doubtful_places_are_listed_farthest_first(ann: Desk, build: Builder) -> None:
    insert_settlements(build.session)
    pokrovsk = SETTLEMENTS["Pokrovsk"]

    def draft(title: str, at: tuple[float, float], place: str | None = None) -> None:
        places = [EventPlace(position=0, as_spelled=place)] if place else []
        build.event(title, at=at, state="draft", places=places)

    draft("near", (pokrovsk[0] + 0.3, pokrovsk[1]), "Pokrovsk")
    draft("Yakutia", (129.15, 61.48), "Pokrovsk, Donetsk oblast")
    draft("100 km away", (pokrovsk[0] + 1.35, pokrovsk[1]), "ПОКРОВСЬК")
    draft("Vladivostok", (131.9, 43.1))
    draft("Moscow", (37.6, 55.75))
    draft("unknown name", (30.0, 50.0), "Nowhere")
    page = listed(ann, "?state=draft&doubt=place")
    assert [row["title"] for row in page["events"]] == ["Yakutia", "100 km away", "Vladivostok"]
    assert page["total"] == 3
    yakutia, away, vladivostok = (row["doubt"] for row in page["events"])
    assert (yakutia["name"], 5_400_000 < yakutia["away_m"] < 5_700_000) == ("Pokrovsk", True)
    assert 98_000 < away["away_m"] < 102_000
    assert (vladivostok["name"], 6_800_000 < vladivostok["outside_m"] < 7_000_000) == (None, True)
    seen: list[str] = []
    after = ""
    while after is not None:
        page = listed(ann, f"?state=draft&doubt=outside&limit=1&after={after}")
        seen += [row["title"] for row in page["events"]]
        after = page["next"]
    assert seen == ["Yakutia", "Vladivostok", "Moscow"]
    assert not listed(ann, "?state=draft&q=Moscow")["events"][0]["doubt"]["doubtful"]
