"""Binary event columns: rows round-trip in order, corrupt bytes are refused, and the browser reads
the same vectors.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.geo.event_columns import InvalidColumns, Rows, decode, encode
from app.geo.mercator_grid import STEPS, morton, to_degrees, to_grid
from tests.geo.event_columns_vectors import DICTIONARY, FILE, NAMES, ROAD, columns_as_json, rows, vectors

ROWS = some.lists(
    some.tuples(
        some.integers(0, 2**53),
        some.sampled_from([37.1, 37.10001, -180.0, 180.0]) | some.floats(-180, 180),
        some.sampled_from([48.2, 48.20001, -85.05, 85.05]) | some.floats(-85.05, 85.05),
        some.integers(-700_000, 2_900_000) | some.integers(20_000, 20_020),
        some.just(1) | some.integers(1, 400),
        some.integers(0, 1),
        some.integers(-1, 1),
        some.integers(-1, 1),
        some.integers(0, 1),
        some.integers(0, 1),
        some.sampled_from([-1, 10, 100]) | some.integers(1, 10_000),
        some.integers(0, 1),
        some.integers(0, 15),
        some.integers(0, 3),
    ),
    max_size=40,
    unique_by=lambda row: row[0],
)


def as_decoded(given_rows: Rows) -> list[tuple[Any, ...]]:
    """Returns rows as the decoder must return them: sorted, and rounded to the grid."""
    x, y = to_grid(given_rows.longitude, given_rows.latitude)
    code = morton(x, y)
    columns = [given_rows.day, code, given_rows.ids[:, 1], x, y, *(getattr(given_rows, name) for name in NAMES[3:])]
    ordered = sorted(zip(*(column.tolist() for column in columns), strict=True))
    return [(row[0], *row[3:]) for row in ordered]


@given(ROWS)
def test_rows_round_trip_sorted_by_day_place_and_id(drawn: list[Any]) -> None:
    read = decode(encode(rows(*drawn), DICTIONARY))
    names = ("day", "x", "y", *NAMES[3:])
    assert [*zip(*(getattr(read, name).tolist() for name in names), strict=True)] == as_decoded(rows(*drawn))


@given(some.floats(-180, 180), some.floats(-85.05, 85.05))
def test_positions_round_trip_within_a_metre(longitude: float, latitude: float) -> None:
    (east,), (north,) = to_degrees(*to_grid(np.asarray([longitude]), np.asarray([latitude])))
    metres_a_degree = 111_320
    across = (east - longitude) * metres_a_degree * np.cos(np.radians(latitude))
    assert np.hypot(across, (north - latitude) * metres_a_degree) < 1.0


@given(some.binary(max_size=80), some.integers(0, 10_000), some.integers(1, 255))
def test_damaged_bytes_are_refused(noise: bytes, at: int, bit: int) -> None:
    blob = vectors()["a road"]
    at %= len(blob)
    changed = blob[:at] + bytes([blob[at] ^ bit]) + blob[at + 1 :]
    for broken in (noise, blob[:at], changed, blob + noise[:1] * 2 + b"x"):
        with pytest.raises(InvalidColumns):
            decode(broken)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"count":1', b'"count":2'),
        (b'["x",4]', b'["x",5]'),
        (b'"row":0', b'"row":1'),
        (b'["ru","ua"]', b'["ruuaua"]'),
        (b'"origins":', b'"orogins":'),
        (b'["origin",1]', b'["orogin",1]'),
        (b'["source_classes",1]', b'["sourse_classes",1]'),
        # The row's only source has class 3, which is no longer in the list.
        (b',"unknown"]', b"          ]"),
        (b'"desk","elsewhere"', b"                  "),
    ],
)
def test_inconsistent_content_with_valid_checksum_is_refused(before: bytes, after: bytes) -> None:
    body = vectors()["a road"][:-4]
    assert before in body
    broken = body.replace(before, after)
    with pytest.raises(InvalidColumns):
        decode(broken + zlib.crc32(broken).to_bytes(4, "little"))


def test_more_precisions_than_an_index_holds_are_rounded_up() -> None:
    given_rows = rows(*((number, 37.0, 48.0, 0, 1, 0, -1, -1, 0, 0, 1_000 + number, 0, 8, 0) for number in range(300)))
    assert set(decode(encode(given_rows, DICTIONARY)).precision_m.tolist()) == {1_000, 2_000}


def test_stored_vectors_match_the_encoder() -> None:
    stored = json.loads(FILE.read_text())
    assert [base64.b64decode(one["blob"]) for one in stored] == [*vectors().values()]
    for one in stored:
        assert columns_as_json(decode(base64.b64decode(one["blob"]))) == one["columns"]


def test_edges_of_the_world_are_on_the_grid() -> None:
    x, y = to_grid(np.asarray([-180.0, 180.0]), np.asarray([85.06, -90.0]))
    assert (x.tolist(), y.tolist()) == ([0, STEPS], [0, STEPS])
    assert json.loads(ROAD)["type"] == "LineString"
