"""What all commands share: telling the person at the terminal, and opening the database of this installation.

As in all modules of the command line, what a command needs is imported when it runs: help comes at once, and so does
what is wrong with an option or a setting.
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


def say(text: str) -> None:
    """Tell the person at the terminal, away from what a command prints as its result."""
    typer.echo(text, err=True)


@contextmanager
def opened(settings: Settings) -> Iterator[Engines]:
    """Open the database of this installation, with the schema of this code."""
    from app.database.engines import database_urls, open_engines
    from app.database.ready import make_ready

    with database_urls(settings, say=say) as urls:
        make_ready(urls, settings, say)
        with open_engines(urls, settings) as engines:
            yield engines


@contextmanager
def opened_as_owner(settings: Settings) -> Iterator[Engine]:
    """Open the database as its owner, who may do what no part of a server may: a single connection."""
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
