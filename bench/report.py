"""What a chapter measured, and how it is told."""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from rich.console import Console
from rich.table import Table

RESULTS: Final = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Measured:
    """One figure: what it is, its unit, and what is to be reached, at most or at least; None: nothing was said."""

    what: str
    value: float
    unit: str
    reach: float | None = None
    kind: Literal["at most", "at least"] = "at most"

    @property
    def reached(self) -> bool | None:
        """Whether it is as it should be."""
        if self.reach is None:
            return None
        return self.value <= self.reach if self.kind == "at most" else self.value >= self.reach


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """Time something several times."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def spread(what: str, taken: Sequence[float], reach: float | None = None) -> list[Measured]:
    """Give the median and the 95th percentile of some times."""
    return [
        Measured(f"{what}, median", statistics.median(taken), "ms"),
        Measured(f"{what}, 95th percentile", sorted(taken)[max(0, round(0.95 * len(taken)) - 1)], "ms", reach),
    ]


def tell(chapter: str, rows: Sequence[Measured]) -> bool:
    """Write a chapter's table, and say whether all is reached."""
    table = Table(title=chapter, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("to reach", justify="right")
    table.add_column("")
    for row in rows:
        target = "" if row.reach is None else f"{row.kind} {_number(row.reach)}"
        mark = {None: "", True: "yes", False: "NO"}[row.reached]
        table.add_row(row.what, f"{_number(row.value)} {row.unit}", target, mark)
    Console(highlight=False, soft_wrap=True).print(table)
    return all(row.reached is not False for row in rows)


def keep(chapter: str, rows: Sequence[Measured]) -> None:
    """Write a chapter's figures to `bench/results/<chapter>.json`, with the day and the kind of machine."""
    RESULTS.mkdir(exist_ok=True)
    told = {
        "chapter": chapter,
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, no GPU",
        "load": [round(load, 1) for load in os.getloadavg()],
        "measured": [{**asdict(row), "reached": row.reached} for row in rows],
    }
    (RESULTS / f"{chapter}.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", "\u202f")
