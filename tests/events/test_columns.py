"""The columns that the map draws agree with the database."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

COLUMNS = "/api/collections/events/columns"


def columns(client: TestClient, **params: str) -> dict[str, Any]:
    response = client.get(COLUMNS, params=params)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def test_columns_say_what_the_database_holds(client: TestClient, build: Builder) -> None:
    build.event("later", at=(37.1, 48.2), happened=("2025-07-21T22:00", "2025-07-23T00:00"), affected="ua")
    build.event("month", at=(-0.00001, 48), happened=("2024-08-01", "2024-09-01"), time_precision="month", actor="ru")
    build.event("old", happened=("2021-12-31", "2022-01-01"), precision_m=None, category="strike.drone")

    told = columns(client)

    assert told["count"] == 3
    zero = dt.date.fromisoformat(told["first_day"])
    days = [(zero + dt.timedelta(days=day)).isoformat() for day in told["day"]]
    assert days == ["2021-12-31", "2024-08-01", "2025-07-21"]
    assert told["days"] == [1, 31, 2]  # a range that ends at midnight does not touch the next day
    assert told["longitude"] == [3712966, -1, 3710000]
    assert told["latitude"] == [4824819, 4800000, 4820000]
    assert told["precision_m"] == [-1, 100, 100]
    sides = [*told["belligerents"], None]
    assert [sides[index] for index in told["affected"]] == [None, None, "ua"]
    assert [sides[index] for index in told["actor"]] == [None, "ru", None]
    assert [told["categories"][index] for index in told["category"]] == ["strike.drone", "clash", "clash"]
    assert [told["time_precisions"][index] for index in told["time_precision"]] == ["day", "month", "day"]
    assert told["shapes"] == []


def test_lines_and_areas_come_with_their_shape_and_a_point_on_it(client: TestClient, build: Builder) -> None:
    road = build.event("road", wkt="LINESTRING(37 48, 37.2 48.2, 38 49)")
    told = columns(client)
    assert told["shapes"] == [
        {
            "row": 0,
            "id": str(road),
            "geometry": {"type": "LineString", "coordinates": [[37, 48], [37.2, 48.2], [38, 49]]},
        }
    ]
    assert (told["longitude"], told["latitude"]) == ([3720000], [4820000])


def test_columns_take_the_filters_of_the_list(client: TestClient, build: Builder) -> None:
    build.event("one", category="strike.drone")
    build.event("two")
    assert columns(client, category="strike")["count"] == 1
    assert columns(client, q="two")["count"] == 1
    assert columns(client, near="37.12966,48.24819,10")["count"] == 2


def test_columns_are_revalidated_and_change_when_the_events_do(client: TestClient, build: Builder) -> None:
    event = build.event("one")
    first = client.get(COLUMNS)
    again = client.get(COLUMNS, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    draft = build.event("hidden", state="draft")
    assert client.get(COLUMNS).headers["etag"] == first.headers["etag"], "a draft must not show in an ETag"
    assert draft != event
    build.event("two")
    second = client.get(COLUMNS, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.json()["count"] == 2
