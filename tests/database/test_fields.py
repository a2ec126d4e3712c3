"""app/fields matches the models, the public views and the days that become stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.fields import CLAIM, EVENT, SOURCE, SQL_TYPES, Fields
from app.models import Base, Claim, Event, Source
from app.models.public import public_claim, public_event, public_event_source, public_source

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Connection, Table

    from tests.builders import Builder

# The types of columns as SQL_TYPES spells them.
SPELLED = {"TIMESTAMP WITH TIME ZONE": "timestamptz", "geometry(GEOMETRY,4326)": "geometry"}

# A change of each field of an event, as SQL. What is not here is never changed by itself: an id,
# what the database computes (words, barred, misdated), what only a draft has (set_aside_at and what
# goes with it), and withdrawn_at (with `state`).
CHANGES = {
    "origin": "'other'",
    "title": "'Another title'",
    "description": "'Another description'",
    "category": "'strike.drone'",
    "actor": "'ru'",
    "affected": "'ru'",
    "shape": "'SRID=4326;POINT(37.5 48.5)'::geometry",
    "precision_m": "4000",
    "happened_from": "happened_from + interval '1 hour'",
    "happened_to": "happened_to - interval '1 hour'",
    "time_precision": "'month'",
    "time_inferred": "true",
    "verification": "'disputed'",
    "sensitivity": "ARRAY['graphic']",
    "origin_id": "'another'",
    "state": "'withdrawn', withdrawn_at = now()",
    "public_from": "now() + interval '1 day'",
    "released_at": "released_at - interval '1 day'",
    "hidden_at": "now()",
    "hidden_note": "'a note'",
    "hiding_reviewed_at": "now()",
    "withdrawn_reason": "'a reason'",
    "authors": "ARRAY[gen_random_uuid()]",
    "submitted_by": "gen_random_uuid()",
    "published_by": "gen_random_uuid()",
    "withdrawn_by": "gen_random_uuid()",
    "set_aside_by": "gen_random_uuid()",
    "set_aside_reason": "'a reason'",
    "exact_shape": "shape, exact_precision_m = precision_m",
    "exact_precision_m": "50",
    "version": "77",
    "import_digest": r"'\x01'::bytea",
    "created_at": "created_at - interval '1 day'",
    "updated_at": "updated_at + interval '1 day'",
}
# A plain field needs no line here: its type tells how to change it.
BY_TYPE = {
    "text": "'another'",
    "url": "'https://example.org/another'",
    "number": "7",
    "flag": "true",
    "moment": "now()",
}
CHANGES |= {
    field.name: f"'{[*field.words][-1]}'" if field.words else BY_TYPE[field.type]
    for field in EVENT.having(plain=True, stored=True)
}
UNCHANGED = {"id", "words", "barred", "misdated", "set_aside_at", "set_aside_by_name", "merged_into", "withdrawn_at"}


@pytest.mark.parametrize(("fields", "model"), [(EVENT, Event), (SOURCE, Source), (CLAIM, Claim)])
def test_every_column_of_a_model_is_a_field_with_its_type(
    connection: Connection, fields: Fields, model: type[Base]
) -> None:
    columns = {
        column.name: (column.type.compile(dialect=connection.dialect), bool(column.nullable))
        for column in model.__table__.columns
    }
    described = {field.name: (SQL_TYPES[field.type], field.null) for field in fields.having(stored=True)}
    spelled = {name: (SPELLED.get(sql_type, sql_type.lower()), null) for name, (sql_type, null) in columns.items()}
    assert described == spelled


@pytest.mark.parametrize(
    ("view", "fields", "others"),
    [
        (public_event, EVENT, {"updated_at"}),
        (public_source, SOURCE, {"id", "first_seen_at"}),
        (public_event_source, SOURCE, {"event_id", "role", "position", "source_id", "first_seen_at"}),
        (public_claim, CLAIM, set()),
    ],
)
def test_a_public_view_has_the_public_fields_and_no_others(
    connection: Connection, view: Table, fields: Fields, others: set[str]
) -> None:
    described = {*fields.names(public=True), *fields.names(stored=False, exported=True), *others}
    assert columns_of(connection, view.name).keys() == described


def test_the_public_views_have_the_columns_that_the_code_reads(connection: Connection) -> None:
    """The columns of app/models/public.py, with their types."""
    for view in public_event.metadata.sorted_tables:
        code = {column.name: column.type.compile(dialect=connection.dialect) for column in view.columns}
        live = columns_of(connection, view.name)
        assert live.keys() == code.keys(), view.name
        for name, spelled in code.items():
            wanted = SPELLED.get(spelled, spelled).lower().partition("(")[0]
            assert live[name] in {wanted, "bigint" if wanted == "integer" else wanted}, (view.name, name)


def columns_of(connection: Connection, view: str) -> dict[str, Any]:
    """Returns the columns of a view with their types, as in SQL_TYPES."""
    question = text("""
        SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
        WHERE a.attrelid = ('frontline.' || :view)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    """)
    spelled = {"timestamp with time zone": "timestamptz", "double precision": "float"}
    found = connection.execute(question, {"view": view}).all()
    return {name: spelled.get(sql_type, sql_type.removeprefix("public.")) for name, sql_type in found}


@pytest.fixture
def event(build: Builder, connection: Connection) -> uuid.UUID:
    """A public event whose day is not stale."""
    build.origin("other")
    made = build.event()
    connection.execute(text("DELETE FROM frontline.event_columns_stale"))
    connection.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
    return made


def removals(connection: Connection) -> list[bool]:
    """Returns for each stale day whether it had a removal."""
    return sorted(connection.scalars(text("SELECT removal FROM frontline.event_columns_stale")))


def change(connection: Connection, event: uuid.UUID, field: str, value: str) -> None:
    statement = text(f"UPDATE frontline.event SET {field} = {value} WHERE id = :id")  # noqa: S608 - our own names
    assert connection.execute(statement, {"id": event}).rowcount == 1


def test_there_is_a_change_of_every_field() -> None:
    assert CHANGES.keys() | UNCHANGED == set(EVENT.names(stored=True))


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_makes_stale_what_the_table_says(connection: Connection, event: uuid.UUID, field: str) -> None:
    change(connection, event, field, CHANGES[field])
    assert removals(connection) == {"nothing": [], "part": [False], "withdrawn": [True]}[EVENT[field].stale]


def test_an_unknown_column_counts_as_a_removal(connection: Connection, event: uuid.UUID) -> None:
    connection.execute(text("RESET ROLE"))
    connection.execute(text("ALTER TABLE frontline.event ADD COLUMN stray text"))
    change(connection, event, "stray", "'something'")
    assert removals(connection) == [True]


def test_an_update_without_a_change_makes_nothing_stale(connection: Connection, event: uuid.UUID) -> None:
    change(connection, event, "category", "category")
    assert removals(connection) == []
