"""Writes the test vectors that Python and the browser both read.

Usage: `python -m tests.geo.event_columns_vectors`
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from app.geo.event_columns import Dictionary, Rows, decode, encode
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from app.geo.event_columns import Columns

FILE = PROJECT_DIRECTORY / "tests" / "js" / "vectors" / "event-columns.json"

DICTIONARY = Dictionary(
    categories=("clash", "strike.drone"),
    belligerents=("ru", "ua"),
    verifications=("reported", "geolocated"),
    time_precisions=("day", "month"),
    origins=("desk", "elsewhere"),
    source_classes=("party", "state_affiliated", "independent", "unknown"),
)
ROAD = '{"type":"LineString","coordinates":[[37.1,48.2],[37.2,48.3]]}'
JULY = 20_290  # 21 July 2025
FIRST, LAST = -719_162, 2_932_896  # 1 January of the year 1, 31 December 9999
REST = (0, 0, 1, 1, 0, 100, 0, 8, 0)

# id, longitude, latitude, day, days, category, actor, affected, verification, time precision,
# metres, origin, classes, flags
Given = tuple[int, float, float, int, int, int, int, int, int, int, int, int, int, int]
NAMES = (
    *("x", "y", "day", "days", "category", "actor", "affected", "verification", "time_precision", "precision_m"),
    *("origin", "source_classes", "flags"),
)


def rows(*given: Given) -> Rows:
    """Returns rows as the database returns them, in any order."""
    columns = [np.asarray(column) for column in zip(*given, strict=True)] if given else [np.zeros(0)] * 14
    ids = np.stack((np.zeros(len(given)), columns[0]), axis=1).astype(np.uint64)
    return Rows(ids, columns[1].astype(float), columns[2].astype(float), *(one.astype(np.int64) for one in columns[3:]))


def vectors() -> dict[str, bytes]:
    """Returns encoded columns by a description of their content."""
    crowd = [(number, 37.1, 48.2, JULY, 1, number % 2, -1, 1, 1, 0, 100, 0, 8, 0) for number in (3, 1, 2)]
    dated = [
        (1, 37.12879, 48.25057, JULY, 1, 0, 0, 1, 1, 0, 100, 0, 8, 0),
        (2, -179.99999, -85.2, JULY - 1000, 31, 1, -1, -1, 0, 1, -1, 1, 0, 0),
        (3, 180, 85.06, JULY + 3, 1, 1, 1, 0, 1, 0, 5_000, 0, 15, 3),
    ]
    many = [
        (n, 36.5 + n * 7919 % 1200 / 1000, 48 + n * 104_729 % 600 / 1000, JULY + n * 7 // 500, 1 + (n % 50 == 0) * 3,
         n % 2, n % 3 - 1, n % 2, n % 2, 0, 10 * (1 + n % 4), n % 7 // 6, n % 16, n % 4)
        for n in range(500)
    ]  # fmt: skip
    return {
        "nothing": encode(rows(), DICTIONARY),
        "three on one spot, by their ids": encode(rows(*crowd), DICTIONARY),
        "the ends of the world, long ago, a month": encode(rows(*dated), DICTIONARY),
        "a road": encode(rows(dated[0]), DICTIONARY, {(0, 1): ROAD}),
        "the first day of the calendar, until the last": encode(
            rows((1, 37.1, 48.2, FIRST, LAST - FIRST + 1, *REST)), DICTIONARY
        ),
        "the last day of the calendar": encode(rows((1, 37.1, 48.2, LAST, 1, *REST)), DICTIONARY),
        "five hundred": encode(rows(*many), DICTIONARY),
    }


def columns_as_json(columns: Columns) -> dict[str, Any]:
    """Returns the content of encoded columns as JSON values."""
    return {
        "count": len(columns),
        **{name: getattr(columns, name).tolist() for name in NAMES},
        "shapes": [{"row": row, "id": id_, "geometry": shape} for row, (id_, shape) in columns.shapes.items()],
    }


def main() -> None:
    """Writes the vectors."""
    written = [
        {"about": about, "blob": base64.b64encode(blob).decode(), "columns": columns_as_json(decode(blob))}
        for about, blob in vectors().items()
    ]
    FILE.write_text(json.dumps(written, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
