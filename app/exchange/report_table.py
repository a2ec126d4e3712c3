"""Terminal output of an import: a progress bar, and a table of the outcomes of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.parsing.bidi import terminal_text

if TYPE_CHECKING:
    from collections import Counter

    from app.exchange.importing import Advance, Report

# The order of the outcomes; those that did not occur are left out.
_OUTCOMES: Final = (
    ("added", "added"),
    ("updated", "changed, and updated"),
    ("unchanged", "already imported, unchanged"),
    ("changed", "already imported, changed in the file, not updated (use --update)"),
    ("duplicate", "duplicate rows in the file"),
    ("refused", "refused"),
)


@contextmanager
def file_progress(files: Sequence[Path]) -> Iterator[Advance]:
    """Shows a progress bar of the files being read; shows nothing unless stderr is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks = {
            file: progress.add_task(file.name, total=file.stat().st_size if file.is_file() else None) for file in files
        }
        yield lambda file, read: progress.update(tasks[file], completed=read)


@contextmanager
def count_progress(total: int, what: str) -> Iterator[Callable[[int], object]]:
    """Shows a progress bar of a count; shows nothing unless stderr is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


def print_report(report: Report, *, public: bool) -> None:
    """Prints the outcome of the rows."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    table.add_row(format_count(report.rows), "rows read:")
    for key, words in _OUTCOMES:
        if report.outcomes[key]:
            table.add_row(format_count(report.outcomes[key]), words)
            if key == "refused":
                _add_details(table, report.refused)
    if report.published:
        table.add_row(format_count(report.published), "drafts of an earlier import published")
    if report.remarks or report.notes:
        table.add_row("", "")
        table.add_row("", "Accepted rows:")
        _add_details(table, report.remarks, suffix=" (listed)")
        _add_details(table, report.notes)
    console.print(table)
    console.print()
    origins = ", ".join(f"{origin} ({format_count(rows)})" for origin, rows in report.origins.most_common(10))
    console.print(f"Origins: {origins or 'none'}.", markup=False)
    for file, names in report.unknown.items():
        console.print(f"{file}: unknown names, not read: {', '.join(map(terminal_text, names))}.", markup=False)
    if not public and report.outcomes["added"]:
        console.print("The added events are drafts, not public. Use --public to publish them.", markup=False)
    for path, lines in report.lists.items():
        console.print(f"{format_count(lines)} lines in the list of refused and changed rows: {path}", markup=False)


def _add_details(table: Table, counted: Counter[str], suffix: str = "") -> None:
    for reason, count in counted.most_common():
        table.add_row("", f"  {format_count(count)}  {terminal_text(reason)}{suffix}".replace("[", r"\["))


def format_count(count: int) -> str:
    """Formats a number with thin spaces between thousands."""
    return f"{count:,}".replace(",", "\u202f")
