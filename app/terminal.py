"""The common parts of commands: messages, settings, and access to the database of this
installation.

The modules of the command line import what a command needs when the command runs. Help, and errors
of options and settings, appear at once that way.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.database.engines import Engines
    from app.settings import Settings
    from app.theatre import Theatre


def say(text: str) -> None:
    """Prints a message to standard error; standard output has only the result of a command."""
    typer.echo(text, err=True)


def read_installation() -> tuple[Settings, Theatre]:
    """Reads the settings and the theatre."""
    from app.settings import Settings
    from app.theatre import read_theatre

    settings = Settings()
    return settings, read_theatre(settings.theatre)


@contextmanager
def open_database(settings: Settings) -> Iterator[Engines]:
    """Opens the database of this installation; migrates the embedded one first."""
    from app.database.engines import database_urls, open_engines
    from app.database.ready import make_ready

    with database_urls(settings, say=say) as urls:
        make_ready(urls, settings, say)
        with open_engines(urls, settings) as engines:
            yield engines


@contextmanager
def open_database_as_owner(settings: Settings) -> Iterator[Engine]:
    """Opens the database as its owner, with a single connection and without a statement timeout."""
    from app.database.engines import database_urls, make_engine, server_options
    from app.database.ready import make_ready

    with database_urls(settings, say=say) as urls:
        make_ready(urls, settings, say)
        options = server_options(statement_seconds=0, lock_seconds=10)
        engine = make_engine(urls.owner, options=options, connections=1)
        try:
            yield engine
        finally:
            engine.dispose()
