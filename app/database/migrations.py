"""Bringing the schema to a revision: roles first, then the tables, then what the public may see.

The public views are not part of the dated versions: they always are those of `sql/public.sql`. They are dropped before
a migration and made anew after it, inside its transaction, so that no reader ever misses them. So are the functions of
`sql/guards.sql` and `sql/two_persons.sql`, which hold to what must be so whoever writes, whose triggers are made where
they are missing, and the triggers of `sql/stale.sql` and `sql/derived.sql`, which keep what is derived from public
events in step.

To make them anew takes locks that nobody else may hold. A start that finds all as the last one left it takes none.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from app.database import locks
from app.database.base import SCHEMA
from app.database.statements import read_statement
from app.settings import PROJECT_DIRECTORY

_HERE = Path(__file__).parent
_Move = Callable[[Config], None]

_PUBLIC_VIEWS = text("""
    SELECT format('%I.%I', schemaname, viewname)
    FROM pg_views
    WHERE schemaname = :schema AND (viewname LIKE 'public\\_%' OR viewname = 'released_event')
""")

# Functions whose bodies the database keeps parsed: one that takes a row keeps its table from being altered.
_PARSED_FUNCTIONS = text("""
    SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc
    WHERE pronamespace = to_regnamespace(:schema) AND prosqlbody IS NOT NULL
""")

_SCRIPTS: Final = ("guards", "two_persons", "public", "stale", "derived")
# Readers may hold what is dropped here, and want what was: the database ends one of the two.
_DEADLOCK: Final = "40P01"
_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.2


def alembic_config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration; `migrations/env.py` runs over the connection that it carries."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT_DIRECTORY / "migrations"))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Give the newest revision of the schema that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def current_revision(connection: Connection) -> str | None:
    """Give the revision of the schema in the database; None when it has none."""
    options = {"version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def upgrade(url: str, *, unless_current: bool = False) -> str | None:
    """Bring the database up to the newest revision, and its public views and guards to those of this code.

    Args:
        url: the database as its owner, or as a superuser on a server that has no roles of ours yet.
        unless_current: leave all as it is where this code has been before and nothing was changed since.

    Returns:
        The revision the database had before; None when it was empty.
    """
    return _move(url, lambda config: command.upgrade(config, "head"), unless_current=unless_current)


def downgrade(url: str, revision: str) -> str | None:
    """Bring the database down to an earlier revision; the `upgrade` of the code that fits it brings its views back."""
    return _move(url, lambda config: command.downgrade(config, revision))


def _move(url: str, move: _Move, *, unless_current: bool = False) -> str | None:
    engine = create_engine(url, connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"})
    try:
        tries_left = _TRIES
        while True:
            try:
                with engine.begin() as connection:
                    return _moved(connection, move, unless_current=unless_current)
            except OperationalError as error:
                tries_left -= 1
                if not tries_left or getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
            time.sleep(_PAUSE_SECONDS)
    finally:
        engine.dispose()


def _moved(connection: Connection, move: _Move, *, unless_current: bool) -> str | None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.MIGRATION})
    if unless_current and _is_current(connection):
        return head_revision()
    _prepare(connection)
    before = current_revision(connection)
    for view in connection.scalars(_PUBLIC_VIEWS, {"schema": SCHEMA}).all():
        connection.execute(text(f"DROP VIEW IF EXISTS {view} CASCADE"))
    if functions := connection.scalar(_PARSED_FUNCTIONS, {"schema": SCHEMA}):
        connection.execute(text(f"DROP FUNCTION {functions}"))
    move(alembic_config(connection))
    if current_revision(connection) == head_revision():
        for name in _SCRIPTS:
            _run_script(connection, name)
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{_mark(connection)}'"))
    return before


def _is_current(connection: Connection) -> bool:
    """Tell whether this code made all as it is: neither its scripts nor what they made has changed."""
    marked = connection.scalar(
        text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')"), {"schema": SCHEMA}
    )
    return marked is not None and current_revision(connection) == head_revision() and marked == _mark(connection)


def _mark(connection: Connection) -> str:
    """Give what stands for the scripts of this code and for what is in the database, as a text."""
    scripts = hashlib.sha256("".join(read_statement(_HERE, name) for name in _SCRIPTS).encode()).hexdigest()[:16]
    connection.execute(text("SET LOCAL search_path TO pg_catalog"))  # by which definitions are spelled
    made = connection.scalar(text(read_statement(_HERE, "made")), {"schema": SCHEMA})
    return f"{scripts} {made}"


def _run_script(connection: Connection, name: str) -> None:
    """Run several statements at once, as they stand: without binds, the driver reads no `%` in them."""
    cursor = connection.connection.cursor()
    cursor.execute(read_statement(_HERE, name))
    cursor.close()


def _prepare(connection: Connection) -> None:
    """Make the roles and the schema where they are missing, and become the owner."""
    _run_script(connection, "roles")
    for extension in ("postgis", "pg_trgm", "unaccent", "btree_gist"):
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION frontline_owner"))
    connection.execute(text("SET LOCAL ROLE frontline_owner"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}, public"))
