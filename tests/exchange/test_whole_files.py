"""Complete files of events: every row is counted, known events are found, and the counts match the
file.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.database.engines import DatabaseUrls, make_engines, server_options
from app.database.session import Sessions
from app.exchange.importing import ImportOptions, Report, import_files
from app.exchange.origins import OriginTerms
from app.main import create_app
from tests.conftest import cloned, make_settings
from tests.exchange.made_events import NEAR_ZVIROVE, ON_ONE_POST, ORDINARY, REFUSED, write_events

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre

ITEMS = "/api/collections/events/items"


@dataclass(frozen=True)
class Events:
    """A complete file and its expected counts.

    Attributes:
        file: compressed with gzip.
        rows: the number of rows.
        added: the number of rows that become events.
        sources: a lower and an upper bound of the number of sources.
        links: an upper bound of the number of links in all rows.
        most: the largest number of events with the same post.
    """

    file: Path
    rows: int
    added: int
    sources: tuple[int, int]
    links: int
    most: int


@pytest.fixture(scope="module", params=["made", pytest.param("real", marks=pytest.mark.long)])
def events(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Events:
    """Returns a generated file; in `make long` also one of 31 448 real events, which is not part of
    the project.
    """
    if request.param == "real":
        file = request.getfixturevalue("shared_data") / "events" / "geolocated_events_to_2025.csv.gz"
        return Events(file, rows=31_448, added=31_442, sources=(25_000, 32_492), links=32_492, most=48)
    file = write_events(tmp_path_factory.mktemp("events") / "events.csv.gz")
    added = ORDINARY + len(NEAR_ZVIROVE)
    return Events(file, rows=added + REFUSED + 1, added=added, sources=(25, added), links=added + 1, most=ON_ONE_POST)


@pytest.fixture(scope="module")
def file(events: Events) -> Path:
    return events.file


@pytest.fixture(scope="module")
def imported(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[DatabaseUrls, Report]]:
    terms = OriginTerms(licence="test data, not for publication")
    refusals = tmp_path_factory.mktemp("refusals") / "refused.csv"
    options = ImportOptions("events-csv", public=True, terms=terms, refusals=refusals)
    with cloned(cluster, template) as urls:
        engine = create_engine(urls.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
        report = import_files(engine, theatre, [file], options)
        again = import_files(engine, theatre, [file], options)
        engine.dispose()
        assert again.outcomes == {"unchanged": report.outcomes["added"], "refused": 5, "duplicate": 1}
        yield urls, report


def test_every_row_is_counted(imported: tuple[DatabaseUrls, Report], events: Events) -> None:
    _, report = imported
    assert report.rows == events.rows
    assert report.outcomes == {"added": events.added, "refused": 5, "duplicate": 1}
    assert report.refused == {"lat: The latitude seems to have lost its first digit.": 5}
    ((path, lines),) = report.lists.items()
    with path.open(encoding="utf-8", newline="") as listed:
        outcomes = Counter(row["outcome"] for row in csv.DictReader(listed))
    assert lines == outcomes.total()
    assert outcomes["refused"] == 5
    assert outcomes["duplicate"] == 1
    assert outcomes["accepted"] == report.remarks.total()


def test_counts_by_month_match_the_file(imported: tuple[DatabaseUrls, Report], file: Path) -> None:
    urls, report = imported
    ((path, _),) = report.lists.items()
    with path.open(encoding="utf-8", newline="") as listed:
        left = {int(row["line"]) for row in csv.DictReader(listed) if row["outcome"] in {"refused", "duplicate"}}
    counted: Counter[str] = Counter()
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        start = reader.line_num + 1
        for number, row in enumerate(reader):
            start = 2 if number == 0 else start
            if start not in left:
                counted[row["date"][:7]] += 1
            start = reader.line_num + 1
    engine = create_engine(urls.public)
    with engine.connect() as connection:
        months = connection.execute(
            text(
                "SELECT to_char(happened_from AT TIME ZONE 'UTC', 'YYYY-MM'), count(*)"
                " FROM frontline.public_event GROUP BY 1"
            )
        )
        assert Counter({str(row[0]): int(row[1]) for row in months.all()}) == counted
    engine.dispose()


def test_known_events_near_zvirove_are_found(
    imported: tuple[DatabaseUrls, Report], theatre: Theatre, tmp_path: Path, file: Path
) -> None:
    settings = make_settings(tmp_path)
    engines = make_engines(imported[0], settings)
    with TestClient(create_app(settings, theatre, Sessions(engines)), base_url="http://localhost") as client:
        collection = client.get(ITEMS, params={"datetime": "2025-07-21", "near": "37.12879,48.25057,1500"}).json()
    engines.dispose()
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        wanted = {
            (round(float(row["lon"]), 6), round(float(row["lat"]), 6))
            for row in csv.DictReader(lines)
            if row["date"] == "2025-07-21" and abs(float(row["lat"]) - 48.25057) < 0.02
            and abs(float(row["lon"]) - 37.12879) < 0.02
        }  # fmt: skip
    assert len(collection["features"]) == 3
    assert {tuple(feature["geometry"]["coordinates"]) for feature in collection["features"]} <= wanted
    assert all(feature["properties"]["sources"] for feature in collection["features"])


def test_one_source_for_each_post(imported: tuple[DatabaseUrls, Report], events: Events) -> None:
    engine = create_engine(imported[0].app)
    with engine.connect() as connection:
        sources, links, most = connection.execute(
            text(
                "SELECT count(DISTINCT source_id), count(*), (SELECT max(n) FROM (SELECT count(*) n"
                " FROM frontline.event_source GROUP BY source_id) many) FROM frontline.event_source"
            )
        ).one()
        assert connection.scalar(text("SELECT count(*) FROM frontline.source")) == sources
        assert not connection.scalar(text("SELECT count(*) FROM frontline.source WHERE canonical_url ~ 't.me/c/'"))
    engine.dispose()
    fewest, most_sources = events.sources
    assert fewest < sources < most_sources
    assert sources < links < events.links
    assert most == events.most
