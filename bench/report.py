"""What a chapter measured, and how it is told."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table

from app.settings import PROJECT_DIRECTORY

RESULTS = PROJECT_DIRECTORY / "bench" / "results"


@dataclass(frozen=True)
class Measured:
    """One figure: what it is, its unit, and what is to be reached, at most or at least; None:
    nothing was said.
    """

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
    """Write what was measured, on what, and how busy that was, to
    `bench/results/<chapter>.json`.
    """
    machine = {
        "processors": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }
    figures = [
        {"what": row.what, "value": round(row.value, 4), "unit": row.unit}
        | ({} if row.reach is None else {row.kind.replace(" ", "_"): row.reach, "reached": row.reached})
        for row in rows
    ]
    told = {"measured": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"), "machine": machine, "figures": figures}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{chapter}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def spaced(value: float, digits: int = 0) -> str:
    """Write a number with a thin space between its thousands."""
    return f"{value:,.{digits}f}".replace(",", "\u202f")


def _number(value: float) -> str:
    return spaced(value, 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2)
