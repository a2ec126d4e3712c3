"""Reads every row of every table of the schema, and compares two readings by primary key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg import sql

SCHEMA: Final = "frontline"

# Derived tables, which an upgrade may rebuild: their rows are not compared. Their content is
# compared through the public responses.
DERIVED: Final = {
    "alembic_version": "the revision of the schema: an upgrade changes it",
    "event_columns_part": "bytes for browsers, rebuilt when format or public view change; compared decoded",
    "event_columns_stale": "days whose parts must be rebuilt",
    "event_columns_watch": "up to when ended embargoes were looked for",
    "event_point": "points of public events for tiles; compared by tiles and histograms",
    "event_shape": "shapes of public events for tiles; compared by tiles",
    "event_tally": "counts of public events by cell and day; compared by tiles and histograms",
    "event_tally_change": "changes that are not in the counts yet",
    "line_history_part": "bytes for browsers; compared decoded",
}

Row = dict[str, str | None]
Key = tuple[str | None, ...]
Tables = dict[str, dict[Key, Row]]

_TABLES: Final = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),
        coalesce((
            SELECT array_agg(k.attname::text ORDER BY k.attnum)
            FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary
        ), '{}')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'
    GROUP BY c.oid, c.relname
    ORDER BY c.relname
"""


def read_tables(connection: psycopg.Connection[Any]) -> Tables:
    """Reads all tables: rows by primary key, values as PostgreSQL writes them as text (geometry as
    hexadecimal EWKB).
    """
    with connection.transaction():
        connection.execute("SET LOCAL timezone = 'UTC'")
        connection.execute("SET LOCAL extra_float_digits = 1")
        return {
            table: _read_table(connection, table, columns, key)
            for table, columns, key in connection.execute(_TABLES, [SCHEMA]).fetchall()
        }


def _read_table(connection: psycopg.Connection[Any], table: str, columns: list[str], key: list[str]) -> dict[Key, Row]:
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    query = sql.SQL("SELECT {} FROM {}").format(texts, sql.Identifier(SCHEMA, table))
    rows = [dict(zip(columns, row, strict=True)) for row in connection.execute(query).fetchall()]
    return {tuple(row[column] for column in key or columns): row for row in rows}


def row_differences(before: Tables, after: Tables) -> Iterator[str]:
    """Yields a line for each difference in the tables and columns that existed before: table, key,
    column, values.

    New tables and new columns are no difference. An added row is one, because an upgrade must not
    add rows by itself.
    """
    for table, old_rows in before.items():
        if table in DERIVED:
            continue
        if table not in after:
            yield f"{table}: the table is missing"
            continue
        new_rows = after[table]
        for key in new_rows.keys() - old_rows.keys():
            yield f"{table} {_named(key)}: the row was added: {new_rows[key]}"
        for key, old in old_rows.items():
            if key not in new_rows:
                yield f"{table} {_named(key)}: the row is missing; before {old}"
                continue
            for column, value in old.items():
                if column not in new_rows[key]:
                    yield f"{table}.{column} {_named(key)}: before {value!r}, after: the column is missing"
                elif new_rows[key][column] != value:
                    yield f"{table}.{column} {_named(key)}: before {value!r}, after {new_rows[key][column]!r}"


def _named(key: Key) -> str:
    return f"({', '.join(map(str, key))})"
