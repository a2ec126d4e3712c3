"""Lists the rows that are older than a rule and break it: the rule of dates
(`app/fields/happened.py`) and the rule of 0, 0 (`app/geo/null_island.py`).
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, create_engine, text

from app.database.connections import connect_arguments
from app.database.statements import read_statement

if TYPE_CHECKING:
    from sqlalchemy import Row

_HERE: Final = Path(__file__).parent
# Rows of each table that are listed; the others are counted.
MOST_LISTED: Final = 20
_LONGEST_TITLE: Final = 60
_DATES: Final = "dates that are not allowed: kept, but not public."
_AT_DESK: Final = "Correct or withdraw them at the desk: /desk/events/{id}."
# By kind: what is listed, what is wrong with it, and what to do.
_FAULTS: Final = {
    "event": ("event", f"{_DATES} {_AT_DESK}"),
    "submission": (
        "submission",
        f"{_DATES} Correct their dates when you accept them, or reject them: /desk/submissions/{{id}}.",
    ),
    "assessment": ("assessment", f"{_DATES} Import their files again with --valid-from."),
    "null_island": ("event", f"the place 0, 0, which means that it was not known: kept, but not public. {_AT_DESK}"),
}


def describe_rows_to_correct(connection: Connection) -> list[str]:
    """Describes the rows that break a rule: for each kind their number and what to do, then a line
    for each of the first rows.

    Args:
        connection: of a database at the newest revision.
    """
    rows = connection.execute(text(read_statement(_HERE, "rows_to_correct")), {"most": MOST_LISTED})
    lines = []
    for kind, found in groupby(rows, key=lambda row: row.kind):
        listed = list(found)
        total = listed[0].total
        noun, fault = _FAULTS[kind]
        lines.append(f"{total} {noun}{'' if total == 1 else 's'} with {fault}")
        lines += [f"  {_describe_row(row)}" for row in listed]
        if total > len(listed):
            lines.append(f"  and {total - len(listed)} more")
    return lines


def read_rows_to_correct(url: str) -> list[str]:
    """Returns what `describe_rows_to_correct` says about a database, as any role that may read its
    rows.

    Returns nothing for a database of a version without the rule.
    """
    marked = text("SELECT FROM pg_attribute WHERE attrelid = to_regclass('frontline.event') AND attname = 'misdated'")
    engine = create_engine(url, connect_args=connect_arguments())
    try:
        with engine.connect() as connection:
            return describe_rows_to_correct(connection) if connection.execute(marked).first() is not None else []
    finally:
        engine.dispose()


def _describe_row(row: Row[*tuple[Any, ...]]) -> str:
    # A title may contain control characters, which a terminal would obey.
    title, origin = (
        "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in written or "")
        for written in (row.title, row.origin)
    )
    title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    days = " to ".join(day.removesuffix(" AD") for day in (row.first_day, row.end_day) if day)
    return f"{row.id}  {origin}  {days}  {title}".rstrip()
