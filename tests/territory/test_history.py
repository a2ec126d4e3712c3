"""The history of a line: the parts that browsers load contain the areas, and parts never change."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.derived.line_history import outdated_histories, update_line_history
from app.geo.line_history import LineHistory
from app.models import LineHistoryPart
from app.models.control_area import AREA_STATUSES
from app.publication.release import release_due
from tests.territory.conftest import area, areas_file, box

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

    from tests.territory.conftest import Import

HISTORY = "/api/territory/history"


def manifest(api: TestClient, **params: Any) -> dict[str, Any]:
    response = api.get(HISTORY, params=params)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def history_of(api: TestClient, body: dict[str, Any]) -> LineHistory:
    return LineHistory(*(api.get(part["url"]).content for part in body["parts"]))


def areas_by_moment(history: LineHistory) -> dict[str, list[str]]:
    """Returns for each moment, in order of time, the status and western edge of each area."""
    days = sorted(enumerate(history.days), key=lambda day: day[1].moment_ms)
    return {
        f"{day.moment_ms / 86_400_000 - 20_269:.2f}": [
            f"{AREA_STATUSES[kind // 2]}{'*' * (kind % 2)} {polygons[0][0][:, 0].min() / 1e5}"
            for kind, polygons in history.areas(number)
        ]
        for number, day in days
    }


def day(folder: Path, name: str, west: float, **others: Any) -> Path:
    held = area("occupied", box(west, 48.0, 37.2, 48.1), since_before=True)
    return areas_file(folder, name, held, area("gray_zone", box(36.0, 48.0, west, 48.1)), **others)


def test_history_contains_the_areas(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18T20:00:00Z", 37.0), day(tmp_path, "2025-07-20", 36.9))
    body = manifest(api)
    assert body["statuses"] == [*AREA_STATUSES]
    assert (body["assessor"], body["licence"], body["assessments"]) == ("us", "CC BY 4.0", 2)
    assert (body["first_valid_from"], body["last_valid_from"]) == ("2025-07-18T20:00:00Z", "2025-07-20T00:00:00Z")
    (part,) = body["parts"]
    assert part["decoded_bytes"] == len(api.get(part["url"]).content)
    history = history_of(api, body)
    assert [one.covers for one in history.days] == [3, 3]
    assert areas_by_moment(history) == {
        "18.83": ["occupied* 37.0", "gray_zone 36.0"],
        "20.00": ["occupied* 36.9", "gray_zone 36.0"],
    }


def test_part_is_compressed_once_and_revalidated(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    (part,) = manifest(api)["parts"]
    packed = api.get(part["url"], headers={"Accept-Encoding": "gzip"})
    plain = api.get(part["url"], headers={"Accept-Encoding": "identity"})
    assert packed.content == plain.content  # the client decompresses it
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == part["bytes"]
    assert "content-encoding" not in plain.headers
    for response in (packed, plain):
        assert response.headers["cache-control"] == "public, max-age=300, must-revalidate"
        again = api.get(part["url"], headers={"If-None-Match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert response.headers["vary"] == "Accept-Encoding"
        assert response.headers["content-type"] == "application/octet-stream"


def test_manifest_revalidates(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    first = api.get(HISTORY)
    assert first.headers["cache-control"] == "no-cache"
    assert api.get(HISTORY, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    import_areas(day(tmp_path, "2025-07-19", 36.9))
    assert api.get(HISTORY, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_new_days_become_parts_and_parts_of_similar_size_are_merged(
    api: TestClient, import_areas: Import, tmp_path: Path
) -> None:
    many = [area("occupied", box(37 + n / 7, 48 + n / 31, 37.1 + n / 7.3, 48.1 + n / 29)) for n in range(200)]
    import_areas(areas_file(tmp_path, "2025-07-01", *many))
    (large,) = manifest(api)["parts"]
    seen: set[str] = set()
    body = manifest(api)
    for number in range(2, 12):
        import_areas(areas_file(tmp_path, f"2025-07-{number:02}", *many[number:]))
        body = manifest(api)
        assert body["parts"][0] == large  # the large part that browsers have stays unchanged
        assert len(body["parts"]) <= 3
        assert len(history_of(api, body).days) == body["assessments"] == number
        seen |= {part["url"] for part in body["parts"]}
    gone = seen - {part["url"] for part in body["parts"]}
    assert gone
    for url in gone:
        assert api.get(url).status_code == 410


def test_inserted_day_is_added_and_existing_parts_stay(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-20", 36.8))
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    assert areas_by_moment(history_of(api, manifest(api))) == {
        "18.00": ["occupied* 37.0", "gray_zone 36.0"],
        "20.00": ["occupied* 36.8", "gray_zone 36.0"],
    }


def test_unchanged_areas_add_nothing(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    before = manifest(api)
    report = import_areas(day(tmp_path, "2025-07-19", 37.0), day(tmp_path, "2025-07-18", 37.0))
    assert report.outcomes == {"observed": 1, "unchanged": 1}
    assert report.history_bytes == {"us": 0}
    observed = [{"valid_from": "2025-07-18T00:00:00Z", "last_seen_at": "2025-07-19T00:00:00Z"}]
    assert manifest(api) == before | {"observed": observed}


def test_updated_day_rebuilds_the_history(api: TestClient, import_areas: Import, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0), day(tmp_path, "2025-07-19", 36.9))
    (before,) = manifest(api)["parts"]
    assert import_areas(day(tmp_path, "2025-07-18", 36.7)).outcomes == {"changed": 1}
    assert import_areas(day(tmp_path, "2025-07-18", 36.7), update=True).outcomes == {"updated": 1}
    assert api.get(before["url"]).status_code == 410
    assert areas_by_moment(history_of(api, manifest(api)))["18.00"] == ["occupied* 36.7", "gray_zone 36.0"]


def test_private_areas_are_in_no_part(api: TestClient, import_areas: Import, engine: Engine, tmp_path: Path) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0), public=False)
    assert api.get(HISTORY).status_code == 404
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM frontline.line_history_part")) == 0

    import_areas(day(tmp_path, "2025-07-19", 36.9))
    (part,) = manifest(api)["parts"]
    assert manifest(api)["assessments"] == 2

    # Part of it is withdrawn: the part of the history is gone at once, and the history is rebuilt
    # without these areas.
    with Session(engine) as session, session.begin():
        session.execute(
            text("""
                UPDATE frontline.assessment SET state = 'withdrawn', withdrawn_at = now()
                WHERE valid_from = '2025-07-18T00:00Z'
            """)
        )
    assert api.get(part["url"]).status_code == 410
    with Session(engine) as session, session.begin():
        assert update_line_history(session, "us") > 0
    assert [*areas_by_moment(history_of(api, manifest(api)))] == ["19.00"]

    # The whole origin becomes private.
    (part,) = manifest(api)["parts"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE frontline.origin SET public = false"))
    assert api.get(part["url"]).status_code == 410
    assert api.get(HISTORY, params={"assessor": "us"}).status_code == 400


def test_history_with_a_private_part_waits_for_its_rebuild(
    api: TestClient, import_areas: Import, engine: Engine, tmp_path: Path
) -> None:
    many = [area("occupied", box(37 + n / 7, 48 + n / 31, 37.1 + n / 7.3, 48.1 + n / 29)) for n in range(200)]
    import_areas(areas_file(tmp_path, "2025-07-18", *many))
    import_areas(areas_file(tmp_path, "2025-07-19", *many[1:]))
    assert len(manifest(api)["parts"]) == 2
    with engine.begin() as connection:
        connection.execute(
            text("""
                UPDATE frontline.assessment SET state = 'withdrawn', withdrawn_at = now()
                WHERE valid_from = '2025-07-18T00:00Z'
            """)
        )
    response = api.get(HISTORY)
    assert response.status_code == 503
    assert response.headers["retry-after"]


def test_history_without_parts_is_not_an_empty_one(
    api: TestClient, import_areas: Import, engine: Engine, tmp_path: Path
) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM frontline.line_history_part"))
    response = api.get(HISTORY)
    assert response.status_code == 503, "the map would say that there is no assessment"
    assert response.headers["retry-after"]


def test_history_can_be_rebuilt_as_one_part(
    api: TestClient, import_areas: Import, engine: Engine, tmp_path: Path
) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    import_areas(day(tmp_path, "2025-07-19", 36.9))
    before = areas_by_moment(history_of(api, manifest(api)))
    with Session(engine) as session, session.begin():
        assert update_line_history(session, "us", rebuild=True) > 0
        assert update_line_history(session, "us") == 0
    assert areas_by_moment(history_of(api, manifest(api))) == before
    with engine.connect() as connection:
        (content,) = connection.scalars(text("SELECT content FROM frontline.line_history_part")).all()
    assert gzip.decompress(content).count(b"FLH2") == 1


@pytest.mark.parametrize("part", ["x", "0" * 31, "0" * 33, "G" * 32])
def test_invalid_part_name_is_refused(api: TestClient, part: str) -> None:
    response = api.get(f"{HISTORY}/{part}")
    assert response.status_code == 400
    assert response.json()["parameter"] == "part"


def test_history_of_an_earlier_format_is_served_until_it_is_rebuilt(
    api: TestClient, import_areas: Import, engine: Engine, tmp_path: Path
) -> None:
    import_areas(day(tmp_path, "2025-07-18", 37.0))
    before = areas_by_moment(history_of(api, manifest(api)))
    with Session(engine) as session, session.begin():
        (part,) = session.scalars(select(LineHistoryPart)).all()
        part.content = gzip.compress(gzip.decompress(part.content).replace(b"FLH2", b"FLH1"))
    assert len(manifest(api)["parts"]) == 1, "an upgrade takes no line away"
    release_due(engine)
    assert areas_by_moment(history_of(api, manifest(api))) == before
    with Session(engine) as session:
        assert outdated_histories(session) == []
