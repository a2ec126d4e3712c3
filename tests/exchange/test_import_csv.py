"""Importing `events-csv`: every row is counted, no row is imported twice, and only rows that the
operator publishes are public.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.database import locks
from app.exchange.events_csv import FileUnusable
from app.exchange.importing import ImportFailed
from app.exchange.origins import OriginRefused
from app.exchange.refusals import RefusalsPathTaken
from app.exchange.staging import BatchOutcome, BatchText, Staging
from app.fields.limits import LONGEST_TITLE

if TYPE_CHECKING:
    from psycopg import Connection

    from app.database.engines import DatabaseUrls
    from tests.exchange.conftest import Import, Rows

HEADER = "src,id,date,lat,lon,side,place,category,text,urls,licence"
GOOD = "map,1,2025-07-21,48.25,37.13,ru,Zverovo,,Tank hit. The crew ran.,https://twitter.com/a/status/7 https://t.me/b/8,none"


def listed(path: Path = Path("file.refused.csv")) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_row_becomes_an_event_with_its_sources_and_place(import_text: Import, rows: Rows) -> None:
    report = import_text(f"\ufeff{HEADER}\n{GOOD}\n")
    assert report.outcomes == {"added": 1}
    assert report.origins == {"map": 1}
    (event,) = rows(
        "SELECT origin, origin_id, title, description, category, actor, affected, ST_AsText(shape), precision_m,"
        " happened_from::date, happened_to::date, time_precision, verification, state FROM frontline.event"
    )
    assert event[:8] == ("map", "1", "Tank hit", "Tank hit. The crew ran.", "other", None, "ru", "POINT(37.13 48.25)")
    assert [str(part) for part in event[8:]] == ["None", "2025-07-21", "2025-07-22", "day", "geolocated", "draft"]
    assert rows(
        "SELECT b.role, b.position, s.canonical_url, s.given_url, s.platform FROM frontline.event_source b"
        " JOIN frontline.source s ON s.id = b.source_id ORDER BY b.position"
    ) == [
        ("footage", 0, "https://x.com/i/status/7", "https://twitter.com/a/status/7", "x"),
        ("footage", 1, "https://t.me/b/8", "https://t.me/b/8", "telegram"),
    ]
    assert rows("SELECT position, geonameid, as_spelled FROM frontline.event_place") == [(0, None, "Zverovo")]


def test_ids_of_an_import_are_random_with_a_common_prefix(import_text: Import, rows: Rows) -> None:
    import_text(
        "\n".join(
            [HEADER, *(GOOD.replace("map,1", f"map,{number}").replace("/8", f"/{number}") for number in range(9))]
        )
    )
    for statement, count in (("SELECT id FROM frontline.event", 9), ("SELECT id FROM frontline.source", 10)):
        ids = [row[0] for row in rows(statement)]
        assert len({one.hex[8:] for one in ids}) == count
        assert {one.version for one in ids} == {4}
        assert len({one.hex[:8] for one in ids}) == 1


def test_all_columns_are_imported(import_text: Import, rows: Rows) -> None:
    header = (
        "id,lat,lon,happened_from,happened_to,title,description,actor,affected,category,time_precision,time_inferred,"
        "precision_m,verification,sensitivity,geonameid,place,geolocation_url,urls"
    )
    row = (
        "a,48.25,37.13,2025-07-17,2025-07-22,A title,What happened,ua,ru,strike.drone,day,yes,2000,confirmed,"
        "civilians graphic,686799,Zverovo,https://example.org/proof,https://example.com/video"
    )
    report = import_text(f"{header}\n{row}\n", origin="desk")
    assert report.outcomes == {"added": 1}
    assert rows(
        "SELECT title, description, actor, affected, category, happened_from::date::text, happened_to::date::text,"
        " time_inferred, precision_m, verification, sensitivity FROM frontline.event"
    ) == [
        (
            *("A title", "What happened", "ua", "ru", "strike.drone", "2025-07-17", "2025-07-23"),
            *(True, 2000, "confirmed", ["civilians", "graphic"]),
        )
    ]
    assert rows("SELECT role FROM frontline.event_source ORDER BY position") == [("footage",), ("geolocation",)]


def test_title_length_is_limited_as_at_the_desk(import_text: Import, rows: Rows) -> None:
    header = "src,id,date,lat,lon,title"
    longest = LONGEST_TITLE
    lines = [f"map,{length},2025-07-21,48.25,37.13,{'x' * length}" for length in (121, longest, longest + 1)]
    assert import_text("\n".join([header, *lines])).outcomes == {"added": 2, "refused": 1}
    assert rows("SELECT max(length(title)) FROM frontline.event") == [(longest,)]
    assert listed()[-1]["field"] == "title"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"src": ""}, "src"),
        ({"src": "Some Map"}, "src"),
        ({"date": "2025-02-30"}, "date"),
        ({"date": "31.12.2025"}, "date"),
        ({"date": "2026-01-03"}, "date"),
        ({"lat": "NaN"}, "lat"),
        ({"lat": "91"}, "lat"),
        ({"lat": "8.25"}, "lat"),
        ({"lon": ""}, "lon"),
        ({"lon": "1e400"}, "lon"),
        ({"side": "nato"}, "side"),
        ({"category": "picnic"}, "category"),
        ({"text": "x" * 5001}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_invalid_field_refuses_its_row_and_is_named(
    import_text: Import, rows: Rows, changes: dict[str, str], field: str
) -> None:
    cells = dict(zip(HEADER.split(","), next(csv.reader([GOOD])), strict=True)) | changes
    bad = ",".join(f'"{cell}"' for cell in cells.values())
    report = import_text(f"{HEADER}\n{GOOD.replace('map,1', 'map,2')}\n{bad}\n")
    assert report.outcomes == {"added": 1, "refused": 1}
    (line,) = listed()
    assert (line["line"], line["field"], line["outcome"]) == ("3", field, "refused")
    assert line["reason"]
    assert len(rows("SELECT FROM frontline.event")) == 1


def test_invalid_utf8_refuses_only_its_row(import_text: Import) -> None:
    bad = GOOD.replace("map,1", "map,2").replace("Tank hit", "T\xe4nk").encode("latin-1")
    report = import_text(f"{HEADER}\n{GOOD}\n".encode() + bad)
    assert report.outcomes == {"added": 1, "refused": 1}
    assert listed()[0]["reason"] == "Must be UTF-8 text."


def test_row_with_wrong_number_of_cells_is_refused(import_text: Import) -> None:
    report = import_text(f"{HEADER}\n{GOOD},more\n{GOOD}\n\n")
    assert report.outcomes == {"added": 1, "refused": 1}
    assert report.rows == 2


def test_link_to_a_closed_group_is_dropped_and_reported(import_text: Import, rows: Rows) -> None:
    row = GOOD.replace("https://t.me/b/8", "https://t.me/c/8/9 javascript:alert(1)")
    report = import_text(f"{HEADER}\n{row}\n")
    assert report.outcomes == {"added": 1}
    assert [(line["value"], line["outcome"]) for line in listed()] == [
        ("https://t.me/c/8/9", "accepted"),
        ("javascript:alert(1)", "accepted"),
    ]
    assert len(rows("SELECT FROM frontline.source")) == 1


def test_places_outside_the_theatre_are_accepted_and_listed(import_text: Import) -> None:
    far = "map,2,2025-07-21,56.87,60.59,ru,,,Fire at a plant,,none"
    report = import_text(f"{HEADER}\n{GOOD}\n{far}\n")
    assert report.outcomes == {"added": 2}
    (line,) = listed()
    assert (line["line"], line["id"], line["outcome"]) == ("3", "2", "accepted")


def test_repeated_row_is_a_duplicate_and_repeated_id_is_refused(import_text: Import) -> None:
    other = GOOD.replace("Tank hit", "Truck hit")
    report = import_text(f"{HEADER}\n{GOOD}\n{GOOD}\n{other}\n")
    assert report.outcomes == {"added": 1, "duplicate": 1, "refused": 1}
    assert [(line["line"], line["outcome"]) for line in listed()] == [("3", "duplicate"), ("4", "refused")]


def test_rows_that_differ_only_in_id_are_accepted_and_reported(import_text: Import) -> None:
    report = import_text(f"{HEADER}\n{GOOD}\n{GOOD.replace('map,1', 'map,2')}\n")
    assert report.outcomes == {"added": 2}
    assert listed()[0]["value"] == "2, like line 2"


def test_copies_of_one_post_are_one_source(import_text: Import, rows: Rows) -> None:
    copies = ["x.com/q", "twitter.com/a", "mobile.twitter.com/A", "fxtwitter.com/a"]
    lines = [
        f"map,{n},2025-07-21,48.2{n},37.13,ru,,,Text {n},https://{host}/status/7," for n, host in enumerate(copies)
    ]
    assert import_text("\n".join([HEADER, *lines])).outcomes == {"added": 4}
    assert rows("SELECT canonical_url FROM frontline.source") == [("https://x.com/i/status/7",)]
    assert len(rows("SELECT FROM frontline.event_source")) == 4


def test_existing_source_is_reused_beside_new_ones(import_text: Import, rows: Rows) -> None:
    import_text("src,id,date,lat,lon,urls\no,1,2025-07-21,48.1,37.5,https://t.me/a/1\n")
    import_text(
        "src,id,date,lat,lon,urls\n"
        "o,2,2025-07-21,48.2,37.5,https://t.me/a/1 https://t.me/a/2\n"
        "o,3,2025-07-21,48.3,37.5,https://t.me/a/2 https://t.me/a/1\n"
    )
    assert rows("SELECT canonical_url FROM frontline.source ORDER BY 1") == [
        ("https://t.me/a/1",),
        ("https://t.me/a/2",),
    ]
    assert rows(
        "SELECT e.origin_id, string_agg(s.canonical_url, ' ' ORDER BY es.position) FROM frontline.event e"
        " JOIN frontline.event_source es ON es.event_id = e.id JOIN frontline.source s ON s.id = es.source_id"
        " GROUP BY 1 ORDER BY 1"
    ) == [
        ("1", "https://t.me/a/1"),
        ("2", "https://t.me/a/1 https://t.me/a/2"),
        ("3", "https://t.me/a/2 https://t.me/a/1"),
    ]


def test_second_import_changes_events_only_with_update_option(import_text: Import, rows: Rows) -> None:
    import_text(f"{HEADER}\n{GOOD}\n")
    before = rows("SELECT id, created_at, updated_at FROM frontline.event")
    assert import_text(f"{HEADER}\n{GOOD}\n").outcomes == {"unchanged": 1}
    assert rows("SELECT id, created_at, updated_at FROM frontline.event") == before

    changed = GOOD.replace("Tank hit", "Tank missed").replace(" https://t.me/b/8", "")
    assert import_text(f"{HEADER}\n{changed}\n").outcomes == {"changed": 1}
    assert listed()[0]["outcome"] == "left as it is"
    assert rows("SELECT id, created_at, updated_at FROM frontline.event") == before

    assert import_text(f"{HEADER}\n{changed}\n", update=True).outcomes == {"updated": 1}
    assert not Path("file.refused.csv").exists(), "the list of the previous import is deleted"
    ((event, made, updated, title),) = rows("SELECT id, created_at, updated_at, title FROM frontline.event")
    assert (event, made) == before[0][:2]
    assert updated > before[0][2]
    assert title == "Tank missed"
    assert len(rows("SELECT FROM frontline.event_source")) == 1
    assert import_text(f"{HEADER}\n{changed}\n").outcomes == {"unchanged": 1}


def test_import_is_public_only_with_publish_option(import_text: Import, rows: Rows) -> None:
    public = "SELECT title FROM frontline.public_event"
    import_text(f"{HEADER}\n{GOOD}\n", origin_licence="CC BY 4.0")
    assert rows(public) == []
    report = import_text(f"{HEADER}\n{GOOD}\n", public=True)
    assert report.outcomes == {"unchanged": 1}
    assert report.published == 1
    assert len(rows(public)) == 1
    # The origin is public now, but a later import is public only with the option.
    import_text(f"{HEADER}\n{GOOD.replace('map,1', 'map,2')}\n")
    assert len(rows(public)) == 1


def test_event_under_review_is_not_published(import_text: Import, rows: Rows, engine: Engine) -> None:
    import_text(f"{HEADER}\n{GOOD}\n", origin_licence="CC BY 4.0")
    with engine.begin() as connection:
        connection.execute(
            text("SELECT set_config('frontline.role', 'analyst', true), set_config('frontline.who', 'Ann', true)")
        )
        connection.execute(text("UPDATE frontline.event SET state = 'in_review'"))
    assert import_text(f"{HEADER}\n{GOOD}\n", public=True).published == 0
    assert rows("SELECT state FROM frontline.event") == [("in_review",)]


def test_public_import_requires_a_licence(import_text: Import, rows: Rows) -> None:
    with pytest.raises(OriginRefused, match="--origin-licence"):
        import_text(f"{HEADER}\n{GOOD}\n", public=True)
    assert rows("SELECT FROM frontline.event") == []
    assert rows("SELECT FROM frontline.origin") == []


def test_licence_of_an_origin_is_stored_and_cannot_change(import_text: Import, rows: Rows) -> None:
    terms = {"origin_licence": "CC BY 4.0", "origin_name": "The map", "origin_attribution": "The map's people"}
    import_text(f"{HEADER}\n{GOOD}\n", public=True, **terms)
    import_text(f"{HEADER}\n{GOOD}\n")
    assert rows("SELECT slug, name, licence, attribution, public FROM frontline.origin") == [
        ("map", "The map", "CC BY 4.0", "The map's people", True)
    ]
    with pytest.raises(OriginRefused, match="another licence"):
        import_text(f"{HEADER}\n{GOOD}\n", origin_licence="ODbL")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,b,c\n1,2,3\n", "lacks the columns id, lat, lon"),
        (b"id;lat;lon;date\n1;2;3;4\n", "semicolons"),
        (b"id,lat,lon,date\n1,2,3,2025-01-01\n", "--origin"),
        (b"id,id,lat,lon,date,src\n", "twice: id"),
        ((HEADER + "\n" + GOOD).encode("utf-16"), "UTF-8"),
        (HEADER.encode() + b'\nmap,1,"2025', "quot"),
        (gzip.compress(HEADER.encode() * 1000)[:-20], "decompressed"),
    ],
)
def test_unreadable_file_imports_nothing(import_text: Import, rows: Rows, content: bytes, message: str) -> None:
    with pytest.raises(FileUnusable, match=message):
        import_text(content)
    assert rows("SELECT FROM frontline.event") == []
    assert not list(Path().glob("*.refused*"))


def test_error_late_in_the_file_imports_nothing(import_text: Import, rows: Rows) -> None:
    lines = [GOOD.replace("map,1", f"map,{number}") for number in range(6000)]
    with pytest.raises(FileUnusable, match="6002"):
        import_text("\n".join([HEADER, *lines, '"open']))
    assert rows("SELECT FROM frontline.event") == []


def test_compressed_files_and_any_column_order_are_read(import_text: Import) -> None:
    lines = " LON ,lat,Date,ID,mood\n37.1,48.2,2025-07,x,good\n"
    report = import_text(gzip.compress(lines.encode()), name="file.csv.gz", origin="desk")
    assert report.outcomes == {"added": 1}
    assert report.unknown == {"file.csv.gz": ["mood"]}


def test_one_import_at_a_time(import_text: Import, engine: Engine) -> None:
    with engine.begin() as connection:
        driver: Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment] # psycopg
        locks.take(driver, locks.EVENTS_IMPORT, "import")
        locks.show_progress(driver, "125 000 rows, 43 %")
        pid = driver.info.backend_pid
        with pytest.raises(
            locks.LockTaken, match=rf"Another import is running \(process {pid} .*since 20.* UTC, 125 000 rows, 43 %\)"
        ):
            import_text(f"{HEADER}\n{GOOD}\n")


def test_planner_knows_the_rows_of_a_running_import(
    import_text: Import, rows: Rows, imports_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Autovacuum would count no rows, as none is committed: it is kept away meanwhile."""
    vacuumed = []
    write = Staging.write_batch
    owner = create_engine(imports_database.owner, isolation_level="AUTOCOMMIT")

    def write_and_vacuum(staging: Staging, lines: BatchText) -> BatchOutcome:
        written = write(staging, lines)
        with owner.connect() as connection:
            connection.execute(text("VACUUM (SKIP_LOCKED) frontline.event, frontline.event_point"))
        vacuumed.append(rows("SELECT reltuples FROM pg_class WHERE relname = 'event'"))
        return written

    monkeypatch.setattr(Staging, "write_batch", write_and_vacuum)
    lines = [GOOD.replace("map,1", f"map,{number}") for number in range(600)]
    import_text("\n".join([HEADER, *lines]), public=True, origin_licence="CC0 1.0")
    # Analyzed after 0 and after 250 rows; the rest is less than as many again.
    (counted,) = rows("SELECT array_agg(reltuples) FROM pg_class WHERE relname IN ('event', 'event_point')")
    assert counted == ([250, 250],)
    assert vacuumed == [[(0,)], [(250,)]]
    owner.dispose()


def test_formulas_in_the_list_of_refused_rows_are_escaped(import_text: Import) -> None:
    import_text(f"{HEADER}\n{GOOD.replace('2025-07-21', '=cmd()')}\n{GOOD.replace('48.25', '-98.5')}\n")
    assert [line["value"] for line in listed()] == ["'=cmd()", "-98.5"]


def test_unwritable_list_of_refused_rows_imports_nothing(import_text: Import, rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="cannot be written"):
        import_text(f"{HEADER}\n{GOOD}\n{GOOD}\n", refusals=tmp_path / "absent" / "list.csv")
    assert rows("SELECT FROM frontline.event") == []


def test_only_lists_of_earlier_imports_are_overwritten(import_text: Import, rows: Rows, tmp_path: Path) -> None:
    notes, device = tmp_path / "notes.csv", tmp_path / "device"
    notes.write_text("mine\n", "utf-8")
    device.symlink_to("/dev/null")
    for path in (notes, device, tmp_path):
        with pytest.raises(RefusalsPathTaken, match="not the list of an earlier import"):
            import_text(f"{HEADER}\n{GOOD}\n", refusals=path)
    assert rows("SELECT FROM frontline.event") == []
    assert (notes.read_text("utf-8"), device.is_symlink(), Path("/dev/null").is_char_device()) == ("mine\n", True, True)
    again = tmp_path / "again.csv"
    import_text(f"{HEADER}\n{GOOD.replace('2025-07-21', 'never')}\n", refusals=again)
    assert again.read_text("utf-8").startswith("line,field,")
    import_text(f"{HEADER}\n{GOOD}\n", refusals=again)
    assert not again.exists()
