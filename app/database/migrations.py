"""Bringing the schema to a revision: roles first, then the tables, then the rules (functions, views, triggers, grants).

The rules are not part of the dated versions: they always are those of the scripts in `sql/`. They are dropped before a
migration and deployed whole after it, inside its transaction, so that no reader ever misses a view. While the versions
run there are no triggers: one that changes events says itself what becomes stale.

A deployment takes locks that nobody else may hold. A start that finds the rules as the last deployment left them takes
none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from app.database import locks
from app.database.base import SCHEMA
from app.database.cost import Cost, describe_cost
from app.database.deployment import (
    deploy_rules,
    drop_rules,
    expected_changes,
    is_deployed,
    last_deployment,
    run_script,
    server_version,
)
from app.database.rules import compare, describe_repairs, read_rules, summarize
from app.settings import PROJECT_DIRECTORY

Say = Callable[[str], None]
_Move = Callable[[Config], None]

# Readers may hold what is dropped here, and want what was: the database ends one of the two.
_DEADLOCK: Final = "40P01"
_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.2


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; `migrations/env.py` runs over the connection that it carries."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT_DIRECTORY / "migrations"))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Return the newest revision of the schema that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the schema in the database; None when it has none."""
    options = {"version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def pending_costs(revision: str | None) -> list[Cost]:
    """Return what the migrations after a revision cost, the oldest first; one that declares nothing costs nothing."""
    scripts = ScriptDirectory.from_config(alembic_config()).iterate_revisions("head", revision or "base")
    return [getattr(script.module, "COST", Cost()) for script in reversed([*scripts])]


def upgrade(
    url: str, *, unless_current: bool = False, say: Say = lambda _: None, free_bytes: int | None = None
) -> str | None:
    """Bring the database up to the newest revision, and its rules to those of this code.

    Args:
        url: the database as its owner, or as a superuser on a server that has no roles of ours yet.
        unless_current: leave all as it is where the live rules are those that this code deployed last.
        say: is told beforehand what pending migrations will cost, and afterwards what was done to the rules.
        free_bytes: on the disk of the database, where it is known.

    Returns:
        The revision the database had before; None when it was empty.

    Raises:
        DependentError: something outside the schema uses what must be replaced.
        OwnerError: something in the schema belongs to somebody else.
    """
    return _run(url, lambda config: command.upgrade(config, "head"), unless_current, say, free_bytes)


def downgrade(url: str, revision: str) -> str | None:
    """Bring the database down to an earlier revision; the `upgrade` of the code that fits it brings its rules back."""
    return _run(url, lambda config: command.downgrade(config, revision))


def _run(
    url: str, move: _Move, unless_current: bool = False, say: Say = lambda _: None, free_bytes: int | None = None
) -> str | None:
    engine = create_engine(url, connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"})
    announced: list[str] = []

    def announce(cost: str) -> None:
        if not announced:  # once, however often it is tried
            announced.append(cost)
            say(cost)

    try:
        tries_left = _TRIES
        while True:
            report: list[str] = []
            try:
                with engine.begin() as connection:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.MIGRATION})
                    before = current_revision(connection)
                    if unless_current and before == head_revision() and is_deployed(connection):
                        return before
                    if cost := _cost(connection, before, free_bytes):
                        announce(cost)
                    report = _moved(connection, move)
            except OperationalError as error:
                tries_left -= 1
                if not tries_left or getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
            else:
                for line in report:  # only now: what is not committed was not done
                    say(line)
                return before
            time.sleep(_PAUSE_SECONDS)
    finally:
        engine.dispose()


def _cost(connection: Connection, revision: str | None, free_bytes: int | None) -> str | None:
    """Describe what the pending migrations will cost; None when there are none, or no events."""
    if revision is None or revision == head_revision():
        return None
    events = connection.scalar(text(f"SELECT count(*) FROM {SCHEMA}.event"))  # noqa: S608 - our own name
    return describe_cost(pending_costs(revision), events, free_bytes) if events else None


def _moved(connection: Connection, move: _Move) -> list[str]:
    """Move to another revision and deploy the rules; return what was done to the rules, in lines."""
    _prepare(connection)
    revision = current_revision(connection)
    deployment = last_deployment(connection)
    before = read_rules(connection)
    drop_rules(connection)
    move(alembic_config(connection))
    if current_revision(connection) != head_revision():
        return []
    differences = compare(before, deploy_rules(connection))
    if revision is None:
        return []
    expected = expected_changes(
        differences, deployment, moved=revision != head_revision(), server=server_version(connection)
    )
    summary = summarize([one for one in differences if one.object in expected])
    return [
        *([f"The rules of this version of the program: {summary}."] if summary else []),
        *describe_repairs([one for one in differences if one.object not in expected]),
    ]


def _prepare(connection: Connection) -> None:
    """Make the roles and the schema where they are missing, and become the owner."""
    run_script(connection, "roles")
    for extension in ("postgis", "pg_trgm", "unaccent", "btree_gist"):
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION frontline_owner"))
    connection.execute(text("SET LOCAL ROLE frontline_owner"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}, public"))
