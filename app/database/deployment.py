"""Deploys the rules of the schema (functions, views, triggers and grants), always all of them.

A deployment drops every function, view and trigger of the schema and creates those of the scripts,
in one transaction. So manual changes do not survive a deployment. The same transaction records the
result in the table `rules_deployment`: the digest of the scripts, and the rules as read from the
catalogue. Later the live rules are compared with that record, without locking them
(docs/decisions/0034-database-rules-deployed-whole.md).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from app.database.base import SCHEMA
from app.database.rules import Difference, Rules, compare, read_rules
from app.database.statements import read_statement
from app.errors import UserError

_HERE: Final = Path(__file__).parent

# In the order in which they run: functions and views, then triggers, then grants.
SCRIPTS: Final = ("guards", "two_persons", "public", "stale", "derived", "statistics", "triggers", "grants")


class DependentError(UserError):
    """An object outside the schema uses a view or function that a deployment replaces."""


class OwnerError(UserError):
    """An object of the schema does not belong to the owner of the schema."""


@dataclass(frozen=True)
class Deployment:
    """The record of the last deployment.

    Attributes:
        tree: digest of the scripts that it ran.
        server: major version of the server, on which the spelling of definitions depends.
        rules: as read from the catalogue afterwards.
    """

    tree: str
    server: int
    rules: Rules

    def is_of_tree(self, server: int) -> bool:
        """Tells whether this version of the scripts made it, on a server of this major version."""
        return self.tree == tree_digest() and self.server == server


def tree_digest() -> str:
    """Returns the digest of the scripts and of the query that reads the rules."""
    texts = [read_statement(_HERE, name) for name in (*SCRIPTS, "catalogue")]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def server_version(connection: Connection) -> int:
    """Returns the major version of the server."""
    return int(connection.scalar(text("SELECT current_setting('server_version_num')::integer / 10000")) or 0)


def last_deployment(connection: Connection) -> Deployment | None:
    """Returns the record of the last deployment; None if there is none."""
    if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.rules_deployment')")) is None:
        return None
    row = connection.execute(
        text(f"SELECT tree, server, rules FROM {SCHEMA}.rules_deployment")  # noqa: S608 - our own name
    ).one_or_none()
    return None if row is None else Deployment(row.tree, row.server, row.rules)


def is_deployed(connection: Connection) -> bool:
    """Tells whether the live rules are those of the scripts."""
    deployment = last_deployment(connection)
    return (
        deployment is not None
        and deployment.is_of_tree(server_version(connection))
        and not compare(read_rules(connection), deployment.rules)
    )


def drop_rules(connection: Connection) -> None:
    """Drops all functions, views and triggers of the schema.

    Raises:
        DependentError: an object outside the schema uses one of them, and would be dropped too.
    """
    dependents = connection.scalars(text(read_statement(_HERE, "dependents")), {"schema": SCHEMA}).all()
    if dependents:
        raise DependentError(
            f"Nothing was changed: these use views or functions of the schema {SCHEMA}, which must be replaced:"
            f" {'; '.join(dependents)}. Drop them, and create them again afterwards."
        )
    run_script(connection, "drop_rules")


def deploy_rules(connection: Connection) -> Rules:
    """Creates all rules from the scripts, after `drop_rules`; records and returns them.

    Raises:
        OwnerError: an object of the schema has another owner.
    """
    _refuse_owners(foreign_owners(connection))
    run_script(connection, "foreign_keys")
    for name in SCRIPTS:
        run_script(connection, name)
    rules = read_rules(connection)
    connection.execute(text(f"DELETE FROM {SCHEMA}.rules_deployment"))  # noqa: S608 - our own name
    connection.execute(
        text(
            f"INSERT INTO {SCHEMA}.rules_deployment (id, tree, server, rules)"  # noqa: S608 - our own name
            " VALUES (1, :tree, :server, cast(:rules AS jsonb))"
        ),
        {"tree": tree_digest(), "server": server_version(connection), "rules": json.dumps(rules)},
    )
    run_script(connection, "points")
    return rules


def expected_changes(
    differences: list[Difference], deployment: Deployment | None, *, moved: bool, server: int
) -> set[str]:
    """Returns the objects that differ because this version has other rules than the previous one.

    Manual changes since the previous deployment are not included.

    Args:
        differences: between the rules before this deployment and those after it.
        deployment: the previous one.
        moved: the revision of the tables changed, too.
        server: major version of the server.
    """
    if deployment is None:
        return {difference.object for difference in differences} if moved else set()
    if deployment.is_of_tree(server) and not moved:
        return set()
    return {
        difference.object for difference in differences if deployment.rules.get(difference.object) == difference.before
    }


def run_script(connection: Connection, name: str) -> None:
    """Runs a script of several statements. It has no parameters, so the driver ignores `%`."""
    connection.exec_driver_sql(read_statement(_HERE, name), execution_options={"no_parameters": True})


_FOREIGN_OWNERS: Final = text("""
    SELECT format('%s belongs to %s', c.oid::regclass, pg_get_userbyid(c.relowner)) AS owner,
        c.relkind NOT IN ('v', 'm') AS is_table
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relowner <> n.nspowner
    UNION ALL
    SELECT format('%s belongs to %s', p.oid::regprocedure, pg_get_userbyid(p.proowner)), false
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = :schema AND p.proowner <> n.nspowner
        AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        )
    ORDER BY 1
""")


def foreign_owners(connection: Connection) -> list[str]:
    """Lists objects with another owner than the schema: "frontline.event belongs to postgres"."""
    return list(connection.scalars(_FOREIGN_OWNERS, {"schema": SCHEMA}))


def check_table_owners(connection: Connection) -> None:
    """Checks that all tables and sequences belong to the owner of the schema.

    Otherwise a migration fails when it reads a table, or drops a trigger of a table. Views and
    functions of another owner are not refused: the owner of the schema can drop them.

    Raises:
        OwnerError: a table or a sequence has another owner.
    """
    rows = connection.execute(_FOREIGN_OWNERS, {"schema": SCHEMA})
    _refuse_owners([row.owner for row in rows if row.is_table])


def _refuse_owners(owners: list[str]) -> None:
    if owners:
        raise OwnerError(
            f"Nothing was changed: {'; '.join(owners)}. Give it to frontline_owner (ALTER … OWNER TO frontline_owner),"
            " then run: frontline migrate"
        )
