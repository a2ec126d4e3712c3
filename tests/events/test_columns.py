"""The columns that the map draws always agree with the database."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.derived.event_columns import Layout
from app.fields import EVENT, SOURCE
from app.fields.words import SOURCE_CLASSES
from app.models import Event, Origin, Source
from app.publication.release import release_due_in
from tests.builders import moment
from tests.events import reader

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.geo.event_columns import Columns
    from tests.builders import Builder

Make = Callable[[], int]


def act_as(build: Builder, role: str) -> None:
    """Attributes the rest of a transaction to a member or program, for the permission triggers of
    the database.
    """
    build.session.execute(text("SELECT set_config('frontline.role', :role, true)"), {"role": role})


def test_columns_match_the_database(client: TestClient, build: Builder) -> None:
    build.event("later", at=(37.1, 48.2), happened=("2025-07-21T22:00", "2025-07-23T00:00"), affected="ua")
    build.event("month", at=(-0.00001, 48), happened=("2024-08-01", "2024-09-01"), time_precision="month", actor="ru")
    old = build.event("old", happened=("2021-12-31", "2022-01-01"), precision_m=None, category="strike.drone")
    build.event("imported", happened=("2025-08-01", "2025-08-02"), origin=build.origin("elsewhere"))
    for source_class in ("independent", "party", "independent"):
        build.source(old, source_class=source_class)

    columns = reader.filtered(client)

    assert [columns.iso_day(row) for row in range(3)] == ["2021-12-31", "2024-08-01", "2025-07-21"]
    assert columns.days.tolist() == [1, 31, 2, 1]  # a range that ends at midnight does not touch the next day
    longitude, latitude = columns.degrees
    assert longitude.tolist() == pytest.approx([37.12966, -0.00001, 37.1, 37.12966], abs=6e-6)
    assert latitude.tolist() == pytest.approx([48.24819, 48, 48.2, 48.24819], abs=6e-6)
    assert columns.precision_m.tolist() == [-1, 100, 100, 100]
    assert [columns.word("origin", row) for row in range(4)] == ["desk", "desk", "desk", "elsewhere"]
    assert [columns.classes(row) for row in range(4)] == [{"party", "independent"}, set(), set(), set()]
    assert [columns.word("affected", row) for row in range(3)] == [None, None, "ua"]
    assert [columns.word("actor", row) for row in range(3)] == [None, "ru", None]
    assert [columns.word("category", row) for row in range(3)] == ["strike.drone", "clash", "clash"]
    assert [columns.word("time_precision", row) for row in range(3)] == ["day", "month", "day"]
    assert columns.shapes == {}


def test_lines_and_areas_have_a_shape_and_a_point_on_it(client: TestClient, build: Builder, make_columns: Make) -> None:
    road = build.event("road", wkt="LINESTRING(37 48, 37.2 48.2, 38 49)")
    make_columns()
    (part,) = reader.parts(client)
    assert part.shapes == {0: (str(road), {"type": "LineString", "coordinates": [[37, 48], [37.2, 48.2], [38, 49]]})}
    longitude, latitude = part.degrees
    assert (longitude[0], latitude[0]) == pytest.approx((37.2, 48.2), abs=6e-6)


def test_columns_are_filtered_by_the_server(client: TestClient, build: Builder) -> None:
    village = 686799
    build.event("Дрон over the village", places=[])
    build.event("Tank at the crossing", at=(30, 50))
    event_id = build.event("Near", at=(37.13, 48.25))
    build.session.execute(
        text("INSERT INTO event_place (event_id, position, geonameid) VALUES (:event, 0, :village)"),
        {"event": event_id, "village": village},
    )
    build.session.commit()
    for question, count in (
        ({"q": "дрон"}, 1),
        ({"near": "37.13,48.25,500"}, 2),
        ({"place": village}, 1),
        ({"place": 1}, 0),
        ({"category": "strike"}, 0),
    ):
        assert len(reader.filtered(client, **question)) == count, question


def test_slug_missing_from_theatre_stays_in_columns(client: TestClient, build: Builder) -> None:
    build.event(category="siege", actor="someone")
    columns = reader.filtered(client)
    assert (columns.word("category", 0), columns.word("actor", 0)) == ("siege", "someone")


def test_response_revalidates_and_is_compressed(client: TestClient, build: Builder) -> None:
    build.event()
    first = client.get(reader.COLUMNS, headers={"Accept-Encoding": "br"})
    assert first.headers["content-encoding"] == "br"
    again = client.get(reader.COLUMNS, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    build.event("another")
    changed = client.get(reader.COLUMNS, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_parts_hold_for_minutes_and_are_revalidated_until_no_manifest_lists_them(
    client: TestClient, build: Builder, make_columns: Make
) -> None:
    build.event()
    assert reader.manifest(client)["stale"] is True
    assert make_columns() == 1
    manifest = reader.manifest(client)
    assert (manifest["stale"], manifest["events"], manifest["first_day"]) == (False, 1, "2025-07-21")
    (part,) = manifest["parts"]
    for accepted, sent in (("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0", None)):
        response = client.get(part["url"], headers={"Accept-Encoding": accepted})
        assert response.headers.get("content-encoding") == sent
        assert response.headers["cache-control"] == "public, max-age=300, must-revalidate"
        again = client.get(
            part["url"], headers={"Accept-Encoding": accepted, "If-None-Match": response.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == response.headers["cache-control"]
    build.event("another")
    assert client.get(part["url"]).status_code == 200  # stale for a moment, but its content is still public
    make_columns()
    for headers in ({}, {"If-None-Match": f'"{part["url"][-32:]}"'}):
        gone = client.get(part["url"], headers=headers)
        assert (gone.status_code, gone.headers["cache-control"]) == (410, "no-store")
    assert client.get(f"{reader.COLUMNS}/parts/{'0' * 32}").status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"state": "withdrawn", "withdrawn_at": moment("2025-08-01")},
        {"hidden_at": moment("2025-08-01"), "hidden_note": "for a person's safety"},
        {"public_from": moment("2999-01-01")},
        {"shape": "SRID=4326;POINT(36 48)"},
    ],
    ids=["withdrawn", "hidden", "embargoed again", "moved"],
)
def test_withdrawn_events_leave_all_parts_at_once(
    client: TestClient, build: Builder, make_columns: Make, change: dict[str, Any]
) -> None:
    event_id = build.event()
    build.event("of another quarter", happened=("2024-01-01", "2024-01-02"))
    make_columns()
    url = reader.manifest(client)["parts"][0]["url"]
    act_as(build, "editor")
    event = build.session.get_one(Event, event_id)
    for name, value in change.items():
        setattr(event, name, value)
    build.session.commit()

    assert client.get(url).status_code == 410
    assert reader.manifest(client)["events"] == 1
    make_columns()
    assert reader.manifest(client)["events"] == (2 if "shape" in change else 1)


def test_events_of_a_private_origin_leave_all_parts(client: TestClient, build: Builder, make_columns: Make) -> None:
    build.event()
    make_columns()
    origin = build.session.get_one(Origin, "desk")
    origin.public = False
    build.session.commit()
    assert reader.manifest(client)["parts"] == []
    make_columns()
    assert reader.manifest(client) == {
        "format": 1, "stale": False, "events": 0, "first_day": None, "last_day": None, "parts": []
    }  # fmt: skip


def test_changes_to_undrawn_fields_make_no_part_stale(client: TestClient, build: Builder, make_columns: Make) -> None:
    event_id = build.event()
    make_columns()
    before = reader.manifest(client)
    build.session.get_one(Event, event_id).title = "A better title"
    build.session.commit()
    assert reader.manifest(client) == before


# For each field that the map draws, a value that no event has yet.
ANOTHER_VALUE: dict[str, Any] = {
    "origin": "elsewhere",
    "category": "strike",
    "category_guessed": True,
    "actor": "ua",
    "affected": "ru",
    "shape": "SRID=4326;POINT(36 48)",
    "precision_m": 200,
    "happened_from": moment("2025-07-20"),
    "happened_to": moment("2025-07-23"),
    "time_precision": "month",
    "verification": "disputed",
}


@pytest.mark.parametrize("name", EVENT.names(drawn=True))
def test_every_drawn_field_is_in_the_columns(client: TestClient, build: Builder, name: str) -> None:
    build.origin("elsewhere")
    event = build.session.get_one(Event, build.event())
    before = client.get(reader.COLUMNS).content
    setattr(event, name, ANOTHER_VALUE[name])
    build.session.commit()
    assert client.get(reader.COLUMNS).content != before


def test_reclassified_or_hidden_source_changes_the_parts(
    client: TestClient, build: Builder, make_columns: Make
) -> None:
    assert SOURCE.names(drawn=True) == ("source_class",)
    event_id = build.event()
    source = build.session.get_one(Source, build.source(event_id))
    make_columns()

    def classes() -> set[str]:
        (part,) = reader.parts(client)
        return part.classes(0)

    assert classes() == {"unknown"}
    for change, expected in (
        ({"source_class": "party"}, {"party"}),
        ({"status": "hidden"}, set()),
        ({"status": "live"}, {"party"}),
    ):
        for name, value in change.items():
            setattr(source, name, value)
        build.session.commit()
        make_columns()
        assert classes() == expected, change
    build.source(event_id, source_class="independent")
    make_columns()
    assert classes() == {"party", "independent"}
    build.session.execute(text("DELETE FROM frontline.event_source WHERE source_id = :id"), {"id": source.id})
    build.session.commit()
    make_columns()
    assert classes() == {"independent"}


def test_embargoed_event_is_in_no_part_before_its_release(
    client: TestClient, build: Builder, make_columns: Make, connection: Connection
) -> None:
    def at(now: str) -> None:
        connection.execute(text("SELECT set_config('frontline.now', :now, true)"), {"now": now})

    at("2025-07-21T00:00Z")
    build.event("open")
    make_columns()
    before = reader.manifest(client)
    build.event("under embargo", public_from=moment("2025-07-23"))
    assert reader.manifest(client) == before
    make_columns()
    assert reader.manifest(client) == before
    at("2025-07-23T00:00Z")
    make_columns()
    assert reader.manifest(client) == before  # the event becomes public only when the release job runs
    release_due_in(build.session)
    build.session.commit()
    make_columns()
    after = reader.manifest(client)
    assert after["events"] == 2
    at("2025-07-22T23:59Z")  # the clock was wrong: parts that were made too early are not served
    assert reader.manifest(client)["parts"] == []
    assert client.get(after["parts"][0]["url"]).status_code == 410


def test_parts_are_rearranged_as_time_passes(client: TestClient, build: Builder, make_columns: Make) -> None:
    for day in ("2025-01-02", "2025-04-30", "2025-07-08", "2025-07-21"):
        build.event(day, happened=(f"{day}T10:00", f"{day}T11:00"), time_precision="hour")
    make_columns()
    assert [part["last_day"] for part in reader.manifest(client)["parts"]] == ["2025-07-21", "2025-07-08", "2025-01-02"]
    build.event("a quarter later", happened=("2025-11-01T10:00", "2025-11-01T11:00"))
    make_columns()
    manifest = reader.manifest(client)
    assert (manifest["events"], manifest["stale"]) == (5, False)
    assert [(part["first_day"], part["events"]) for part in manifest["parts"]] == [
        ("2025-11-01", 1), ("2025-07-08", 2), ("2025-04-30", 1), ("2025-01-02", 1)
    ]  # fmt: skip


def test_layout_covers_every_day_once() -> None:
    layout = Layout(dt.date(2025, 7, 24))
    spans = sorted({layout.span_of(dt.date(2023, 1, 1) + dt.timedelta(days=number)) for number in range(1200)})
    assert all(after[0] - before[1] == dt.timedelta(days=1) for before, after in itertools.pairwise(spans))
    assert all(layout.span_of(first)[0] == first for first, _ in spans)


DATABASE_COUNTS = text("""
    SELECT 'day ' || (happened_from AT TIME ZONE 'UTC')::date AS what, count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'category ' || category, count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'actor ' || coalesce(actor, '-'), count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'affected ' || coalesce(affected, '-'), count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'verification ' || verification, count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'origin ' || origin, count(*) FROM public_event GROUP BY 1
    UNION ALL SELECT 'source_class ' || source_class, count(DISTINCT event_id) FROM public_event_source GROUP BY 1
    UNION ALL SELECT 'spans', count(*) FROM public_event WHERE happened_to - happened_from > interval '1 day'
""")


def count_columns(parts: list[Columns]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for part in parts:
        for row in range(len(part)):
            counts[f"day {part.iso_day(row)}"] += 1
            for column in ("category", "actor", "affected", "verification", "origin"):
                counts[f"{column} {part.word(column, row) or '-'}"] += 1
            for source_class in part.classes(row):
                counts[f"source_class {source_class}"] += 1
            counts["spans"] += int(part.days[row]) > 1
    return +counts


@pytest.mark.parametrize("seed", [1, 2])
def test_columns_match_the_database_after_random_changes(
    client: TestClient, build: Builder, make_columns: Make, connection: Connection, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
    ids: list[Any] = []
    build.origin("private", public=False)

    def fields() -> dict[str, Any]:
        first = moment("2025-04-20") + chance.random() * (moment("2025-07-30") - moment("2025-04-20"))
        first = first.replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            "happened_from": first,
            "happened_to": first + (moment("2025-01-02") - moment("2025-01-01")) * chance.choice((1, 1, 1, 2, 30)),
            "category": chance.choice(("clash", "strike.drone", "position")),
            "actor": chance.choice(("ru", "ua", None)),
            "affected": chance.choice(("ru", "ua", None)),
            "verification": chance.choice(("reported", "geolocated")),
            "public_from": chance.choice((None, None, moment("2025-08-01"), moment("2025-09-01"))),
        }

    def change_state(event: Event) -> None:
        """Changes the state of an event by its only possible step, or hides or unhides it."""
        if event.state == "draft":
            act_as(build, "program")
            event.state = "published"
        elif event.state == "withdrawn":
            act_as(build, "editor")
            event.state, event.withdrawn_at = "published", None
        elif chance.random() < 0.5:
            act_as(build, "editor")
            event.state, event.withdrawn_at = "withdrawn", moment("2025-07-31")
        else:
            event.hidden_at = None if event.hidden_at else moment("2025-07-31")

    def at(now: str) -> None:
        connection.execute(text("SELECT set_config('frontline.now', :now, true)"), {"now": now})

    at("2025-07-31T00:00Z")
    for now in ("2025-07-31", "2025-08-02", "2025-09-02"):
        at(f"{now}T00:00Z")
        for _ in range(16):
            what = chance.random()
            if not ids or what < 0.5:
                origin = chance.choice((build.origin(), build.origin("elsewhere"), "private"))
                given = fields()
                row = Event(
                    origin=origin,
                    title="One",
                    precision_m=100,
                    time_precision="day",
                    shape="SRID=4326;POINT(37 48)",
                    state=chance.choice(("published", "published", "published", "draft")),
                    **given,
                )
                act_as(build, "program")
                build.session.add(row)
                build.session.flush()
                ids.append(row.id)
                for source_class in chance.choices(SOURCE_CLASSES, k=chance.choice((0, 1, 1, 3))):
                    build.source(row.id, source_class=source_class)
            elif what < 0.8:
                event = build.session.get_one(Event, chance.choice(ids))
                for name, value in fields().items():
                    setattr(event, name, value)
            else:
                change_state(build.session.get_one(Event, chance.choice(ids)))
            build.session.commit()
        release_due_in(build.session)
        build.session.commit()
        make_columns()
        database = {what: count for what, count in build.session.execute(DATABASE_COUNTS).all() if count}
        assert dict(count_columns(reader.parts(client))) == database
        assert dict(count_columns([reader.filtered(client)])) == database
