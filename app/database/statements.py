"""Reads long SQL statements from `*.sql` files, and fills in the fields that they name.

A file says `/*fields list event.public e*/` where it needs the columns of a kind, so that a field
is described in `app/fields` alone. The forms:

    list      e.title, e.description    columns of the table, with the prefix if there is one
    quoted    'title', 'description'    the same as texts
    define    title text NOT NULL, …    as columns of a temporary table
    assign    title = s.title, …        for SET, from the prefix

After the record comes an attribute of `Field`, which must be true, or have the value after `=`.

`/*dates starts ends*/` stands for the rule of dates (`app/fields/happened.py`), and
`/*future starts*/` for the condition that a start is in the future. `/*null_island shape*/` stands
for the rule of 0, 0 (`app/geo/null_island.py`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from app.fields import CLAIM, EVENT, SOURCE, SQL_TYPES, Field
from app.fields.happened import sql_future, sql_rule
from app.geo.null_island import sql_null_island

_MARKER: Final = re.compile(r"/\*fields (\w+) (\w+)\.(\w+)(?:=(\w+))?(?: (\w+))?\*/")
_DATES: Final = re.compile(r"/\*(dates|future) ([\w.]+)(?: ([\w.]+))?\*/")
_NULL_ISLAND: Final = re.compile(r"/\*null_island ([\w.]+)\*/")
_RECORDS: Final = {fields.record: fields for fields in (EVENT, SOURCE, CLAIM)}


@cache
def read_statement(directory: Path, name: str) -> str:
    """Reads the statement `sql/<name>.sql` next to a module.

    Args:
        directory: the folder of the calling module, `Path(__file__).parent`.
        name: the file's name without its ending.

    Raises:
        KeyError, ValueError: the file names a record or a form that does not exist.
    """
    return fill_in_fields((directory / "sql" / f"{name}.sql").read_text("utf-8"))


def fill_in_fields(sql: str) -> str:
    """Replaces the markers of a statement with the fields and rules that they name."""
    sql = _NULL_ISLAND.sub(lambda marker: sql_null_island(marker[1]), sql)
    return _DATES.sub(_fill_dates, _MARKER.sub(_fill_marker, sql))


def _fill_dates(marker: re.Match[str]) -> str:
    which, start, end = marker.groups()
    return sql_rule(start, end) if which == "dates" else sql_future(start)


def _fill_marker(marker: re.Match[str]) -> str:
    form, record, attribute, value, prefix = marker.groups()
    fields = _RECORDS[record].having(stored=True, **{attribute: True if value is None else value})
    match form:
        case "list":
            parts = [f"{prefix}.{field.name}" if prefix else field.name for field in fields]
        case "quoted":
            parts = [f"'{field.name}'" for field in fields]
        case "define":
            parts = [_definition(field) for field in fields]
        case "assign":
            parts = [f"{field.name} = {prefix}.{field.name}" for field in fields]
        case _:
            raise ValueError(f"{marker[0]}: there is no form {form}")
    return ", ".join(parts)


def _definition(field: Field) -> str:
    return f"{field.name} {SQL_TYPES[field.type]}{'' if field.null else ' NOT NULL'}"
