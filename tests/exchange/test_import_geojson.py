"""Importing `events-geojson`: the output of the API can be imported again, into the same database
and into another.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.errors import DivisionByZero
from starlette.testclient import TestClient

from app.database.engines import DatabaseUrls, make_engines
from app.database.session import Sessions
from app.exchange.events_csv import FileUnusable
from app.exchange.events_geojson import LARGEST_COLLECTION, read_events_geojson
from app.exchange.importing import ImportOptions, import_files
from app.exchange.origins import OriginTerms
from app.exchange.staging import BatchOutcome, BatchText, Staging
from app.main import create_app
from tests.conftest import make_settings
from tests.exchange.conftest import NOW

if TYPE_CHECKING:
    from app.theatre import Theatre
    from tests.exchange.conftest import Import, Rows

TERMS = {"origin_licence": "CC BY 4.0", "origin_name": "The desk"}
ID = "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"


def feature(**changes: Any) -> dict[str, Any]:
    properties = {
        "title": "Fighting on the road",
        "description": "Both sides fight.",
        "category": "clash",
        "actor": None,
        "affected": "ru",
        "verification": "disputed",
        "precision_m": 5000,
        "happened_from": "2025-07-21T00:00:00Z",
        "happened_to": "2025-07-22T00:00:00Z",
        "time_precision": "day",
        "time_inferred": True,
        "sensitivity": ["graphic"],
        "places": [{"geonameid": 704422, "as_spelled": "Pokrovsk"}, {"geonameid": None, "as_spelled": "the road"}],
        "sources": [
            {"id": "s1", "kind": "report", "url": "https://example.org/news", "name": "Example", "language": "en"},
            {"id": "s2", "kind": "statement", "url": None, "name": "A spokesman"},
        ],
        "claims": [
            {"party": "Staff", "party_kind": "general_staff", "stance": "denies", "statement": "No.", "source_id": "s2",
             "chain": ["news", "staff"]},
            {"party": "Bloggers", "party_kind": "bloggers", "stance": "asserts", "statement": "Yes.", "about": "area"},
        ],
        "origin": "desk",
    }  # fmt: skip
    geometry = {"type": "LineString", "coordinates": [[37.17706, 48.28014], [36.71598, 48.40061], [35.86878, 48.53214]]}
    whole: dict[str, Any] = {"type": "Feature", "id": ID, "geometry": geometry, "properties": properties}
    for path, value in changes.items():
        if path in whole:
            whole[path] = value
        else:
            properties[path] = value
    return whole


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


@pytest.fixture
def ask(imports_database: DatabaseUrls, theatre: Theatre, tmp_path: Path) -> Callable[[str], Any]:
    """Returns a function that requests the API over the database of imports."""

    def ask(path: str) -> Any:
        settings = make_settings(tmp_path)
        engines = make_engines(imports_database, settings)
        with TestClient(create_app(settings, theatre, Sessions(engines)), base_url="http://localhost") as client:
            answer = client.get(path)
        engines.dispose()
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def comparable_features(items: Any) -> list[Any]:
    """Returns the features by id, without the ids of sources and claims and without the database's
    own times.
    """
    for item in items["features"]:
        del item["properties"]["updated_at"]
        del item["properties"]["released_at"]
        for source in item["properties"]["sources"]:
            del source["first_seen_at"]
        number = {source.pop("id"): place for place, source in enumerate(item["properties"]["sources"])}
        for claim in item["properties"]["claims"]:
            del claim["id"]
            claim["source_id"] = number.get(claim["source_id"])
    return sorted(items["features"], key=lambda item: str(item["id"]))


def test_event_is_imported_with_sources_places_and_claims(import_text: Import, ask: Callable[[str], Any]) -> None:
    report = import_text(collection(feature()), "events-geojson", public=True, **TERMS)
    assert report.outcomes == {"added": 1}
    (item,) = ask("/api/collections/events/items")["features"]
    assert item["id"] == ID, "an id of Frontline stays the same"
    assert item["geometry"] == feature()["geometry"]
    properties = item["properties"]
    assert [(source["name"], source["kind"], source["url"]) for source in properties["sources"]] == [
        ("Example", "report", "https://example.org/news"),
        ("A spokesman", "statement", None),
    ]
    assert [(claim["party"], claim["stance"], claim["about"]) for claim in properties["claims"]] == [
        ("Staff", "denies", "event"),
        ("Bloggers", "asserts", "area"),
    ]
    assert properties["claims"][0]["source_id"] == properties["sources"][1]["id"]
    assert properties["time_inferred"] is True
    assert [place["as_spelled"] for place in properties["places"]] == ["Pokrovsk", "the road"]


def test_api_output_can_be_imported_again(
    import_text: Import, ask: Callable[[str], Any], empty: Callable[[], None]
) -> None:
    rows = (
        "src,id,date,lat,lon,side,place,text,urls\n"
        "desk,a,2025-07-21,48.2500001234,37.13,ru,Zverovo,Tank hit. The crew ran.,https://twitter.com/Abc/status/7\n"
        'desk,b,2025-07,48.26,37.14,,,"Fire, smoke",https://x.com/i/status/7 https://t.me/b/8?single\n'
    )
    import_text(rows, public=True, **TERMS)
    import_text(collection(feature()), "events-geojson", public=True)
    exported = ask("/api/collections/events/items")

    again = import_text(json.dumps(exported), "events-geojson", name="again.geojson")
    assert again.outcomes == {"unchanged": 3}
    assert again.unknown == {}, "every property of the API is known"

    # In another database: the same events with the same ids.
    empty()
    assert ask("/api/collections/events/items")["features"] == []
    elsewhere = import_text(json.dumps(exported), "events-geojson", name="again.geojson", public=True, **TERMS)
    assert elsewhere.outcomes == {"added": 3}
    assert comparable_features(ask("/api/collections/events/items")) == comparable_features(exported)


def test_newline_delimited_features_are_read(import_text: Import) -> None:
    lines = [json.dumps(feature(id=f"n{number}", title=f"Event {number}")) for number in range(3)]
    text = "\x1e" + "\n\x1e".join(lines) + "\n\n"
    assert import_text(text, "events-geojson", name="file.geojsonl").outcomes == {"added": 3}


def test_single_feature_and_indented_file_are_read(import_text: Import) -> None:
    assert import_text(json.dumps(feature(id="a"), indent=2), "events-geojson").outcomes == {"added": 1}
    assert import_text(collection(feature(id="a"), feature(id="b")), "events-geojson").outcomes == {
        "unchanged": 1,
        "added": 1,
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"properties": None}, "properties"),
        ({"geometry": None}, "geometry"),
        ({"geometry": {"type": "Point"}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": ["37", "48"]}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [37.1, 8.2]}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [37.1, 95]}}, "geometry"),
        ({"geometry": {"type": "LineString", "coordinates": [[37, 48]]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "geometry"),
        ({"geometry": {"type": "GeometryCollection", "geometries": []}}, "geometry"),
        ({"title": ""}, "title"),
        ({"title": 5}, "title"),
        ({"category": "picnic"}, "category"),
        ({"actor": "nato"}, "actor"),
        ({"verification": None}, "verification"),
        ({"precision_m": 0}, "precision_m"),
        ({"precision_m": True}, "precision_m"),
        ({"happened_from": "2025-07-21T00:00"}, "happened_from"),
        ({"happened_to": "2025-07-21T00:00:00Z"}, "happened_to"),
        ({"happened_from": "2026-02-01", "happened_to": "2026-02-02"}, "happened_from"),
        ({"time_inferred": "yes"}, "time_inferred"),
        ({"sensitivity": ["secret"]}, "sensitivity"),
        ({"sources": {}}, "sources"),
        ({"sources": [{"kind": "report"}]}, "sources[0].name"),
        ({"sources": [{"kind": "rumour", "name": "x"}], "claims": []}, "sources[0].kind"),
        ({"sources": [{"kind": "report", "url": "javascript:alert(1)"}], "claims": []}, "sources[0].url"),
        ({"claims": [{"party": "", "party_kind": "unnamed", "stance": "denies", "statement": "x"}]}, "claims[0].party"),
        ({"sources": []}, "claims[0].source_id"),
        ({"places": [{}]}, "places[0]"),
        ({"origin": None}, "origin"),
        ({"title": "<b></b>"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"precision_m": 1_000_001}, "precision_m"),
        ({"precision_m": 1e300}, "precision_m"),
        ({"precision_m": 2.5}, "precision_m"),
        ({"sources": [{"kind": "report", "name": "x", "language": "x" * 21}], "claims": []}, "sources[0].language"),
    ],
)
def test_invalid_field_refuses_its_feature_and_is_named(
    import_text: Import, changes: dict[str, Any], field: str
) -> None:
    report = import_text(collection(feature(id="good"), feature(**changes)), "events-geojson")
    assert report.outcomes == {"added": 1, "refused": 1}
    ((message, _),) = report.refused.items()
    assert message.startswith(f"{field}: ")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "{",
        '{"type":"FeatureCollection"}',
        '{"type":"FeatureCollection","features":[NaN]}',
        "[" * 100_000,
    ],
)
def test_file_without_feature_collection_is_refused(import_text: Import, content: str) -> None:
    with pytest.raises(FileUnusable):
        import_text(content, "events-geojson")


def test_too_large_collection_is_refused_with_advice(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exchange.events_geojson.LARGEST_COLLECTION", 1000)
    assert LARGEST_COLLECTION == 50 * 1024 * 1024
    lines = json.dumps(json.loads(collection(feature(), feature(id="b"))), indent=1).splitlines(keepends=True)
    with pytest.raises(FileUnusable, match="one feature on each line"):
        next(read_events_geojson(lines, theatre, origin=None, now=NOW, report_unknown=lambda _: None))


def test_id_of_another_origin_is_refused(import_text: Import, rows: Rows) -> None:
    import_text(collection(feature()), "events-geojson")
    report = import_text(collection(feature()), "events-geojson", origin="other")
    assert report.outcomes == {"added": 1}
    ids = rows("SELECT id::text FROM frontline.event ORDER BY created_at")
    assert len(set(ids)) == 2


def test_source_name_is_unique_within_its_origin(import_text: Import, rows: Rows) -> None:
    import_text(collection(feature(id="a"), feature(id="b")), "events-geojson")
    import_text(collection(feature(id="c")), "events-geojson")
    assert rows("SELECT count(*) FROM frontline.source WHERE name = 'A spokesman'") == [(1,)]


def test_several_files_are_one_transaction(
    import_text: Import, rows: Rows, tmp_path: Path, theatre: Theatre, imports_database: DatabaseUrls
) -> None:
    engines = make_engines(imports_database, make_settings(tmp_path))
    good, bad = tmp_path / "good.geojson", tmp_path / "bad.geojson"
    good.write_text(collection(feature()))
    bad.write_text("{")
    options = ImportOptions("events-geojson", terms=OriginTerms())
    with pytest.raises(FileUnusable, match=r"bad\.geojson"):
        import_files(engines.importing, theatre, [good, bad], options, now=NOW)
    assert rows("SELECT FROM frontline.event") == []
    engines.dispose()


def test_batches_count_as_one_file(import_text: Import, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exchange.importing._BATCH", 2)
    features = [feature(id=f"n{number}", title=f"Event {number}") for number in range(7)]
    assert import_text(collection(*features), "events-geojson").outcomes == {"added": 7}
    assert rows("SELECT count(*) FROM frontline.source WHERE name = 'A spokesman'") == [(1,)]
    changed = [feature(id=f"n{number}", title=f"Event {number % 5}") for number in range(7)]
    report = import_text(collection(*changed, feature(id="n7")), "events-geojson", public=True, **TERMS)
    assert report.outcomes == {"unchanged": 5, "changed": 2, "added": 1}
    assert report.published == 7
    report = import_text(collection(*changed, feature(id="n0", title="Another")), "events-geojson", update=True)
    assert report.outcomes == {"unchanged": 5, "updated": 2, "refused": 1}
    assert rows("SELECT count(*), count(DISTINCT title) FROM frontline.event") == [(8, 6)]


def test_truncated_file_leaves_no_rows(import_text: Import, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exchange.importing._BATCH", 2)
    lines = [json.dumps(feature(id=f"n{number}")) for number in range(6)]
    with pytest.raises(FileUnusable):
        import_text("\n".join([*lines, "{"]), "events-geojson")
    assert rows("SELECT count(*) FROM frontline.event") == [(0,)]


def test_database_error_leaves_no_rows_and_no_thread(
    import_text: Import, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, batches = Staging.write_batch, []

    def put_one_batch(staging: Staging, lines: BatchText) -> BatchOutcome:
        written = put(staging, lines)
        batches.append(written)
        if len(batches) == 2:
            staging._connection.execute("SELECT 1 / 0")  # noqa: SLF001 - ours
        return written

    monkeypatch.setattr("app.exchange.importing._BATCH", 2)
    monkeypatch.setattr(Staging, "write_batch", put_one_batch)
    with pytest.raises(DivisionByZero):
        import_text(collection(*(feature(id=f"n{number}") for number in range(8))), "events-geojson")
    assert len(batches) == 2
    assert rows("SELECT count(*) FROM frontline.event") == [(0,)]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("import")]
