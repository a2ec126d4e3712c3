"""Writes the test vectors that Python and the browser both read.

Usage: `python -m tests.geo.line_history_vectors`
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from app.geo.line_history import LineHistory
from app.geo.line_history_writer import HistoryWriter
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from app.geo.line_history import Area
    from app.geo.rings import Ring

FILE = PROJECT_DIRECTORY / "tests" / "js" / "vectors" / "line-history.json"

Drawn = list[tuple[int, list[list[list[list[int]]]]]]
Days = list[tuple[int, int, Drawn, int | None]]

SQUARE = [[3_700_000, 4_800_000], [3_720_000, 4_800_000], [3_720_000, 4_820_000], [3_700_000, 4_820_000]]
HOLE = [[3_705_000, 4_805_000], [3_705_000, 4_810_000], [3_710_000, 4_810_000]]
MOVED = [*SQUARE[:2], [3_721_000, 4_821_000], SQUARE[3]]
LONG = [[3_700_000 + 100 * n, 4_800_000 + n * n % 37] for n in range(80)]
JULY = 1_752_869_284_000  # 18 July 2025, 20:08:04 UTC
DAY = 86_400_000


def vectors() -> dict[str, list[Days]]:
    """Returns histories by a description; each is a list of blocks."""
    return {
        "nothing at all": [[]],
        "a day without areas": [[(JULY, 1, [], None)]],
        "a square with a hole, and a second polygon": [[(JULY, 3, [(0, [[SQUARE, HOLE], [MOVED]])], None)]],
        "a vertex that moves, and the same day again": [
            [
                (JULY, 1, [(0, [[SQUARE]])], None),
                (JULY + DAY, 1, [(0, [[MOVED]])], None),
                (JULY + 2 * DAY, 1, [(0, [[SQUARE]])], None),
            ]
        ],
        "a ring that begins elsewhere, and one that runs the other way": [
            [
                (JULY, 5, [(0, [[LONG]])], None),
                (JULY + DAY, 5, [(0, [[[*LONG[50:], *LONG[:50]]]]), (4, [[LONG[60:10:-1]]])], None),
            ]
        ],
        "west and south of nothing, and steps over the half world": [
            [(-1000, 63, [(11, [[[[-17_999_999, -8_999_999], [17_999_999, 8_999_999], [0, 0]]]])], None)]
        ],
        "a ring twice on a day, and vertices that repeat": [
            [(0, 1, [(0, [[SQUARE]]), (2, [[SQUARE]]), (1, [[[SQUARE[0]] * 3 + SQUARE]])], None)]
        ],
        "a second block, whose day lies before those of the first": [
            [(JULY, 1, [(0, [[LONG]])], None), (JULY + DAY, 1, [(0, [[LONG[:40]]])], None)],
            [(JULY - DAY, 1, [(0, [[[*LONG[:30], [3_703_050, 4_799_990], *LONG[30:]]]])], 0)],
        ],
    }


def _areas(drawn: Drawn) -> list[Area]:
    return [(kind, [[np.array(ring, dtype=np.int32) for ring in part] for part in parts]) for kind, parts in drawn]


def _edges(areas: list[Area]) -> list[NDArray[np.uint8] | None]:
    """Returns kinds of edges for the rings of the first two kinds of areas."""
    return [
        (np.arange(len(ring), dtype=np.uint8) // 2 + 1) % 3 if kind < 2 else None
        for kind, polygons in areas
        for polygon in polygons
        for ring in polygon
    ]


def _runs(history: LineHistory, day: int) -> list[list[int]]:
    return [[*history.edges(ring)] for ring, _ in history.days[day].entries]


def _plain(areas: Sequence[tuple[int, list[list[Ring]]]]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "polygons": [[ring.tolist() for ring in polygon] for polygon in polygons]}
        for kind, polygons in areas
    ]


def make() -> list[dict[str, Any]]:
    """Encodes each history and describes its content."""
    made = []
    for about, parts in vectors().items():
        blocks: list[bytes] = []
        for days in parts:
            writer = HistoryWriter(LineHistory(*blocks))
            for moment, covers, drawn, like in days:
                areas = _areas(drawn)
                writer.add(moment, covers, areas, like=like, edges=_edges(areas))
            blocks.append(writer.block())
        history = LineHistory(*blocks)
        days_as_json = [
            {
                "moment_ms": day.moment_ms,
                "covers": day.covers,
                "areas": _plain(history.areas(number)),
                "runs": _runs(history, number),
            }
            for number, day in enumerate(history.days)
        ]
        for day, (_, _, drawn, _) in zip(days_as_json, [day for days in parts for day in days], strict=True):
            assert day["areas"] == _plain(_areas(drawn))  # type: ignore[arg-type] # lists are sequences
        made.append({"about": about, "blocks": [block.hex() for block in blocks], "days": days_as_json})
    return made


if __name__ == "__main__":
    FILE.write_text(json.dumps(make()) + "\n", "utf-8")
