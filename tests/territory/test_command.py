"""`frontline import` of areas on the command line: messages, exit codes, folders."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.exchange.territory.drawings import FileRefused
from app.exchange.territory.preparing import Preparation
from tests.cli.in_process import frontline
from tests.territory.conftest import NOW, area, areas_file, box, importing

if TYPE_CHECKING:
    import subprocess

    from fastapi.testclient import TestClient

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

Run = Callable[..., "subprocess.CompletedProcess[str]"]

WEST, MIDDLE = box(37.0, 48.0, 37.1, 48.1), box(37.1, 48.0, 37.2, 48.1)


@pytest.fixture
def run(database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Returns a function that runs `frontline import --format areas-geojson` over a database of the
    test's own.
    """
    monkeypatch.chdir(tmp_path)
    urls = {"DATABASE_URL": database.app, "DATABASE_OWNER_URL": database.owner, "DATABASE_PUBLIC_URL": database.public}
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {"FRONTLINE_DATA_DIR": str(tmp_path / "var"), "COLUMNS": "200"}

    def run(*arguments: str | Path, format_: str = "areas-geojson") -> subprocess.CompletedProcess[str]:
        return frontline("import", *map(str, arguments), "--format", format_, env=inherited | urls | ours)

    return run


def test_second_import_of_a_folder_changes_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "areas"
    folder.mkdir()
    areas_file(folder, "2025-07-18", area("occupied", WEST))
    areas_file(folder, "2025-07-19", area("occupied", WEST))
    areas_file(folder, "2025-07-20", area("occupied", WEST), area("gray_zone", MIDDLE))
    first = run(folder, "--public")
    assert first.returncode == 0, first.stderr
    for words in (
        "3  files read",
        "2  assessments added",
        "1  same areas as before: no new assessment",
        "us: 3 in these files",
    ):
        assert words in first.stdout
    again = run(folder, "--public")
    assert again.returncode == 0
    assert "3  already imported, unchanged" in again.stdout
    assert "0 bytes more" in again.stdout


def test_refused_file_is_reported_and_others_are_imported(run: Run, tmp_path: Path) -> None:
    good = areas_file(tmp_path, "2025-07-18", area("occupied", WEST))
    swapped = areas_file(tmp_path, "2025-07-19", area("occupied", [(y, x) for x, y in WEST]))
    done = run(good, swapped)
    assert done.returncode == 2
    assert "1  assessments added" in done.stdout
    assert f"{swapped}: has areas mostly outside the theatre" in done.stdout
    assert "Use --public to publish them" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--public"], 1, "has no licence"),
        (["--valid-from", "soon"], 2, "--valid-from"),
        (["--refusals", "x.csv"], 2, "Does not apply to the format areas-geojson"),
    ],
)
def test_errors_are_reported_in_one_sentence(
    run: Run, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    file = areas_file(tmp_path, "2025-07-18", area("occupied", WEST), licence=None)
    done = run(file, *arguments)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_empty_folder_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    done = run(tmp_path / "nothing")
    assert done.returncode == 1
    assert "Found no files that end in .geojson or .json." in done.stderr


def test_valid_from_option_replaces_the_time_of_files(run: Run, tmp_path: Path) -> None:
    file = areas_file(tmp_path, "2025-07-18", area("occupied", WEST))
    assert "1  assessments added" in run(file, "--valid-from", "2025-07-20").stdout
    refused = run(file, file, "--valid-from", "2025-07-20")
    assert refused.returncode == 1
    assert "--valid-from is for one file" in refused.stderr


def _deepstate(folder: Path, *features: tuple[str, str]) -> Path:
    """Writes a snapshot of DeepState with boxes side by side, of names and fills."""
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name, "fill": fill},
                "geometry": {"type": "Polygon", "coordinates": [box(37 + n / 10, 48.0, 37.1 + n / 10, 48.1)]},
            }
            for n, (name, fill) in enumerate(features)
        ],
    }
    file = folder / "1753563288.geojson"
    file.write_text(json.dumps(content), "utf-8")
    return file


OCCUPIED = ("Occupied /// Occupied /// geoJSON.status.occupied", "#a52714")


def test_report_names_file_and_feature_whose_fill_contradicts_its_name(run: Run, tmp_path: Path) -> None:
    gray = ("Unknown /// Unknown /// geoJSON.status.unknown", "#a52714")
    file = _deepstate(tmp_path, OCCUPIED, gray, gray)
    done = run(file, format_="deepstate")
    assert "2  areas whose fill has another status than their name; the name counts" in done.stdout
    assert f"{file}: features 2, 3: gray_zone by its name, occupied by its fill #a52714" in done.stdout


def test_spellings_of_areas_left_out_are_one_line(run: Run, tmp_path: Path) -> None:
    names = [f"Transnistria, spelling {n}" for n in range(7)]
    done = run(_deepstate(tmp_path, OCCUPIED, *((name, "#ff5252") for name in names)), format_="deepstate")
    (line,) = [line for line in done.stdout.splitlines() if "left out" in line]
    assert line.strip().startswith("7  features left out, not of this theatre: “Transnistria, spelling ")
    assert line.count("spelling") == 3
    assert "and 4 other names (8" in line
    assert "km² each on average)" in line


def test_unknown_feature_refuses_a_file_unless_it_may_be_skipped(
    run: Run, tmp_path: Path, database: DatabaseUrls, api: TestClient
) -> None:
    file = _deepstate(tmp_path, OCCUPIED, ("A stray polygon", "#123456"), ("Another", "#123456"))
    refused = run(file, "--public", format_="deepstate")
    assert refused.returncode == 2
    assert (
        f"{file}: feature 2 has no known name or fill: 'A stray polygon', '#123456' (1 more such feature). Use"
        " --skip-unknown to import the file without such features" in refused.stdout
    )
    done = run(file, "--public", "--skip-unknown", format_="deepstate")
    assert done.returncode == 0, done.stderr
    skipped = [
        "feature 2 has no known name or fill: 'A stray polygon', '#123456'",
        "feature 3 has no known name or fill: 'Another', '#123456'",
    ]
    assert "2  features skipped, which the map therefore lacks" in done.stdout
    assert all(f"{file}: {reason}" in done.stdout for reason in skipped)
    (area_feature,) = api.get("/api/collections/control-areas/items?assessor=deepstate").json()["features"]
    assert area_feature["properties"]["skipped"] == skipped
    assert "2 features of its files are missing on the map" in api.get("/about").text
    # Later files with the same areas are observations of it, and keep their own list.
    again = file.rename(tmp_path / "1753649688.geojson")
    run(again, "--public", "--skip-unknown", format_="deepstate")
    with importing(database) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT skipped FROM frontline.observation")) == skipped


@pytest.mark.parametrize(
    ("format_", "name", "properties", "reason"),
    [
        ("isw", "20250718.geojson", {"layer": "VIEW_Weather"}, "feature 2 is of an unknown layer: 'VIEW_Weather'"),
        ("areas-geojson", "areas.geojson", {"status": "contested"}, "feature 2 has the unknown status 'contested'"),
    ],
)
def test_every_format_can_skip_unknown_features(
    theatre: Theatre, format_: str, name: str, properties: dict[str, str], reason: str
) -> None:
    known = area("occupied", WEST, layer="VIEW_RussiaCoTinUkraine_V3")
    unknown = known | {"properties": properties}
    members = {"type": "FeatureCollection", "assessor": "us", "valid_from": "2025-07-18"}
    content = json.dumps(members | {"features": [known, unknown]}).encode()
    with pytest.raises(FileRefused, match=rf"{reason}.*Use --skip-unknown"):
        Preparation(format_, theatre, NOW).snapshots(name, content)
    (snapshot,) = Preparation(format_, theatre, NOW, skip_unknown=True).snapshots(name, content)
    assert len(snapshot.areas) == 1
    assert [one.startswith(reason) for one in snapshot.skipped] == [True]
