"""`frontline import` of areas on the command line: messages, exit codes, folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.in_process import frontline
from tests.territory.conftest import area, areas_file, box

if TYPE_CHECKING:
    import subprocess

    from app.database.engines import DatabaseUrls

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
