"""Checks that the live database matches this code: revision, rules and tables."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.exc import DBAPIError

from app.database.comparison import describe_table_differences
from app.database.connections import connect_arguments
from app.database.deployment import foreign_owners, last_deployment, server_version, tree_digest
from app.database.migrations import current_revision, head_revision
from app.database.rules import compare, describe_differences, read_rules

_log = logging.getLogger("frontline")
_MIGRATE: Final = "Run: frontline migrate"


def describe_rule_differences(connection: Connection) -> list[str]:
    """Describes how the live functions, views, triggers and grants differ from what this code
    deploys.

    Compares them with the record of the last deployment: a few catalogue queries, without locks
    that block anybody.
    """
    deployment = last_deployment(connection)
    if deployment is None:
        return [f"The functions, views, triggers and grants were not deployed by this program. {_MIGRATE}"]
    differences = []
    if deployment.tree != tree_digest():
        differences.append(
            f"The functions, views, triggers and grants are of another version of this program. {_MIGRATE}"
        )
    elif deployment.server != (server := server_version(connection)):
        differences.append(
            f"The rules were deployed on PostgreSQL {deployment.server}, and the server now is {server}. {_MIGRATE}"
        )
    differences += [f"{owner}, not to the owner of the schema." for owner in foreign_owners(connection)]
    return differences + describe_differences(compare(read_rules(connection), deployment.rules))


def describe_all_differences(connection: Connection, metadata: MetaData) -> list[str]:
    """Lists every difference between the live database and this code, a sentence for each; none
    when they are equal.
    """
    differences = []
    revision = current_revision(connection)
    if revision != head_revision():
        differences.append(
            f"The database is at revision {revision or 'none'}, this code needs {head_revision()}. {_MIGRATE}"
        )
        if revision is None:
            return differences
    return differences + describe_rule_differences(connection) + describe_table_differences(connection, metadata)


def check_database(url: str, metadata: MetaData) -> list[str]:
    """Lists every difference between a database and this code, a sentence for each.

    Args:
        url: the database, as any role that may read the table `rules_deployment`.
        metadata: the models.
    """
    engine = create_engine(url, connect_args=connect_arguments())
    try:
        with engine.connect() as connection:
            return describe_all_differences(connection, metadata)
    finally:
        engine.dispose()


def warn_of_rule_differences(url: str) -> None:
    """Logs a warning for each difference of the rules; a server starts nevertheless.

    Args:
        url: the database, as the role that reads and writes rows.
    """
    engine = create_engine(url, connect_args=connect_arguments())
    try:
        with engine.connect() as connection:
            differences = describe_rule_differences(connection)
    except DBAPIError as error:
        _log.warning("The rules of the database cannot be checked: %s", str(error.orig).strip().partition("\n")[0])
        return
    finally:
        engine.dispose()
    for difference in differences:
        _log.warning("database: %s", difference)
    if differences:
        _log.warning("database: `frontline migrate` repairs this; `frontline check` shows this again")
