"""Run chapters of measurements; all of them when none is named. Ends with 1 when something is not reached."""

from __future__ import annotations

import sys

from bench import server, territory
from bench.report import tell

CHAPTERS = {"territory": territory.measure, "server": server.measure}


def main(asked: list[str]) -> int:
    """Measure, and tell."""
    unknown = [name for name in asked if name not in CHAPTERS]
    if unknown:
        sys.stderr.write(f"There is no chapter {unknown[0]}; there are {', '.join(CHAPTERS)}.\n")
        return 2
    reached = [tell(name, [*CHAPTERS[name]()]) for name in asked or CHAPTERS]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
