"""The history of a line round-trips vertex by vertex, for any geometry."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.geo import varints
from app.geo.line_history import InvalidHistory, LineHistory
from app.geo.line_history_writer import HistoryWriter
from app.geo.rings import Ring, quantise
from tests.geo import line_history_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.geo.line_history import Area

# Few different vertices, so that rings share and repeat vertices and lie around each other.
places = st.tuples(st.integers(-3, 3), st.integers(-3, 3)) | st.tuples(
    st.integers(-18_000_000, 18_000_000), st.integers(-9_000_000, 9_000_000)
)
rings = st.lists(places, min_size=1, max_size=12).map(lambda drawn: np.array(drawn, dtype=np.int32))
drawn_areas: st.SearchStrategy[list[Area]] = st.lists(
    st.tuples(st.integers(0, 11), st.lists(st.lists(rings, min_size=1, max_size=2), min_size=1, max_size=2)), max_size=3
)


def same(one: Sequence[Area], other: Sequence[Area]) -> bool:
    return [(kind, [[ring.tolist() for ring in polygon] for polygon in polygons]) for kind, polygons in one] == [
        (kind, [[ring.tolist() for ring in polygon] for polygon in polygons]) for kind, polygons in other
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[list[Area]]:
    """Draws days of areas, many of which are those of an earlier day with a vertex moved, or a ring
    cut, turned or reversed.
    """
    days: list[list[Area]] = []
    for _ in range(draw(st.integers(1, 5))):
        again: bool = draw(st.booleans())
        if days and again:
            like: list[Area] = draw(st.sampled_from(days))
            days.append(
                [(kind, [[moved(draw, ring) for ring in polygon] for polygon in polygons]) for kind, polygons in like]
            )
        else:
            days.append(draw(drawn_areas))
    return days


def moved(draw: st.DrawFn, ring: Ring) -> Ring:
    what, at = draw(st.integers(0, 4)), draw(st.integers(0, len(ring) - 1))
    match what:
        case 0:
            return np.roll(ring, at, axis=0)
        case 1:
            return ring[::-1].copy()
        case 2:
            return np.insert(ring, at, draw(places), axis=0).astype(np.int32)
        case 3 if len(ring) > 1:
            return np.delete(ring, at, axis=0)
    return ring


@given(days=histories(), cut=st.integers(0, 6), backwards=st.booleans())
def test_history_round_trips(days: list[list[Area]], cut: int, backwards: bool) -> None:
    writer = HistoryWriter()
    for number, areas in enumerate(days[:cut]):
        writer.add(number * 86_400_000, 3, areas, like=0 if backwards and number else None)
    blocks = [writer.block()]
    # A second writer continues after the first one.
    writer = HistoryWriter(LineHistory(*blocks))
    for number, areas in enumerate(days[cut:], cut):
        writer.add(-number * 1000, 3, areas)
    blocks.append(writer.block())
    for history in (LineHistory(*blocks), LineHistory(b"".join(blocks))):
        assert len(history.days) == len(days)
        for number, areas in enumerate(days):
            assert same(history.areas(number), areas)
        assert [day.moment_ms for day in history.days] == [
            number * 86_400_000 if number < cut else -number * 1000 for number in range(len(days))
        ]


@given(st.lists(st.integers(0, 2**53 - 1)))
def test_numbers_round_trip(numbers: list[int]) -> None:
    assert varints.decode(varints.encode(numbers)).tolist() == numbers


@given(st.lists(st.integers(-(2**51), 2**51)))
def test_zigzag_numbers_round_trip(numbers: list[int]) -> None:
    given_ = np.array(numbers, dtype=np.int64)
    assert varints.zigzag_decode(varints.zigzag_encode(given_)).tolist() == numbers
    assert varints.zigzag_encode(given_).tolist() == [varints.zigzag_encode_one(number) for number in numbers]
    assert [varints.zigzag_decode_one(varints.zigzag_encode_one(number)) for number in numbers] == numbers


@pytest.mark.parametrize("numbers", [[-1], [2**53]])
def test_numbers_beyond_javascript_integers_are_refused(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="53 bits"):
        varints.encode(numbers)


@pytest.mark.parametrize("content", [b"\x80", b"\xff" * 9 + b"\x01", b"\xff" * 7 + b"\x7f"])
def test_invalid_varints_are_refused(content: bytes) -> None:
    with pytest.raises(varints.InvalidVarints):
        varints.decode(content)


def test_vertices_are_rounded_to_a_metre_and_none_is_dropped() -> None:
    shell = [(37.000004, 48.0), (37.000006, 48.0), (37.2, 48.0), (37.2, 48.2), (37.000004, 48.0)]
    hole = [(37.1, 48.05), (37.15, 48.05), (37.15, 48.1), (37.1, 48.05)]
    multi = shapely.MultiPolygon([shapely.Polygon(shell, [hole]), shapely.box(36, 48, 36.1, 48.1)])
    (first, second), (third,) = quantise([multi, shapely.box(-1, -1, 0, 0)])
    assert first[0].tolist() == [
        [3_700_000, 4_800_000],
        [3_700_001, 4_800_000],
        [3_720_000, 4_800_000],
        [3_720_000, 4_820_000],
    ]
    assert first[1].tolist() == [[3_710_000, 4_805_000], [3_715_000, 4_805_000], [3_715_000, 4_810_000]]
    assert (len(first), len(second), len(third)) == (2, 1, 1)
    assert [-100_000, -100_000] in third[0].tolist()


def test_unchanged_edges_and_shared_edges_cost_no_bytes() -> None:
    rng = np.random.default_rng(42)
    edge = np.cumsum(rng.integers(-400, 400, (2_000, 2)), axis=0) + np.array([3_700_000, 4_800_000])
    west = np.concatenate((edge, [[3_600_000, 4_700_000]])).astype(np.int32)
    east = np.concatenate((edge[::-1], [[3_900_000, 4_700_000]])).astype(np.int32)
    writer = HistoryWriter()
    writer.add(0, 1, [(0, [[west]]), (2, [[east]])])
    both = len(writer.block())
    assert both < 4.6 * len(west)
    moved_west = west.copy()
    moved_west[1000] += 50
    writer.add(86_400_000, 1, [(0, [[moved_west]]), (2, [[east]])])
    assert len(writer.block()) - both < 40


def synthetic(days: int, vertices: int) -> Iterator[Ring]:
    """Returns a ring of which one vertex in a hundred moves each day."""
    rng = np.random.default_rng(42)
    angles = np.sort(rng.random(vertices)) * 2 * np.pi
    ring = np.column_stack((3_600_000 + 300_000 * np.cos(angles), 4_800_000 + 200_000 * np.sin(angles)))
    ring = (ring + rng.normal(0, 1_000, ring.shape)).astype(np.int32)
    for _ in range(days):
        ring = ring.copy()
        chosen = rng.choice(vertices, vertices // 100, replace=False)
        ring[chosen] += rng.integers(-500, 501, (len(chosen), 2), dtype=np.int32)
        yield ring


def test_day_with_few_moved_vertices_takes_a_kilobyte() -> None:
    writer = HistoryWriter()
    *_, last = (writer.add(day, 1, [(0, [[ring]])]) or ring for day, ring in enumerate(synthetic(30, 15_000)))
    content = writer.block()
    assert len(gzip.compress(content, 9)) < 60_000 + 30 * 1_100
    assert last == 29
    assert LineHistory(content).ring_count == 30


def broken(content: bytes) -> Iterator[bytes]:
    yield content[:-1]
    yield b"FLH3" + content[4:]
    yield content + b"x"
    yield content[:4]
    yield content + content  # a second copy does not continue the first one


def test_corrupt_history_is_refused() -> None:
    writer = HistoryWriter()
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], dtype=np.int32)
    writer.add(0, 1, [(0, [[square]])])
    writer.add(1, 1, [(0, [[square[::-1].copy()]])])
    content = writer.block()
    for wrong in broken(content):
        with pytest.raises(InvalidHistory):
            LineHistory(wrong)


@given(st.data())
def test_changed_bytes_are_refused_or_read_without_crash(data: st.DataObject) -> None:
    writer = HistoryWriter()
    for day, ring in enumerate(synthetic(3, 60)):
        writer.add(day, 1, [(0, [[ring, ring[::-1].copy()]]), (1, [[ring[:5].copy()]])])
    content = bytearray(writer.block())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        history = LineHistory(bytes(content))
        for day in range(len(history.days)):
            history.areas(day)
    except InvalidHistory:
        pass


def test_stored_vectors_match_the_writer() -> None:
    """tests/js/line-history.test.js reads the same vectors."""
    stored = json.loads(line_history_vectors.FILE.read_text("utf-8"))
    assert stored == line_history_vectors.make()
