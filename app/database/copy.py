"""PostgreSQL's COPY: reads and writes rows, and escapes its text format. No other module runs
COPY.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import psycopg
    import sqlalchemy

NULL: Final = "\\N"

_SPECIAL: Final = re.compile(r"[\\\t\n\r]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ARRAY_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})


def copy_query(connection: sqlalchemy.Connection, query: sqlalchemy.Select[Any]) -> Iterator[bytes]:
    """Yields the rows of a query as chunks of COPY's binary format.

    psycopg adapts the bound values, not SQLAlchemy: they must be of types that psycopg knows.
    """
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    statement = f"COPY ({compiled}) TO STDOUT (FORMAT binary)"
    with driver.cursor() as cursor, cursor.copy(statement.encode(), compiled.construct_params()) as copy:
        yield from map(bytes, copy)


def copy_rows(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Inserts rows into a table; psycopg adapts their values.

    Args:
        connection: in a transaction of the caller.
        table: its name, with or without its schema.
        columns: of each value of a row.
        rows: any number of them; they are sent while they are produced.
    """
    with connection.cursor() as cursor, cursor.copy(_copy_from(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def copy_text(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], text: Iterable[str]) -> None:
    """Inserts rows that are already in COPY's text format, see `format_row`; otherwise like
    `copy_rows`.
    """
    with connection.cursor() as cursor, cursor.copy(_copy_from(table, columns)) as copy:
        for chunk in text:
            copy.write(chunk)


def format_row(values: Iterable[Any]) -> str:
    """Returns a row as a line of COPY's text format.

    This is faster than the driver's `write_row`, and needs no connection.

    Args:
        values: strings without NUL, integers, booleans, bytes, datetimes with a time zone, UUIDs,
            tuples of strings, or None.
    """
    return "\t".join([_FORMATTERS[type(value)](value) for value in values]) + "\n"


def _copy_from(table: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def _escape(value: str) -> str:
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value


def _format_array(values: Iterable[str]) -> str:
    quoted = ",".join(f'"{value.translate(_ARRAY_ESCAPES)}"' for value in values)
    return _escape(f"{{{quoted}}}")


_FORMATTERS: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: NULL,
    str: _escape,
    int: str,
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: f"\\\\x{value.hex()}",
    dt.datetime: dt.datetime.isoformat,
    uuid.UUID: str,
    tuple: _format_array,
}
