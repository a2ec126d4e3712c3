"""Vector tiles of events, read by GDAL, contain the same events as the items route."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url, text

from app.database.reader import AsyncReader
from app.events.tiles import MAX_BYTES
from app.geo.tiles import Tile, unit_of
from app.http.tiles import fetch_row_within
from app.publication.release import release_due_in
from tests.builders import moment
from tests.tiles.reading import features_of
from tests.waiting import SECONDS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.engines import DatabaseUrls
    from app.database.session import Sessions
    from tests.builders import Builder

TILES = "/api/collections/events/tiles/WebMercatorQuad"
PLACE = (37.12966, 48.24819)


def tile_at(z: int, place: tuple[float, float] = PLACE) -> Tile:
    x, y = unit_of(*place)
    return Tile(z, x >> (30 - z), y >> (30 - z))


def address(tile: Tile, query: str = "") -> str:
    return f"{TILES}/{tile.z}/{tile.y}/{tile.x}" + (f"?{query}" if query else "")


def tile_features(client: TestClient, tile: Tile, query: str = "") -> list[dict[str, Any]]:
    response = client.get(address(tile, query))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    return features_of(response.content, tile)


def zigzag(number: int) -> str:
    """Returns a line with so many vertices that it takes about ten kilobytes in a tile."""
    lon, lat = PLACE[0] + number * 1e-4, PLACE[1]
    corners = (f"{lon + step % 2 * 0.3} {lat - 0.1 + step * 5e-5}" for step in range(4_000))
    return f"LINESTRING({', '.join(corners)})"


def listed(client: TestClient, tile: Tile, query: str) -> list[dict[str, Any]]:
    box = ",".join(f"{degree:.9f}" for degree in tile.degrees())
    return client.get(f"/api/collections/events/items?bbox={box}&limit=1000&{query}").json()["features"]  # type: ignore[no-any-return]


@pytest.fixture
def crowd(build: Builder) -> None:
    """Inserts events of every kind around a place: within a day, over midnight, months or years;
    points and shapes.
    """
    lon, lat = PLACE
    spans = [
        ("2025-07-21", "2025-07-22", "day"),
        ("2025-07-21T22:00", "2025-07-21T23:00", "hour"),
        ("2025-07-31T23:59", "2025-08-01T00:01", "minute"),
        ("2025-06-20", "2025-08-03", "day"),
        ("2025-07-01", "2025-08-01", "month"),
        ("2025-01-01", "2026-01-01", "year"),
        ("2019-01-01", "2026-01-01", "year"),
        ("2024-12-31", "2025-01-01", "day"),
    ]
    kinds = [("clash", "ua", None), ("strike.drone", None, "ru"), ("strike", "ru", "ua")]
    for number in range(24):
        begins, ends, precision = spans[number % len(spans)]
        category, actor, affected = kinds[number % len(kinds)]
        build.event(
            f"Event {number} {'at the dam' if number % 5 == 0 else 'in the town'}",
            at=(lon + 0.01 * (number % 6), lat - 0.01 * (number % 4)),
            happened=(begins, ends),
            time_precision=precision,
            category=category,
            actor=actor,
            affected=affected,
            verification=("reported", "confirmed")[number % 2],
            precision_m=None if number % 7 == 0 else 100,
        )
    build.event("A trench", wkt="LINESTRING(37.10 48.20, 37.40 48.30)", happened=("2025-07-20", "2025-07-23"))
    build.event("A field", wkt="POLYGON((37.1 48.2, 37.2 48.2, 37.2 48.25, 37.1 48.2))")
    build.event("Two huts", wkt="MULTIPOINT(37.12 48.24, 37.13 48.25)")


FILTERS = [
    "",
    "datetime=2025-07-21",
    "datetime=2025-07-21/2025-08-01",
    "datetime=../2025-01-01",
    "datetime=2025-08-01/..",
    "datetime=2025-07-21T22:30:00Z",
    "datetime=2025-07-21T22:30:00Z/2025-07-31T23:59:30Z",
    "datetime=2000-01-01/2030-12-31",
    "category=strike",
    "category=strike.drone,clash",
    "side=ru",
    "side=ru,ua",
    "verification=confirmed",
    "category=clash&side=ua&datetime=2025-07-01/2025-07-31",
    "q=dam",
    "near=37.12966,48.24819,900",
]


@pytest.mark.usefixtures("crowd")
def test_tile_contains_the_events_of_the_items_route(client: TestClient) -> None:
    tried = 0
    for z in (9, 13):
        tile = tile_at(z)
        for query in FILTERS:
            items, features = listed(client, tile, query), tile_features(client, tile, query)
            assert sorted(one["id"] for one in features) == sorted(one["id"] for one in items), (z, query)
            by_id = {item["id"]: item for item in items}
            for feature in features:
                item = by_id[feature["id"]]
                for name in ("category", "actor", "affected", "verification", "time_precision", "precision_m"):
                    assert feature.get(name) == item["properties"][name], (query, name)
                first = dt.date(1970, 1, 1) + dt.timedelta(days=feature["day"])
                assert item["properties"]["happened_from"].startswith(first.isoformat())
                if item["geometry"]["type"] == "Point":
                    step = 360 / 2**z / 4096
                    for got, given in zip(feature["place"], item["geometry"]["coordinates"], strict=True):
                        assert abs(got - given) <= step
                tried += 1
    assert tried > 150


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("folded", [False, True])
def test_low_zoom_tiles_count_the_same_events(client: TestClient, sessions: Sessions, folded: bool) -> None:
    if folded:
        with sessions.writing() as session:
            session.execute(text("SELECT frontline.tally()"))
            session.commit()
    for z in (0, 3, 6):
        tile = tile_at(z)
        for query in FILTERS:
            counted = sum(feature["count"] for feature in tile_features(client, tile, query))
            # A shape is counted once, at a point on it, even if it reaches into other tiles.
            assert counted == len(listed(client, tile, query)), (z, query)


@pytest.mark.usefixtures("crowd")
def test_slow_counts_are_estimated_and_marked(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulates a timeout of every statement that has a time limit. The sample of so few events is
    # all of them.
    monkeypatch.setattr("app.events.tiles.fetch_row_within", lambda *_: None)
    for z in (0, 4, 6, 9):
        tile = tile_at(z)
        for query in filter(None, FILTERS):
            features = tile_features(client, tile, query)
            exact = not any(name in query for name in ("q=", "near=", "category=", "side=", "verification="))
            assert all(feature.get("about", False) is not exact or z == 9 for feature in features)
            if not exact:
                assert sum(one["count"] for one in features) == len(listed(client, tile, query)), (z, query)


@pytest.mark.usefixtures("crowd")
def test_text_search_that_timed_out_is_not_repeated_for_the_count(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first statement times out; the second finds too many events.
    rows: list[tuple[int, None] | None] = [None, (5_001, None)]
    monkeypatch.setattr("app.events.tiles.fetch_row_within", lambda *_: rows.pop(0))
    tile, query = tile_at(9), "q=dam"
    features = tile_features(client, tile, query)
    assert not rows
    assert all(feature["about"] for feature in features)
    assert sum(feature["count"] for feature in features) == len(listed(client, tile, query)) > 0


def test_statement_that_times_out_returns_none_and_the_session_goes_on(sessions: Sessions) -> None:
    with sessions.public() as session:
        before = session.scalar(text("SHOW statement_timeout"))
        assert fetch_row_within(session, ("SELECT pg_sleep(%(seconds)s)", {"seconds": 5}), 0.02) is None
        assert fetch_row_within(session, ("SELECT CAST(%(number)s AS integer)", {"number": 7}), 5) == (7,)
        assert session.scalar(text("SHOW statement_timeout")) == before


def test_reader_cancels_a_slow_query_and_goes_on(database: DatabaseUrls) -> None:
    async def read_twice() -> tuple[object, ...]:
        reader = AsyncReader(make_url(database.public), "", answer_seconds=SECONDS, connections=1)
        late = await reader.fetch_within("SELECT pg_sleep(%(seconds)s)", {"seconds": 5}, 0.02)
        limit = await reader.fetch("SHOW statement_timeout", {})
        row = await reader.fetch_within("SELECT %(number)s::integer", {"number": 7}, 5)
        await reader.close()
        return late, limit, row

    assert asyncio.run(read_twice()) == (None, ("0",), (7,))


def test_size_of_a_tile_is_limited(client: TestClient, build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    # Few events but too many bytes: lines with very many vertices.
    for number in range(60):
        build.event(at=(PLACE[0] + number * 1e-4, PLACE[1]), wkt=zigzag(number))
    tile = tile_at(9)
    answer = client.get(address(tile))
    assert len(answer.content) <= MAX_BYTES
    # A line is counted at a point on it, which may be in the next tile.
    assert 10 < sum(feature["count"] for feature in features_of(answer.content, tile)) <= 60
    monkeypatch.setattr("app.events.tiles.MAX_BYTES", 1 << 30)
    assert len(client.get(address(tile)).content) > MAX_BYTES


def test_too_many_events_are_counted_at_every_zoom(
    client: TestClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.events.tile_statements.MAX_EVENTS", 3)
    for number in range(5):
        build.event(at=(PLACE[0] + number * 1e-5, PLACE[1]))
    tile = tile_at(15)
    assert sum(feature["count"] for feature in tile_features(client, tile)) == 5
    assert len(tile_features(client, tile_at(18))) <= 3


def test_withdrawn_events_leave_the_tiles_in_the_same_transaction(
    client: TestClient, build: Builder, sessions: Sessions
) -> None:
    tiles = [tile_at(z) for z in (4, 9, 18)]
    build.event()
    assert [len(tile_features(client, tile)) for tile in tiles] == [1, 1, 1]
    steps = (
        ("UPDATE frontline.origin SET public = false", 0),
        ("UPDATE frontline.origin SET public = true", 1),
        ("UPDATE frontline.event SET shape = 'SRID=4326;POINT(10 10)'", 0),
        ("UPDATE frontline.event SET shape = 'SRID=4326;POINT(37.12966 48.24819)'", 1),
        ("UPDATE frontline.event SET state = 'withdrawn', withdrawn_at = now()", 0),
    )
    for statement, count in steps:
        with sessions.writing() as session:
            session.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
            session.execute(text(statement))
            session.commit()
        assert [len(tile_features(client, tile)) for tile in tiles] == [count] * 3, statement


def test_embargo_ends_on_time_in_tiles_and_counts(client: TestClient, build: Builder, sessions: Sessions) -> None:
    later = moment("2099-01-01")
    build.event(public_from=later)
    with sessions.writing() as session:
        session.execute(text("SELECT frontline.tally()"))
        session.commit()
        for clock, count in ((later - dt.timedelta(seconds=1), 0), (later, 1)):
            session.execute(text("SELECT set_config('frontline.now', :now, false)"), {"now": clock.isoformat()})
            release_due_in(session)
            session.commit()
            assert [len(tile_features(client, tile_at(z))) for z in (4, 9)] == [count] * 2


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("19/0/0", "z"),
        ("-1/0/0", "z"),
        ("x/0/0", "z"),
        ("3/8/0", "y"),
        ("3/0/8", "x"),
        ("3/0/-1", "x"),
        ("3/0/99999999999999999999", "x"),
        ("8/88/154?datetime=2025-02-30", "datetime"),
        ("8/88/154?category=nothing", "category"),
        ("8/88/154?near=NaN,0,1", "near"),
        ("8/88/154?bbox=0,1,1,0", "bbox"),
        ("8/88/154?cachebuster=1", "cachebuster"),
        ("8/88/154?q=%00", "q"),
    ],
)
def test_invalid_parameters_are_refused_by_name(client: TestClient, path: str, parameter: str) -> None:
    response = client.get(f"{TILES}/{path}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter


def test_unchanged_tile_is_not_sent_again(client: TestClient, build: Builder) -> None:
    build.event()
    first = client.get(address(tile_at(9)))
    again = client.get(address(tile_at(9)), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_tilejson_describes_the_tiles(client: TestClient, build: Builder) -> None:
    build.event()
    tilejson = client.get(f"{TILES}/tilejson.json").json()
    assert tilejson["tiles"] == ["http://localhost" + TILES + "/{z}/{y}/{x}"]
    assert (tilejson["minzoom"], tilejson["maxzoom"], tilejson["attribution"]) == (0, 18, "© desk")
    (feature,) = tile_features(client, tile_at(9))
    assert set(feature) - {"place"} <= set(tilejson["vector_layers"][0]["fields"])


def test_events_at_the_edges_of_the_world_are_in_a_tile(client: TestClient, build: Builder) -> None:
    for place in ((-180, -90), (180, 90), (0, 0.5), (179.999999, -85.051)):
        build.event(at=place)
    whole = tile_features(client, Tile(0, 0, 0))
    assert sum(feature["count"] for feature in whole) == 4


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("folded", [False, True])
def test_histogram_counts_events_by_their_first_day(client: TestClient, sessions: Sessions, folded: bool) -> None:
    if folded:
        with sessions.writing() as session:
            session.execute(text("SELECT frontline.tally()"))
            session.commit()
    everywhere = Tile(0, 0, 0)
    box = "bbox=" + ",".join(f"{degree:.6f}" for degree in tile_at(7).degrees())
    for query in FILTERS:
        if "T22" in query or "datetime=2025-08-01/.." in query:
            continue  # events that begin before the requested time are in no bar
        histogram = client.get(f"/api/collections/events/histogram?{query}").json()
        items = [one["properties"] for one in listed(client, everywhere, query)]
        begins = [one["happened_from"][:10] for one in items if one["time_precision"] not in {"month", "year"}]
        days_requested = [part for part in query.split("&") if part.startswith("datetime=20")]
        begins = [day for day in begins if not days_requested or day >= days_requested[0][9:19]]
        first = min(begins, default=None)
        assert histogram["first_day"] == first, query
        if first is not None:
            days = [(dt.date.fromisoformat(day) - dt.date.fromisoformat(first)).days for day in begins]
            assert histogram["counts"] == [days.count(day) for day in range(max(days) + 1)], query
        if not days_requested:
            for precision in ("month", "year"):
                assert histogram[f"known_to_{precision}"] == sum(one["time_precision"] == precision for one in items)
        assert client.get(f"/api/collections/events/histogram?{query}&{box}").json() == histogram, query
