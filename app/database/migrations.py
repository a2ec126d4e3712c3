"""Migrates the schema: first roles, then tables, then rules (functions, views, triggers, grants).

The rules are not part of the dated migrations: they are always those of the scripts in `sql/`. They
are dropped before a migration and deployed after it, in the same transaction, so that readers never
miss a view. While the migrations run there are no triggers: a migration that changes events must
itself mark derived rows as stale.

A deployment takes exclusive locks. A start that finds the rules unchanged takes none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from app.database import locks
from app.database.base import SCHEMA
from app.database.connections import connect_arguments
from app.database.cost import Cost, describe_cost, needed_bytes
from app.database.deployment import (
    check_table_owners,
    deploy_rules,
    drop_rules,
    expected_changes,
    is_deployed,
    last_deployment,
    run_script,
    server_version,
)
from app.database.disk import UNKNOWN, Disk
from app.database.rows_to_correct import describe_rows_to_correct
from app.database.rules import compare, describe_repairs, read_rules, summarize
from app.settings import PROJECT_DIRECTORY

Say = Callable[[str], None]
_Move = Callable[[Config], None]

# Dropping a view can deadlock with a reader; PostgreSQL then cancels one of the two.
_DEADLOCK: Final = "40P01"
_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.2
# A running writer blocks a migration, and readers queue behind a migration that waits for a lock.
_LOCK_TIMEOUT: Final = "5s"


def alembic_config(connection: Connection | None = None) -> Config:
    """Returns Alembic's configuration; `migrations/env.py` uses the connection in it."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT_DIRECTORY / "migrations"))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Returns the newest revision of the schema that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def current_revision(connection: Connection) -> str | None:
    """Returns the revision of the schema in the database; None when it has none."""
    options = {"version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def pending_costs(revision: str | None) -> list[Cost]:
    """Returns the costs of the migrations after a revision, oldest first; the default cost is
    zero.
    """
    scripts = ScriptDirectory.from_config(alembic_config()).iterate_revisions("head", revision or "base")
    return [getattr(script.module, "COST", Cost()) for script in reversed([*scripts])]


def upgrade(url: str, *, unless_current: bool = False, say: Say = lambda _: None, disk: Disk = UNKNOWN) -> str | None:
    """Migrates the database to the newest revision and deploys the rules of this code.

    Args:
        url: of the database, as its owner, or as a superuser if the server lacks our roles.
        unless_current: change nothing if revision and live rules are those of this code.
        say: gets the cost of pending migrations before, and the changes of rules afterwards.
        disk: on which the database grows.

    Returns:
        The revision before; None if the database was empty.

    Raises:
        DependentError: an object outside the schema uses a view or function that must be replaced.
        DiskTooFull: the disk is too small; nothing was changed.
        OwnerError: a table or a sequence of the schema has another owner.
    """
    return _run(url, lambda config: command.upgrade(config, "head"), unless_current, say, disk)


def downgrade(url: str, revision: str) -> str | None:
    """Migrates down to an earlier revision. The `upgrade` of the older code then deploys its
    rules.
    """
    return _run(url, lambda config: command.downgrade(config, revision))


def _run(
    url: str, move: _Move, unless_current: bool = False, say: Say = lambda _: None, disk: Disk = UNKNOWN
) -> str | None:
    engine = create_engine(url, connect_args=connect_arguments("-c timezone=UTC"))
    announced: list[str] = []

    def announce(cost: str) -> None:
        if not announced:  # once, however many tries there are
            announced.append(cost)
            say(cost)

    try:
        tries_left = _TRIES
        while True:
            report: list[str] = []
            try:
                with engine.begin() as connection:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.MIGRATION})
                    # Set after the advisory lock: the wait for another migration has no limit.
                    connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
                    check_table_owners(connection)
                    before = current_revision(connection)
                    if unless_current and before == head_revision() and is_deployed(connection):
                        return before
                    with _enough_space(connection, before, disk, announce):
                        report = _migrate(connection, move)
            except OperationalError as error:
                tries_left -= 1
                if not tries_left or getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
            else:
                for line in report:  # only after the commit
                    say(line)
                return before
            time.sleep(_PAUSE_SECONDS)
    finally:
        engine.dispose()


def _enough_space(
    connection: Connection, revision: str | None, disk: Disk, announce: Say
) -> AbstractContextManager[None]:
    """Announces the cost of the pending migrations, checks that the disk has space for them, and
    watches the disk meanwhile. Does nothing if no migration is pending, or there are no events.
    """
    if revision is None or revision == head_revision():
        return nullcontext()
    events = connection.scalar(text(f"SELECT count(*) FROM {SCHEMA}.event"))  # noqa: S608 - our own name
    if not events:
        return nullcontext()
    costs = pending_costs(revision)
    announce(describe_cost(costs, events, disk.free_bytes()))
    disk.require(needed_bytes(costs, events), "migration")
    return disk.watch(connection.engine, "migration", connection)


def _migrate(connection: Connection, move: _Move) -> list[str]:
    """Migrates and deploys the rules. Returns a line for each changed rule, and for each row whose
    dates are not allowed.
    """
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
    to_correct = describe_rows_to_correct(connection)
    expected = expected_changes(
        differences, deployment, moved=revision != head_revision(), server=server_version(connection)
    )
    summary = summarize([one for one in differences if one.object in expected])
    return [
        *([f"The rules of this version of the program: {summary}."] if summary else []),
        *describe_repairs([one for one in differences if one.object not in expected]),
        *to_correct,
    ]


def _prepare(connection: Connection) -> None:
    """Creates missing roles, extensions and schema, and becomes the owner."""
    run_script(connection, "roles")
    for extension in ("postgis", "pg_trgm", "unaccent", "btree_gist"):
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION frontline_owner"))
    connection.execute(text("SET LOCAL ROLE frontline_owner"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}, public"))
