"""Bringing the schema to a revision: roles first, then the tables, then what the public may see.

The public views are not part of the dated versions: they always are those of `sql/public.sql`. They are dropped before
a migration and made anew after it, inside its transaction, so that no reader ever misses them. So are the functions of
`sql/guards.sql` and `sql/two_persons.sql`, which hold to what must be so whoever writes, whose triggers are made where
they are missing, and the triggers of `sql/stale.sql` and `sql/derived.sql`, which keep what is derived from public
events in step.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from app.database import locks
from app.database.base import SCHEMA
from app.database.statements import read_statement
from app.settings import PROJECT_DIRECTORY

_HERE = Path(__file__).parent
_Move = Callable[[Config], None]

_PUBLIC_VIEWS = text("""
    SELECT format('%I.%I', schemaname, viewname)
    FROM pg_views WHERE schemaname = :schema AND viewname LIKE 'public\\_%'
""")


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


def upgrade(url: str, revision: str = "head") -> str | None:
    """Bring the database up to a revision, and its public views to those of this code.

    Args:
        url: the database as its owner, or as a superuser on a server that has no roles of ours yet.
        revision: where to go; the newest by default.

    Returns:
        The revision the database had before; None when it was empty.
    """
    return _move(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> str | None:
    """Bring the database down to an earlier revision; the `upgrade` of the code that fits it brings its views back."""
    return _move(url, lambda config: command.downgrade(config, revision))


def _move(url: str, move: _Move) -> str | None:
    engine = create_engine(url, connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"})
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.MIGRATION})
            _prepare(connection)
            before = current_revision(connection)
            for view in connection.scalars(_PUBLIC_VIEWS, {"schema": SCHEMA}).all():
                connection.execute(text(f"DROP VIEW IF EXISTS {view} CASCADE"))
            move(alembic_config(connection))
            if current_revision(connection) == head_revision():
                _run_script(connection, "guards")
                _run_script(connection, "two_persons")
                _run_script(connection, "public")
                _run_script(connection, "stale")
                _run_script(connection, "derived")
            return before
    finally:
        engine.dispose()


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
