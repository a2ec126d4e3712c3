"""Where Alembic meets our tables: over a connection that is handed in, or over `DATABASE_OWNER_URL`
for developers.
"""

from __future__ import annotations

import os

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine

import app.models  # noqa: F401 - fills Base.metadata
from app.database.base import Base
from app.database.comparison import comparison_options
from app.database.connections import connect_arguments
from app.database.engines import checked_url


def run(connection: Connection) -> None:
    """Runs Alembic's migrations over a connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        **comparison_options(),
    )
    with context.begin_transaction():
        context.run_migrations()


given_connection = context.config.attributes.get("connection")
if given_connection is not None:
    run(given_connection)
else:
    url = checked_url("DATABASE_OWNER_URL", os.environ.get("DATABASE_OWNER_URL", ""))
    engine = create_engine(url, connect_args=connect_arguments())
    with engine.connect() as own_connection:
        run(own_connection)
