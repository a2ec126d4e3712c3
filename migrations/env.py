"""Where Alembic meets our tables: over a connection that is handed in, or over `DATABASE_OWNER_URL` for developers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine

from app.database.base import SCHEMA, Base
from app.database.engines import checked_url

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

import app.models  # noqa: F401 - fills Base.metadata


def include_object(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Leave PostGIS's own tables alone, and everything outside our schema."""
    schema = getattr(item, "schema", SCHEMA)
    return schema == SCHEMA and bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Reflect our schema only."""
    return kind != "schema" or name == SCHEMA


def run(connection: Connection) -> None:
    """Run what Alembic was called for over a connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_object=include_object,
        include_name=include_name,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    engine = create_engine(checked_url("DATABASE_OWNER_URL", os.environ.get("DATABASE_OWNER_URL", "")))
    with engine.connect() as own_connection:
        run(own_connection)
