"""Near duplicates: how well position, time and words identify pairs of real events with a common
source.

Two events with a common source count as one event. This is only an approximation, since a video may
show two events, and two videos may show one. So the figures compare scores with each other rather
than with the truth.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Engine, and_, cast, create_engine, func, select, text
from sqlalchemy.orm import aliased

from app.database.embedded import running_cluster
from app.database.engines import server_options
from app.database.migrations import upgrade
from app.exchange.importing import ImportOptions, import_files
from app.exchange.origins import OriginTerms
from app.models import Event
from app.settings import PROJECT_DIRECTORY
from app.similarity import PROBABLE, Subject, compare_events
from app.theatre import read_theatre
from bench.report import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA: Final = PROJECT_DIRECTORY.parent / "shared" / "data" / "events" / "geolocated_events_to_2025.csv.gz"

_SHARING: Final = text("""
    SELECT DISTINCT a.event_id, b.event_id
    FROM frontline.event_source a
    JOIN frontline.event_source b ON b.source_id = a.source_id AND a.event_id < b.event_id
    JOIN frontline.source s ON s.id = a.source_id AND s.canonical_url IS NOT NULL
""")
_SOURCES: Final = text("""
    WITH serving AS (SELECT source_id, count(*) AS events FROM frontline.event_source GROUP BY source_id)
    SELECT (SELECT count(*) FROM frontline.source), (SELECT count(*) FROM serving WHERE events > 1),
        (SELECT count(DISTINCT event_id) FROM frontline.event_source JOIN serving USING (source_id) WHERE events > 1),
        (SELECT max(events) FROM serving), (SELECT count(*) FROM frontline.event),
        (SELECT count(*) FROM frontline.revision)
""")


def measure() -> Iterator[Measurement]:
    """Yields the measurements of the chapter; none without the real data."""
    if not DATA.is_file():
        return
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as directory:
        Path(directory).chmod(0o755)
        with running_cluster(Path(directory), for_tests=True) as cluster:
            upgrade(cluster.url("frontline_owner"))
            options = server_options(statement_seconds=0, lock_seconds=5)
            engine = create_engine(cluster.url("frontline_app"), connect_args={"options": options})
            yield from _imported(engine, Path(directory))
            yield from _compared(engine)
            engine.dispose()


def _imported(engine: Engine, directory: Path) -> Iterator[Measurement]:
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    asked = ImportOptions(
        "events-csv", public=True, terms=OriginTerms(licence="measured only"), refusals=directory / "refused.csv"
    )
    began = time.perf_counter()
    report = import_files(engine, theatre, [DATA], asked)
    yield Measurement("import, published, with its trail", report.rows / (time.perf_counter() - began), "rows/s")
    with engine.connect() as connection:
        sources, shared, sharing, most, events, revisions = connection.execute(_SOURCES).one()
    yield Measurement("events", events, "")
    yield Measurement("sources", sources, "")
    yield Measurement("sources that serve several events", shared, "")
    yield Measurement("events that share a source", sharing, "")
    yield Measurement("the most events that one source serves", most, "")
    yield Measurement("revisions", revisions, "")


def _compared(engine: Engine) -> Iterator[Measurement]:
    pairs = _pairs(engine)
    with engine.connect() as connection:
        sharing = {tuple(sorted(map(str, row))) for row in connection.execute(_SHARING)}
    found = [(row.score, tuple(sorted((str(row.one), str(row.other)))) in sharing) for row in pairs]
    yield Measurement("pairs that share a source", len(sharing), "")
    yield Measurement("pairs within 2 km and 3 days", len(found), "")
    yield Measurement("of them sharing a source", sum(shares for _, shares in found), "")
    for limit in (0.5, 0.6, 0.7, PROBABLE, 0.8, 0.9):
        said = [shares for score, shares in found if score >= limit]
        right = sum(said)
        mark = " (taken for one)" if limit == PROBABLE else ""
        yield Measurement(f"score from {limit}{mark}: precision", right / max(1, len(said)), "")
        yield Measurement(f"score from {limit}{mark}: recall, of all pairs", right / max(1, len(sharing)), "")


def _pairs(engine: Engine) -> Sequence[Any]:
    """Compares all events that are near each other. Days are joined first, since many events share
    a place.
    """
    one, other = aliased(Event), aliased(Event)
    alike = compare_events(_subject(one), _subject(other))
    days = func.generate_series(-4, 4).table_valued("shift").render_derived()
    question = (
        select(one.id.label("one"), other.id.label("other"), alike.score.label("score"))
        .select_from(one)
        .join(days, text("true"))
        .join(
            other,
            and_(
                cast(other.happened_from, Date) == cast(one.happened_from, Date) + days.c.shift,
                func.abs(func.ST_X(one.shape) - func.ST_X(other.shape)) < 0.04,
                func.abs(func.ST_Y(one.shape) - func.ST_Y(other.shape)) < 0.02,
                one.id < other.id,
            ),
        )
        .where(alike.near)
    )
    with engine.begin() as connection:
        # By days and a hash of them: the index on shapes would try every neighbour of every year.
        connection.execute(text("SET LOCAL enable_nestloop = off"))
        # Reading all pairs may take longer than a transaction may usually stand still.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        return connection.execute(question).all()


def _subject(event: type[Event]) -> Subject:
    return Subject(event.shape, event.happened_from, event.happened_to, event.words)  # type: ignore[arg-type] # columns
