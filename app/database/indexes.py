"""Filling tables that are empty: their indexes and keys are made at the end, of all rows at once.

Only the owner of the tables can, and nobody reads them meanwhile. Every trigger stays, and so do the keys that other
tables refer to; a foreign key that comes back is checked for every row.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from app.database.base import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Cursor

_MEMORY: Final = "256MB"

# What is taken from a table, and how it is made again: foreign keys, then keys that none refers to, then indexes.
_MADE_AGAIN: Final = """
    SELECT rel.relname, con.contype = 'f' AS refers,
        format('ALTER TABLE %%I.%%I DROP CONSTRAINT %%I', nsp.nspname, rel.relname, con.conname) AS take,
        format('ALTER TABLE %%I.%%I ADD CONSTRAINT %%I %%s', nsp.nspname, rel.relname, con.conname,
            pg_get_constraintdef(con.oid)) AS make
    FROM pg_constraint con
    JOIN pg_class rel ON rel.oid = con.conrelid
    JOIN pg_namespace nsp ON nsp.oid = rel.relnamespace
    WHERE nsp.nspname = %(schema)s AND rel.relname = ANY (%(tables)s)
        AND (con.contype = 'f' OR con.contype IN ('p', 'u') AND NOT EXISTS (
            SELECT FROM pg_constraint other WHERE other.contype = 'f' AND other.conindid = con.conindid
        ))
    UNION ALL
    SELECT rel.relname, false, format('DROP INDEX %%I.%%I', nsp.nspname, idx.relname), pg_get_indexdef(idx.oid)
    FROM pg_index ind
    JOIN pg_class idx ON idx.oid = ind.indexrelid
    JOIN pg_class rel ON rel.oid = ind.indrelid
    JOIN pg_namespace nsp ON nsp.oid = rel.relnamespace
    WHERE nsp.nspname = %(schema)s AND rel.relname = ANY (%(tables)s)
        AND NOT EXISTS (
            SELECT FROM pg_constraint con WHERE con.conindid = ind.indexrelid AND con.contype IN ('p', 'u', 'x')
        )
    ORDER BY 2 DESC, 3
"""


@contextmanager
def indexed_at_the_end(cursor: Cursor[Any], tables: Sequence[str]) -> Iterator[None]:
    """Take the indexes and keys of some tables away, and make them again when the block ends; all in its transaction.

    Args:
        cursor: of a connection as the owner.
        tables: their names, in the order in which their indexes are made. What is checked at the end of the transaction
            is checked before those of the last one, which may have rows that wait for it.
    """
    taken = cursor.execute(_MADE_AGAIN, {"schema": SCHEMA, "tables": list(tables)}).fetchall()
    for _, _, take, _ in taken:
        cursor.execute(take)
    yield
    cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", (_MEMORY,))
    for table in tables:
        if table == tables[-1]:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, refers, _, make in taken:
            if name == table and not refers:
                cursor.execute(make)
        # What is checked next must be planned for as many rows as there are.
        cursor.execute(f"ANALYZE {SCHEMA}.{table}")
    for _, refers, _, make in taken:
        if refers:
            cursor.execute(make)
