"""Pages and scripts write days, moments, counts and distances alike, in every language."""

from __future__ import annotations

import datetime as dt
import json
import subprocess

import pytest

from app.pages.formats import format_day, format_days, format_distance, format_long_day, format_moment, format_number
from app.settings import PROJECT_DIRECTORY

DAYS = [dt.date(2025, month, 9) for month in range(1, 13)]
RANGES = [(dt.date(2025, 7, 15), dt.date(2025, 7, 21)), (dt.date(2025, 6, 28), dt.date(2025, 7, 4))]
COUNTS = [0, 999, 1000, 9999, 12904, 31448, 1234567, 2.5]
DISTANCES = [100, 999, 1000, 2500, 9999, 12000, 1297000]
SCRIPT = """
const { formatDay, formatMoment, formatRange, toDay } = await import("./static/js/time/day.js");
const { formatCount, formatDistance } = await import("./static/js/lib/numbers.js");
const { language, days, ranges, counts, distances } = JSON.parse(process.argv[1]);
const short = { month: "short" };
process.stdout.write(JSON.stringify([
  ...days.map((day) => formatDay(toDay(day), language)),
  ...days.map((day) => formatDay(toDay(day), language, short)),
  ...days.map((day) => formatMoment(Date.parse(`${day}T23:05:00Z`), language, short)),
  ...ranges.map(([from, to]) => formatRange({ from: toDay(from), to: toDay(to) + 1 }, language)),
  ...counts.map((count) => formatCount(count, language)),
  ...distances.map((distance) => formatDistance(distance, language)),
]));
"""


@pytest.mark.parametrize("language", ["en", "uk"])
def test_pages_and_scripts_write_alike(language: str) -> None:
    values = {
        "language": language,
        "days": [day.isoformat() for day in DAYS],
        "ranges": [[first.isoformat(), last.isoformat()] for first, last in RANGES],
        "counts": COUNTS,
        "distances": DISTANCES,
    }
    node = subprocess.run(
        ["scripts/with-tools", "node", "--input-type=module", "-e", SCRIPT, json.dumps(values)],
        cwd=PROJECT_DIRECTORY,
        capture_output=True,
        text=True,
        check=True,
    )
    late = [dt.datetime.combine(day, dt.time(23, 5), dt.UTC) for day in DAYS]
    assert json.loads(node.stdout) == [
        *(format_long_day(language, day) for day in DAYS),
        *(format_day(language, day) for day in DAYS),
        *(format_moment(language, moment) for moment in late),
        *(format_days(language, first, last) for first, last in RANGES),
        *(format_number(language, count) for count in COUNTS),
        *(format_distance(language, distance) for distance in DISTANCES),
    ]
