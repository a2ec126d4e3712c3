"""Measurements of a chapter, and how they are printed and saved."""

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
class Measurement:
    """A measurement: name, value, unit, and a target that is a maximum or minimum; None: no
    target.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    kind: Literal["at most", "at least"] = "at most"

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.value <= self.target if self.kind == "at most" else self.value >= self.target


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """Measures several runs of a function."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def spread(name: str, taken: Sequence[float], target: float | None = None) -> list[Measurement]:
    """Returns the median and the 95th percentile of some times."""
    return [
        Measurement(f"{name}, median", statistics.median(taken), "ms"),
        Measurement(f"{name}, 95th percentile", sorted(taken)[max(0, round(0.95 * len(taken)) - 1)], "ms", target),
    ]


def print_table(chapter: str, rows: Sequence[Measurement]) -> bool:
    """Prints the table of a chapter, and returns whether all targets are met."""
    table = Table(title=chapter, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("to reach", justify="right")
    table.add_column("")
    for row in rows:
        target = "" if row.target is None else f"{row.kind} {_format(row.target)}"
        mark = {None: "", True: "yes", False: "NO"}[row.is_met]
        table.add_row(row.name, f"{_format(row.value)} {row.unit}", target, mark)
    Console(highlight=False, soft_wrap=True).print(table)
    return all(row.is_met is not False for row in rows)


def save_results(chapter: str, rows: Sequence[Measurement]) -> None:
    """Writes measurements, machine and load to `bench/results/<chapter>.json`."""
    machine = {
        "processors": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }
    figures = [
        {"what": row.name, "value": round(row.value, 4), "unit": row.unit}
        | ({} if row.target is None else {row.kind.replace(" ", "_"): row.target, "reached": row.is_met})
        for row in rows
    ]
    results = {"measured": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"), "machine": machine, "figures": figures}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{chapter}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


def format_number(value: float, digits: int = 0) -> str:
    """Formats a number with thin spaces between thousands."""
    return f"{value:,.{digits}f}".replace(",", "\u202f")


def _format(value: float) -> str:
    return format_number(value, 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2)
