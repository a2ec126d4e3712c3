"""Files that cost much more than their size: each is refused within the limits of the process that
reads it, and the message names the row, the line or the feature.
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.exchange.events_csv import FileUnusable
from app.exchange.importing import ImportOptions, import_files
from app.exchange.limits import LIMITS, ReadingLimits
from app.exchange.reading_process import LimitExceeded, read_in_process
from app.exchange.territory.importing import TerritoryOptions, import_territory
from tests.exchange.conftest import NOW
from tests.exchange.endless import compute_endlessly
from tests.exchange.test_import_csv import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from app.theatre import Theatre
    from tests.exchange.conftest import Rows

MIB = 1024 * 1024


@pytest.fixture
def refuse(engine: Engine, theatre: Theatre, rows: Rows) -> Callable[..., str]:
    """Returns a function that imports a file, which must be refused; returns the message."""

    def refuse(file: Path, limits: ReadingLimits = LIMITS, kind: str = "events-csv") -> str:
        with pytest.raises(FileUnusable) as refused:
            import_files(engine, theatre, [file], ImportOptions(kind, origin="desk"), now=NOW, limits=limits)
        assert rows("SELECT FROM frontline.event") == []
        return str(refused.value)

    return refuse


def packed(path: Path, pieces: Iterator[bytes]) -> Path:
    with gzip.open(path, "wb") as file:
        file.writelines(pieces)
    return path


@pytest.mark.parametrize("size", [8, pytest.param(1500, marks=pytest.mark.long)])
def test_one_long_line(refuse: Callable[..., str], tmp_path: Path, size: int) -> None:
    content = (b"x" * MIB for _ in range(size))
    file = packed(tmp_path / "long.csv.gz", (part for whole in ([HEADER.encode() + b"\n"], content) for part in whole))
    assert "line 2: the row is longer than 4 194 304 characters" in refuse(file)


def test_row_of_many_lines(refuse: Callable[..., str], tmp_path: Path) -> None:
    """Each line closes a cell and opens the next one."""
    file = tmp_path / "long.csv"
    file.write_text(f"{HEADER}\n" + ('"' + "x" * 1000 + '\n",') * 5000, "utf-8")
    assert "the row is longer than 4 194 304 characters" in refuse(file)


@pytest.mark.parametrize("size", [1, pytest.param(600, marks=pytest.mark.long)])
def test_many_empty_lines(refuse: Callable[..., str], tmp_path: Path, size: int) -> None:
    file = packed(tmp_path / "empty.csv.gz", (HEADER.encode() + b"\n" * MIB for _ in range(size)))
    assert "line 10002: more than 10000 lines are empty" in refuse(file)


def test_inflation(refuse: Callable[..., str], tmp_path: Path) -> None:
    file = packed(tmp_path / "packed.csv.gz", iter([f"{HEADER}\n".encode(), (b"x" * 1000 + b"\n") * 3000]))
    limits = replace(LIMITS, inflated_bytes=MIB, inflation=10)
    assert "it inflates to more than 1 MiB" in refuse(file, limits)


def test_memory(refuse: Callable[..., str], tmp_path: Path) -> None:
    """Two bytes of JSON for a list of 56 bytes."""
    lines = [json.dumps({"type": "Feature", "id": str(number), "properties": {}}) for number in (1, 2)]
    nested = json.dumps({"type": "Feature", "geometry": {"coordinates": [[]] * 3_000_000}})
    file = tmp_path / "nested.geojsonl"
    file.write_text("\n".join([*lines, nested]), "utf-8")
    limits = replace(LIMITS, memory_bytes=256 * MIB)
    assert "needs more than 256 MiB of memory, at line or feature 3" in refuse(file, limits, "events-geojson")


def test_processor_time() -> None:
    reading = read_in_process(compute_endlessly, limits=replace(LIMITS, processor_seconds=0.2))
    assert next(reading) == 1
    with pytest.raises(LimitExceeded, match=r"needs more than 0.2 s of processor time") as exceeded:
        next(reading)
    assert exceeded.value.position == 7


def ring(count: int) -> list[list[float]]:
    chance = random.Random(count)  # noqa: S311 - no secret
    places = [[round(36 + chance.random(), 6), round(48 + chance.random(), 6)] for _ in range(count)]
    return [*places, places[0]]


def areas(*rings: list[list[float]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"status": "occupied"},
            "geometry": {"type": "Polygon", "coordinates": [one]},
        }
        for one in rings
    ]
    members = {"type": "FeatureCollection", "assessor": "us", "valid_from": "2025-07-01", "features": features}
    return json.dumps(members)


@pytest.mark.parametrize("count", [1500, pytest.param(5000, marks=pytest.mark.long)])
def test_ring_that_crosses_itself_too_often(engine: Engine, theatre: Theatre, tmp_path: Path, count: int) -> None:
    square = [[37.0, 48.0], [37.1, 48.0], [37.1, 48.1], [37.0, 48.1], [37.0, 48.0]]
    bad, good = tmp_path / "bad.geojson", tmp_path / "good.geojson"
    bad.write_text(areas(square, ring(count)), "utf-8")
    good.write_text(areas(square), "utf-8")
    report = import_territory(
        engine, theatre, [bad, good], "areas-geojson", TerritoryOptions(accept_repairs=True), now=NOW
    )
    ((file, reason),) = report.refused
    assert file == bad
    assert "feature 2 crosses or touches itself more than 50000 times" in reason
    assert report.outcomes == {"refused": 1, "added": 1}


def comb(teeth: int, *, across: bool) -> list[list[float]]:
    """A valid polygon with long, thin teeth."""
    ring = [[37.0, 48.0]]
    for tooth in range(teeth):
        left, right = 37 + tooth / teeth, 37 + (tooth + 0.5) / teeth
        ring += [[left, 49.0], [right, 49.0], [right, 48.001], [37 + (tooth + 1) / teeth, 48.001]]
    ring += [[38.0, 48.0], [37.0, 48.0]]
    return [[latitude - 11, longitude + 11] for longitude, latitude in ring] if across else ring


def test_areas_that_cross_each_other_too_often(engine: Engine, theatre: Theatre, tmp_path: Path) -> None:
    """Each of them is valid. Joining these two would take 1.3 GB."""
    file = tmp_path / "combs.geojson"
    file.write_text(areas(comb(500, across=False), comb(500, across=True)), "utf-8")
    report = import_territory(engine, theatre, [file], "areas-geojson", now=NOW)
    ((_, reason),) = report.refused
    assert "has areas that cross each other more than" in reason


def test_file_of_areas_that_needs_too_much_is_refused_and_others_are_read(
    engine: Engine, theatre: Theatre, tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.geojson", tmp_path / "good.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": [' + "[]," * 5_000_000 + "[]]}", "utf-8")
    good.write_text(areas([[37.0, 48.0], [37.1, 48.0], [37.1, 48.1], [37.0, 48.0]]), "utf-8")
    report = import_territory(
        engine, theatre, [bad, good], "areas-geojson", now=NOW, limits=replace(LIMITS, memory_bytes=256 * MIB)
    )
    assert report.refused == [(bad, "needs more than 256 MiB of memory to be read")]
    assert report.outcomes == {"refused": 1, "added": 1}
