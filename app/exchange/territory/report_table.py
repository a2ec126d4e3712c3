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
# Names of features of one kind that were left out.
_EXAMPLES: Final = 3


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
    for words, found in report.remarks.items():
        table.add_row(format_count(len(found)), f"{words} (listed below)")
    for times, words in _left_out(report):
        table.add_row(format_count(times), terminal_text(words).replace("[", r"\["))
    if report.skipped:
        table.add_row(
            format_count(len(report.skipped)), "features skipped, which the map therefore lacks (listed below)"
        )
    console.print(table)
    _list(console, [f"{file}: {reason}" for file, reason in report.refused], "Refused:")
    _list(console, [f"{file}: {reason}" for file, reason in report.skipped], "Skipped features:", most=None)
    for words, found in report.remarks.items():
        _list(console, _by_file(found), f"{words[0].upper()}{words[1:]}:", most=None)
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


def _left_out(report: TerritoryReport) -> Iterator[tuple[int, str]]:
    """Yields a line for each reason why features were left out: their number, and the largest of
    their names. Files spell the name of one area in many ways.
    """
    by_reason: dict[str, list[tuple[float, int, str]]] = {}
    for (name, why), (times, km2) in report.left_out.items():
        by_reason.setdefault(why, []).append((km2, times, name))
    for why, found in by_reason.items():
        times, km2 = sum(one[1] for one in found), sum(one[0] for one in found)
        names = [name or "without a name" for _, _, name in sorted(found, key=lambda one: -one[0])]
        some = ", ".join(f"“{name}”" for name in names[:_EXAMPLES])
        spelled = f"{some} and {format_count(len(names) - _EXAMPLES)} other names" if len(names) > _EXAMPLES else some
        yield times, f"features left out, {why}: {spelled} ({_km2(km2 / times)} each on average)"


def _by_file(found: Sequence[tuple[Path, int, str]]) -> list[str]:
    """Returns a line for each file and detail, with the numbers of its features."""
    numbers: dict[tuple[Path, str], list[str]] = {}
    for file, number, detail in found:
        numbers.setdefault((file, detail), []).append(str(number))
    return [
        f"{file}: {'feature' if len(these) == 1 else 'features'} {', '.join(these)}: {detail}"
        for (file, detail), these in numbers.items()
    ]


def _list(console: Console, lines: Sequence[str], heading: str, *, most: int | None = _LISTED) -> None:
    """Prints lines under a heading; all of them if `most` is None."""
    if lines:
        console.print(heading, markup=False)
    for line in lines[:most]:
        console.print(f"  {terminal_text(line)}", markup=False)
    if most is not None and len(lines) > most:
        console.print(f"  and {format_count(len(lines) - most)} more", markup=False)


def _km2(km2: float) -> str:
    return f"{km2:.0f} km²" if km2 >= 10 else f"{km2:.2g} km²"
