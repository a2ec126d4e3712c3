"""Compares the live tables with the models, like Alembic, and describes each difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import CheckConstraint, Connection, MetaData, inspect

from app.database.base import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem


def _include_object(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Tells Alembic to ignore PostGIS's own tables and everything outside our schema."""
    schema = getattr(item, "schema", SCHEMA)
    return schema == SCHEMA and bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))


def _include_name(name: str | None, kind: str, parents: object) -> bool:
    """Tells Alembic to reflect our schema only."""
    return kind != "schema" or name == SCHEMA


def comparison_options() -> dict[str, Any]:
    """Returns the options by which Alembic compares a database with the models; `migrations/env.py`
    uses them too.
    """
    return {
        "version_table_schema": SCHEMA,
        "include_schemas": True,
        "include_object": _include_object,
        "include_name": _include_name,
        "compare_server_default": False,
    }


def describe_table_differences(connection: Connection, metadata: MetaData) -> list[str]:
    """Describes how the live tables differ from the models, a sentence for each difference.

    Compares tables, columns with their types, indexes, unique constraints and foreign keys as
    Alembic does, and the names of check constraints.
    """
    context = MigrationContext.configure(connection, opts=comparison_options() | {"target_metadata": metadata})
    differences = []
    for found in compare_metadata(context, metadata):
        # Alembic groups the changes of one column in a list.
        differences += [_describe_operation(one) for one in (found if isinstance(found, list) else [found])]
    return [*differences, *_check_constraints(connection, metadata)]


def _describe_operation(found: tuple[Any, ...]) -> str:
    """Describes one of Alembic's operations that would make the database match the models."""
    action = str(found[0])
    if action.startswith("modify_"):
        _, _, table, column = found[:4]
        live, wanted = found[-2:]
        what = action.removeprefix("modify_")
        return f"Column {table}.{column} has the {what} {live!r}, which should be {wanted!r}."
    verb, _, kind = action.partition("_")
    item = found[-1]
    name = f"{item.table.name}.{item.name}" if getattr(item, "table", None) is not None else item.name
    word = {"fk": "foreign key"}.get(kind, kind)
    if verb == "add":
        return f"There is no {word} {name}."
    return f"There is a {word} {name} that this program does not have."


def _check_constraints(connection: Connection, metadata: MetaData) -> list[str]:
    live = {
        f"{table}.{one['name']}"
        for (_, table), found in inspect(connection).get_multi_check_constraints(schema=SCHEMA).items()
        for one in found
    }
    wanted = {
        f"{table.name}.{one.name}"
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    return [
        *(f"There is no check constraint {name}." for name in sorted(wanted - live)),
        *(f"There is a check constraint {name} that this program does not have." for name in sorted(live - wanted)),
    ]
