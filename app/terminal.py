"""The common parts of commands: messages, settings, and access to the database of this
installation.

The modules of the command line import what a command needs when the command runs. Help, and errors
of options and settings, appear at once that way.
"""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from app.parsing.bidi import terminal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.database.disk import Disk
    from app.database.engines import DatabaseUrls, Engines
    from app.settings import Settings
    from app.theatre import Theatre


def say(text: str) -> None:
    """Prints a message to standard error; standard output has only the result of a command."""
    typer.echo(terminal_text(text), err=True)


def read_installation() -> tuple[Settings, Theatre]:
    """Reads the settings and the theatre."""
    from app.settings import Settings
    from app.theatre import read_theatre

    settings = Settings()
    return settings, read_theatre(settings.theatre)


def exit_on_sigterm() -> None:
    """Makes SIGTERM exit through all `finally` blocks, which release the embedded database."""

    def exit_now(*_: object) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, exit_now)


def configure_logging(level: str) -> None:
    """Logs to standard error, one line per message."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for verbose in ("uvicorn", "alembic"):
        logging.getLogger(verbose).setLevel("WARNING")


@contextmanager
def ready_database(settings: Settings) -> Iterator[DatabaseUrls]:
    """Yields the URLs of the database of this installation; migrates the embedded one first.

    Raises:
        SchemaError: the database has another schema version.
        EmbeddedDatabaseError: the embedded PostgreSQL is not installed, or does not start.
        DatabaseUrlError: a URL of the settings cannot be used.
    """
    from app.database.engines import database_urls
    from app.database.ready import make_ready

    with database_urls(settings, say=say) as urls:
        make_ready(urls, settings, say)
        yield urls


@contextmanager
def open_database(settings: Settings) -> Iterator[Engines]:
    """Opens the database of this installation; migrates the embedded one first."""
    from app.database.engines import open_engines

    with ready_database(settings) as urls, open_engines(urls, settings) as engines:
        yield engines


@contextmanager
def open_database_as_owner(settings: Settings) -> Iterator[tuple[Engine, Disk]]:
    """Opens the database as its owner, with a single connection and without a statement timeout.

    Yields also the disk on which the database grows.
    """
    from app.database.disk import Disk
    from app.database.engines import make_engine, server_options

    with ready_database(settings) as urls:
        options = server_options(statement_seconds=0, lock_seconds=10)
        engine = make_engine(urls.owner, options=options, connections=1)
        try:
            yield engine, Disk.of(urls.directory, settings.disk_reserve_mib)
        finally:
            engine.dispose()
