"""Having a database with the schema of this code before anything else is asked of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from app.database.migrations import current_revision, head_revision, upgrade
from app.errors import UserError

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.settings import Settings


class SchemaError(UserError):
    """The schema of another server is not the one of this code; the message says what to do."""


def free_bytes(urls: DatabaseUrls) -> int | None:
    """Return how much is free on the disk of a private database; None of any other, or when it cannot be told."""
    if urls.directory is None:
        return None
    try:
        return shutil.disk_usage(urls.directory).free
    except OSError:
        return None


def make_ready(urls: DatabaseUrls, settings: Settings, say: Callable[[str], None]) -> None:
    """Bring a private database up to date; of any other make sure that it is.

    Args:
        urls: the database.
        settings: tell whether it is a private one.
        say: is told what an update will cost before it starts, and what it did.

    Raises:
        SchemaError: another server's schema is not the one of this code.
    """
    if not settings.database_url:
        upgrade(urls.owner, unless_current=True, say=say, free_bytes=free_bytes(urls))
        return
    engine = create_engine(urls.app, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
    finally:
        engine.dispose()
    if revision != head_revision():
        raise SchemaError(
            f"The database is at revision {revision or 'none'}, this code needs {head_revision()}."
            " Run: frontline migrate"
        )
