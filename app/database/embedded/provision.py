"""Creates the roles, the database and the extensions of a new cluster.

Each step first checks whether it is done. So the next start completes an interrupted start, and
updates PostGIS if a newer version is installed.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from app.database.embedded.configuration import PORT, ROLES, SUPERUSER
from app.database.embedded.installation import EXTENSIONS

DATABASE = "frontline"


def connect(socket_directory: Path, database: str = SUPERUSER) -> psycopg.Connection:
    """Opens an autocommit connection as superuser."""
    return psycopg.connect(
        host=str(socket_directory),
        port=PORT,
        user=SUPERUSER,
        dbname=database,
        connect_timeout=10,
        application_name="frontline start",
        options="",  # ignores PGOPTIONS of the caller
        autocommit=True,
    )


def provision(socket_directory: Path) -> None:
    """Creates missing roles, database and extensions. Raises psycopg.Error."""
    names = {"database": sql.Identifier(DATABASE)} | {role: sql.Identifier(role) for role in ROLES}
    with connect(socket_directory) as connection:
        for role in ROLES:
            if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(names[role]))
        # The application may switch to the reader's role (SET ROLE).
        connection.execute(sql.SQL("GRANT {frontline_public} TO {frontline_app}").format(**names))
        if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {frontline_owner}").format(**names))
        if _exists(connection, "SELECT FROM pg_database WHERE datname = %s AND datacl IS NULL", DATABASE):
            for statement in (
                "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
                "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {frontline_app}",
                "GRANT CONNECT ON DATABASE {database} TO {frontline_public}",
            ):
                connection.execute(sql.SQL(statement).format(**names))
    with connect(socket_directory, DATABASE) as connection:
        for extension in EXTENSIONS:
            _extend(connection, extension)


def _extend(connection: psycopg.Connection, extension: str) -> None:
    row = connection.execute(
        "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = %s", [extension]
    ).fetchone()
    installed, offered = row or (None, None)
    if installed is None:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension)))
    elif installed != offered:
        connection.execute(sql.SQL("ALTER EXTENSION {} UPDATE").format(sql.Identifier(extension)))


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(sql.SQL(query), [name]).fetchone() is not None
