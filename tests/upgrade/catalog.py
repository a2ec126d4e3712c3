"""Reads what defines a schema (columns, constraints, indexes, functions, triggers, views, rights)
to compare two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import psycopg

# Each row is a name and a definition. The order of columns and the schema of an extension's types
# are ignored.
_DEFINITIONS: Final = """
    SELECT concat_ws(' ', 'column', c.relname, a.attname),
        concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
            pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'frontline'::regnamespace AND c.relkind IN ('r', 'v')
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT concat_ws(' ', 'relation', c.relname),
        concat_ws(' ', c.relkind, c.relpersistence, c.relowner::regrole,
            ARRAY(SELECT unnest(c.relacl)::text ORDER BY 1), c.reloptions,
            CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END)
    FROM pg_class c WHERE c.relnamespace = 'frontline'::regnamespace AND c.relkind IN ('r', 'v', 'S')
    UNION ALL
    SELECT concat_ws(' ', 'constraint', c.conrelid::regclass, c.conname),
        concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
    FROM pg_constraint c WHERE c.connamespace = 'frontline'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'index', i.indexrelid::regclass), concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'frontline'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'function', p.oid::regprocedure),
        concat_ws(' ', pg_get_functiondef(p.oid), p.proowner::regrole, ARRAY(SELECT unnest(p.proacl)::text ORDER BY 1))
    FROM pg_proc p WHERE p.pronamespace = 'frontline'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'trigger', t.tgrelid::regclass, t.tgname),
        concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'frontline'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT 'schema frontline', concat_ws(' ', n.nspowner::regrole, ARRAY(SELECT unnest(n.nspacl)::text ORDER BY 1))
    FROM pg_namespace n WHERE n.nspname = 'frontline'
"""


def read_catalog(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Returns the definition of everything in the schema `frontline`, by its kind and name."""
    with connection.transaction():
        connection.execute("SET LOCAL search_path TO pg_catalog")
        return {name: _spelled(name, definition) for name, definition in connection.execute(_DEFINITIONS).fetchall()}


def _spelled(name: str, definition: str) -> str:
    """Removes parentheses from conditions: PostgreSQL writes different ones after a dump is
    loaded.
    """
    return re.sub(r"[()]", "", definition) if name.startswith(("constraint ", "index ")) else definition
