"""Runs chapters of benchmarks; all of them if none is named. Exits with 1 if a target is missed.

Results are printed, and saved in `bench/results/`.
"""

from __future__ import annotations

import sys

from bench import accounts, first_line, front, imports, million, near, search, server, territory
from bench.report import Measurement, print_table, save_results

CHAPTERS = {
    "territory": territory.measure,
    "front": front.measure,
    "line": first_line.measure,
    "near": near.measure,
    "accounts": accounts.measure,
    "million": million.measure,
    "search": search.measure,
    "server": server.measure,
    "import": imports.measure,
}


def main(names: list[str]) -> int:
    """Runs the named chapters and prints their results."""
    unknown = [name for name in names if name not in CHAPTERS]
    if unknown:
        sys.stderr.write(f"There is no chapter {unknown[0]}; there are {', '.join(CHAPTERS)}.\n")
        return 2
    met = []
    for name in names or CHAPTERS:
        rows: list[Measurement] = []
        for row in CHAPTERS[name]():
            rows.append(row)
            save_results(name, rows)  # as it stands: a run that is broken off has not been for nothing
        met.append(print_table(name, rows))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
