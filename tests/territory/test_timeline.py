"""Snapshots are inserted between an assessor's assessments, in any order of import."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import text

from app.exchange.territory.drawings import Area, AssessorProfile, Snapshot
from app.exchange.territory.timeline import SourceFile, Timeline
from app.geo.ellipsoid import areas_km2

if TYPE_CHECKING:
    from sqlalchemy import Connection

US = AssessorProfile("us", "Us", "What we hold to be so.")
SHAPES = {letter: shapely.MultiPolygon([shapely.box(37, 48, 37 + size, 48.1)]) for size, letter in enumerate("ABC", 1)}


def snapshot(day: int, letter: str) -> Snapshot:
    shape = SHAPES[letter]
    km2 = float(areas_km2(np.array([shape], dtype=object))[0])
    area = Area("occupied", False, None, shapely.to_wkb(shape), km2)
    moment = dt.datetime(2025, 7, day, tzinfo=dt.UTC)
    return Snapshot(US, moment, ("occupied",), (area,), 0, 0.0, (), Counter())


def file_of(day: int, letter: str) -> SourceFile:
    return SourceFile(f"{day}{letter}", f"{day}{letter}".encode().ljust(32))


def timeline(connection: Connection) -> Timeline:
    connection.execute(text("INSERT INTO origin (slug, name) VALUES ('us', 'Us') ON CONFLICT DO NOTHING"))
    connection.execute(text("INSERT INTO assessor (slug, definition) VALUES ('us', 'x') ON CONFLICT DO NOTHING"))
    driver: Any = connection.connection.driver_connection
    return Timeline(driver, "us", state="published")


def stored_timeline(connection: Connection) -> tuple[list[str], list[str]]:
    """Returns the assessments and the observations, each as day, letter and file."""
    widths = {letter: shape.bounds[2] for letter, shape in SHAPES.items()}
    letters = {width: letter for letter, width in widths.items()}
    assessments = connection.execute(
        text("""
            SELECT a.valid_from, ST_XMax(c.shape), a.file_name
            FROM assessment a JOIN control_area c ON c.assessment_id = a.id ORDER BY 1
        """)
    )
    observations = connection.execute(
        text("""
            SELECT o.observed_at, ST_XMax(c.shape), o.file_name
            FROM observation o JOIN control_area c ON c.assessment_id = o.assessment_id ORDER BY 1
        """)
    )
    return tuple([f"{row[0].day}{letters[row[1]]}{row[2]}" for row in rows] for rows in (assessments, observations))  # type: ignore[return-value] # there are two


def test_order_of_imports_makes_no_difference(connection: Connection) -> None:
    days = list(enumerate("AABBA", 1))
    for order in permutations(days):
        with connection.begin_nested() as savepoint:
            line = timeline(connection)
            fates = [line.insert(snapshot(*day), file_of(*day), update=False) for day in order]
            assert set(fates) <= {"added", "observed"}
            assert stored_timeline(connection) == (["1A1A", "3B3B", "5A5A"], ["2A2A", "4B4B"]), order
            savepoint.rollback()


def test_repeated_snapshot_changes_nothing_and_replacement_needs_update_option(connection: Connection) -> None:
    line = timeline(connection)
    for day, letter in enumerate("AAB", 1):
        line.insert(snapshot(day, letter), file_of(day, letter), update=False)
    assert line.insert(snapshot(1, "A"), file_of(9, "X"), update=False) == "unchanged"
    assert line.insert(snapshot(2, "A"), file_of(9, "X"), update=False) == "unchanged"
    assert line.insert(snapshot(1, "C"), file_of(1, "C"), update=False) == "changed"
    assert stored_timeline(connection) == (["1A1A", "3B3B"], ["2A2A"])

    assert line.insert(snapshot(1, "C"), file_of(1, "C"), update=True) == "updated"
    # The next snapshot, which was unchanged before, now differs from the day before.
    assert stored_timeline(connection) == (["1C1C", "2A2A", "3B3B"], [])
    assert line.insert(snapshot(2, "C"), file_of(2, "C"), update=True) == "updated"
    assert stored_timeline(connection) == (["1C1C", "3B3B"], ["2C2C"])
    assert line.insert(snapshot(3, "C"), file_of(3, "C"), update=True) == "updated"
    assert stored_timeline(connection) == (["1C1C"], ["2C2C", "3C3C"])
    assert line.insert(snapshot(1, "B"), file_of(1, "B"), update=True) == "updated"
    assert stored_timeline(connection) == (["1B1B", "2C2C"], ["3C3C"])


def test_reloaded_timeline_continues_the_earlier_one(connection: Connection) -> None:
    for day, letter in reversed(list(enumerate("AABBA", 1))):
        timeline(connection).insert(snapshot(day, letter), file_of(day, letter), update=False)
    assert stored_timeline(connection) == (["1A1A", "3B3B", "5A5A"], ["2A2A", "4B4B"])
