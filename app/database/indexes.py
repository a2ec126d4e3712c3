"""Drops the indexes and keys of empty tables while they are filled, and creates them afterwards.

Only the owner of the tables can do this, and nobody can read them meanwhile. Triggers stay, and so
do keys that other tables refer to. A foreign key that is created again is checked for every row.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from app.database.base import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Cursor

_MEMORY: Final = "256MB"

# Statements that drop and create: foreign keys, then keys that none refers to, then indexes.
_DROP_AND_CREATE: Final = """
    SELECT rel.relname, con.contype = 'f' AS is_foreign_key,
        format('ALTER TABLE %%I.%%I DROP CONSTRAINT %%I', nsp.nspname, rel.relname, con.conname) AS drop_statement,
        format('ALTER TABLE %%I.%%I ADD CONSTRAINT %%I %%s', nsp.nspname, rel.relname, con.conname,
            pg_get_constraintdef(con.oid)) AS create_statement
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
def indexes_created_at_end(cursor: Cursor[Any], tables: Sequence[str]) -> Iterator[None]:
    """Drops indexes and keys of tables, and creates them when the block ends, in its transaction.

    Args:
        cursor: of a connection as the owner.
        tables: in the order in which their indexes are created. Deferred constraints are checked
            before the indexes of the last table, which may have rows that deferred triggers change.
    """
    dropped = cursor.execute(_DROP_AND_CREATE, {"schema": SCHEMA, "tables": list(tables)}).fetchall()
    for _, _, drop, _ in dropped:
        cursor.execute(drop)
    yield
    cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", (_MEMORY,))
    for table in tables:
        if table == tables[-1]:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, is_foreign_key, _, create in dropped:
            if name == table and not is_foreign_key:
                cursor.execute(create)
        # The foreign key checks below must be planned for the real number of rows.
        cursor.execute(f"ANALYZE {SCHEMA}.{table}")
    for _, is_foreign_key, _, create in dropped:
        if is_foreign_key:
            cursor.execute(create)
