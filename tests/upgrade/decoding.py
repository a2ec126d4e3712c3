"""Decodes event columns and line histories with the code of one checkout: old and new bytes are
compared by rows.

The test imports the functions. `scripts/upgrade_dump` runs this file as a program with the older
checkout first on PYTHONPATH: `python decoding.py columns|history FILE...` writes the decoded rows
as JSON to standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.geo.event_columns import decode
from app.geo.line_history import LineHistory

_WORDS = ("category", "actor", "affected", "verification", "time_precision")


def decode_columns(blobs: list[bytes]) -> list[dict[str, Any]]:
    """Returns the rows of some parts of the event columns, in the order of the bytes."""
    rows = []
    for columns in map(decode, blobs):
        for row in range(len(columns)):
            identifier, geometry = columns.shapes.get(row, (None, None))
            rows.append(
                {
                    "day": columns.iso_day(row),
                    "days": int(columns.days[row]),
                    "x": int(columns.x[row]),
                    "y": int(columns.y[row]),
                    "precision_m": int(columns.precision_m[row]),
                    "id": identifier,
                    "geometry": geometry,
                }
                | {name: columns.word(name, row) for name in _WORDS}
            )
    return rows


def decode_history(blobs: list[bytes]) -> list[dict[str, Any]]:
    """Returns the days of a line's history, each with its areas as rings of whole 1e-5 degrees."""
    history = LineHistory(*blobs)
    return [
        {
            "moment_ms": day.moment_ms,
            "covers": day.covers,
            "areas": [
                [kind, [[ring.tolist() for ring in polygon] for polygon in polygons]]
                for kind, polygons in history.areas(number)
            ],
        }
        for number, day in enumerate(history.days)
    ]


DECODERS = {"columns": decode_columns, "history": decode_history}

if __name__ == "__main__":
    json.dump(DECODERS[sys.argv[1]]([Path(name).read_bytes() for name in sys.argv[2:]]), sys.stdout)
