"""Run chapters of measurements; all of them when none is named. Ends with 1 when something is not
reached.

What was measured is told, and kept in `bench/results/`.
"""

from __future__ import annotations

import sys

from bench import accounts, million, near, search, server, territory
from bench.report import Measured, keep, tell

CHAPTERS = {
    "territory": territory.measure,
    "near": near.measure,
    "accounts": accounts.measure,
    "million": million.measure,
    "search": search.measure,
    "server": server.measure,
}


def main(asked: list[str]) -> int:
    """Measure, and tell."""
    unknown = [name for name in asked if name not in CHAPTERS]
    if unknown:
        sys.stderr.write(f"There is no chapter {unknown[0]}; there are {', '.join(CHAPTERS)}.\n")
        return 2
    reached = []
    for name in asked or CHAPTERS:
        rows: list[Measured] = []
        for row in CHAPTERS[name]():
            rows.append(row)
            keep(name, rows)  # as it stands: a run that is broken off has not been for nothing
        reached.append(tell(name, rows))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
