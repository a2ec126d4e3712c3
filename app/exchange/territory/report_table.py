"""Terminal output of an import of areas: a progress bar, and a table of the outcomes of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.exchange.report_table import format_count
from app.exchange.territory.importing import find_files
from app.parsing.bidi import terminal_text

if TYPE_CHECKING:
    from app.exchange.territory.importing import Advance, TerritoryReport

# The order of the outcomes; those that did not occur are left out.
_OUTCOMES: Final = (
    ("added", "assessments added"),
    ("updated", "assessments changed, and updated"),
    ("observed", "same areas as before: no new assessment"),
    ("unchanged", "already imported, unchanged"),
    ("changed", "already imported with other areas, not updated (use --update)"),
    ("refused", "files refused"),
)
_LISTED: Final = 20


@contextmanager
def file_progress(given: Sequence[Path]) -> Iterator[Advance]:
    """Shows a progress bar of the number of files; shows nothing unless stderr is a terminal.

    Raises:
        ImportFailed: there are no files.
    """
    files = find_files(given)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("files", total=len(files))
        yield lambda file: progress.update(task, advance=1, description=file.name)


def print_report(report: TerritoryReport, *, public: bool) -> None:
    """Prints the outcome of the files."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    table.add_row(format_count(report.files), "files read:")
    for key, words in _OUTCOMES:
        if report.outcomes[key]:
            table.add_row(format_count(report.outcomes[key]), words)
    for words, count in report.notes.most_common():
        table.add_row(format_count(count), words)
    for (name, why), (times, km2) in sorted(report.left_out.items(), key=lambda one: -one[1][1]):
        table.add_row(
            format_count(times), f"left out, {why}: {name} ({_km2(km2 / times)} each time)".replace("[", r"\[")
        )
    console.print(table)
    _list(console, [f"{file}: {reason}" for file, reason in report.refused], "Refused:")
    _list(console, [str(file) for file in report.changed], "Areas differ from the database:")
    repairs = [f"{file.name}: {shapes}, by {_km2(km2)} in all" for file, shapes, km2 in report.repaired]
    _list(console, repairs, "Shapes repaired:")
    for assessor, count in report.assessors.most_common():
        added = report.history_bytes.get(assessor, 0)
        console.print(
            f"{assessor}: {format_count(count)} in these files; {format_count(added)} bytes more for browsers to load.",
            markup=False,
        )
    if not public and report.outcomes["added"]:
        console.print("The added assessments are drafts, not public. Use --public to publish them.", markup=False)


def _list(console: Console, lines: Sequence[str], heading: str) -> None:
    if lines:
        console.print(heading, markup=False)
    for line in lines[:_LISTED]:
        console.print(f"  {terminal_text(line)}", markup=False)
    if len(lines) > _LISTED:
        console.print(f"  and {format_count(len(lines) - _LISTED)} more", markup=False)


def _km2(km2: float) -> str:
    return f"{km2:.0f} km²" if km2 >= 10 else f"{km2:.2g} km²"
