"""A pytest plugin that writes the figures of the long checks: tests, generated cases and seconds of
each file.
"""

from __future__ import annotations

import json
import os
import platform
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.settings import PROJECT_DIRECTORY
from tests.sampling import EXAMPLES

if TYPE_CHECKING:
    import pytest

RESULTS = PROJECT_DIRECTORY / "bench" / "results" / "long.json"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the figures, and writes them to `bench/results/long.json`."""
    files: dict[str, dict[str, Any]] = defaultdict(lambda: {"tests": 0, "cases": 0, "failed": 0, "seconds": 0.0})
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            figures = files[report.nodeid.partition("::")[0]]
            figures["tests"] += 1
            figures["cases"] += dict(report.user_properties).get("cases", 1)
            figures["failed"] += outcome != "passed"
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and (file := report.nodeid.partition("::")[0]) in files:
                files[file]["seconds"] += report.duration
    ordered = {file: files[file] | {"seconds": round(files[file]["seconds"], 1)} for file in sorted(files)}
    total = {
        name: round(sum(one[name] for one in ordered.values()), 1) for name in ("tests", "cases", "failed", "seconds")
    }
    written = {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "examples of each generated case": int(os.environ.get(EXAMPLES, "0")),
        "total": total,
        "files": ordered,
    }
    RESULTS.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    terminalreporter.section("long checks")
    for file, figures in ordered.items():
        terminalreporter.line("{tests:5} tests {cases:8} cases {seconds:8.1f} s  ".format(**figures) + file)
    terminalreporter.line(f"{total} in {RESULTS.relative_to(PROJECT_DIRECTORY)}")
