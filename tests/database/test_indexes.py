"""Tables filled without indexes: all indexes exist again afterwards, and all constraints are
checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from app.database.indexes import indexes_created_at_end

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls

TABLES = ("event_source", "source", "claim", "revision", "event_point", "event_tally_change", "event")
DEFINED = """
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'frontline'
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'frontline'::regnamespace
    UNION ALL
    SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1
"""
EVENT = """
    INSERT INTO frontline.event (id, origin, title, category, shape, happened_from, happened_to, time_precision,
        verification, state)
    VALUES ('00000000-0000-4000-8000-000000000001', 'filled', 'An event', 'strike', 'SRID=4326;POINT(37 48)',
        '2025-07-01', '2025-07-02', 'day', %s, 'published')
"""


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(database.owner.replace("+psycopg", "")) as connection:
        cursor = connection.cursor()
        cursor.execute("SET search_path = frontline, public")
        cursor.execute("INSERT INTO frontline.origin (slug, name, public) VALUES ('filled', 'Filled', true)")
        yield cursor
        connection.rollback()


def test_all_indexes_and_keys_are_created_again(owner: psycopg.Cursor[Any]) -> None:
    before = owner.execute(DEFINED).fetchall()
    with indexes_created_at_end(owner, TABLES):
        during = owner.execute(DEFINED).fetchall()
        owner.execute(EVENT, ("reported",))
    assert len(during) < len(before) - 20
    assert owner.execute(DEFINED).fetchall() == before
    assert owner.execute("SELECT count(*) FROM frontline.public_event_point").fetchone() == (1,)
    assert owner.execute("SELECT count(*) FROM frontline.revision WHERE relation = 'event'").fetchone() == (1,)


def test_a_broken_foreign_key_is_refused(owner: psycopg.Cursor[Any]) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation), indexes_created_at_end(owner, TABLES):
        owner.execute(
            "INSERT INTO frontline.event_source (event_id, source_id, role)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 'footage')"
        )


def test_a_duplicate_is_refused(owner: psycopg.Cursor[Any]) -> None:
    source = (
        "INSERT INTO frontline.source (id, name, canonical_url, given_url) SELECT gen_random_uuid(), 'A', u, u FROM"
    )
    with pytest.raises(psycopg.errors.UniqueViolation), indexes_created_at_end(owner, TABLES):
        owner.execute(f"{source} (VALUES ('https://example.org/a'), ('https://example.org/a')) AS given (u)")


def test_a_confirmation_without_sources_is_refused(owner: psycopg.Cursor[Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="two independent"), indexes_created_at_end(owner, TABLES):
        owner.execute(EVENT, ("confirmed",))
