"""Makes sure that the database has the schema of this code before the server starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from app.database.connections import connect_arguments
from app.database.disk import Disk
from app.database.migrations import current_revision, head_revision, upgrade
from app.errors import UserError

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.settings import Settings


class SchemaError(UserError):
    """An external database has another schema version; the message says what to do."""


def make_ready(urls: DatabaseUrls, settings: Settings, say: Callable[[str], None]) -> None:
    """Migrates a private database; checks the schema version of an external one.

    Args:
        urls: of the database.
        settings: say whether it is private.
        say: gets the cost of a migration before it starts, and what it did.

    Raises:
        SchemaError: an external database has another schema version.
    """
    if not settings.database_url:
        upgrade(urls.owner, unless_current=True, say=say, disk=Disk.of(urls.directory, settings.disk_reserve_mib))
        return
    engine = create_engine(urls.app, connect_args=connect_arguments())
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
