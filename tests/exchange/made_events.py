"""Writes a file of generated events: links of one post in several spellings, rows that are refused,
and a duplicate row.
"""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: Final = ("src", "id", "date", "lat", "lon", "side", "place", "category", "text", "urls", "licence")
ORDINARY: Final = 60
NEAR_ZVIROVE: Final = ((48.2500, 37.1290), (48.2530, 37.1240), (48.2470, 37.1330))
REFUSED: Final = 5
# The number of rows that share one post.
ON_ONE_POST: Final = 5
# Every second row spells the same link differently.
SPELLINGS: Final = ("https://x.com/example/status/{}", "https://twitter.com/Example/status/{}?s=20")


def write_events(path: Path) -> Path:
    """Writes the file, compressed with gzip, and returns its path."""
    rows = [_row(number, 47.9 + 0.01 * number, 37.3 + 0.01 * number) for number in range(ORDINARY)]
    rows += [
        _row(100 + number, latitude, longitude) | {"date": "2025-07-21"}
        for number, (latitude, longitude) in enumerate(NEAR_ZVIROVE)
    ]
    # 48.25 without its first digit.
    rows[10:10] = [_row(200 + number, 8.25, 37.1) for number in range(REFUSED)]
    rows.append(rows[3])
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _row(number: int, latitude: float, longitude: float) -> dict[str, str]:
    post = 1 if number < ON_ONE_POST else number // 2
    urls = [SPELLINGS[number % 2].format(7_000 + post)]
    if number == 20:  # a post that only members of a channel can open
        urls.append("https://t.me/c/123456/7")
    return {
        "src": "made-up",
        "id": f"made-{number}",
        "date": f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "lat": f"{latitude:.5f}",
        "lon": f"{longitude:.5f}",
        "side": ("ru", "ua")[number % 2],
        "place": "",
        "category": "",
        "text": "A vehicle was hit\nnear the road" if number % 7 == 0 else f"A vehicle was hit, number {number}",
        "urls": " ".join(urls),
        "licence": "test data",
    }
