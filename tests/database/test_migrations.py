"""The schema in the database matches the models after migrating up, down and up again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from app.database import locks
from app.database.migrations import alembic_config, current_revision, downgrade, head_revision, upgrade
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls

PUBLIC_DEFINITIONS = text("""
    SELECT viewname, definition FROM pg_views WHERE schemaname = 'frontline'
    UNION ALL
    SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = 'frontline'
    ORDER BY 1
""")


def test_the_models_and_the_migrations_agree(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner)
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()
        command.check(alembic_config(connection))
    engine.dispose()


def test_the_newest_revision_goes_down_and_up_again(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner)
    with engine.connect() as connection:
        before = connection.execute(PUBLIC_DEFINITIONS).all()
    downgrade(database.owner, "-1")
    with engine.connect() as connection:
        assert current_revision(connection) != head_revision()
    assert upgrade(database.owner) != head_revision()
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()
        assert connection.execute(PUBLIC_DEFINITIONS).all() == before
        command.check(alembic_config(connection))
    engine.dispose()


def test_a_view_that_was_changed_by_hand_is_repaired(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        before = connection.execute(PUBLIC_DEFINITIONS).all()
        connection.execute(text("DROP VIEW frontline.public_origin"))
        connection.execute(text("CREATE VIEW frontline.public_origin AS SELECT * FROM frontline.origin"))
    assert upgrade(database.owner) == head_revision()
    with engine.connect() as connection:
        assert connection.execute(PUBLIC_DEFINITIONS).all() == before
    engine.dispose()


VIEWS = text("""
    SELECT viewname, (schemaname || '.' || viewname)::regclass::oid FROM pg_views WHERE schemaname = 'frontline'
    ORDER BY viewname
""")


def test_a_start_without_differences_changes_nothing(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        before = connection.execute(VIEWS).all()
        assert upgrade(database.owner, unless_current=True) == head_revision()
        assert connection.execute(VIEWS).all() == before
        definitions = connection.execute(PUBLIC_DEFINITIONS).all()
        for change in (
            "DROP VIEW frontline.public_origin; CREATE VIEW frontline.public_origin AS SELECT * FROM frontline.origin",
            "DROP VIEW frontline.public_tombstone",
            "GRANT SELECT ON frontline.submission TO frontline_public",
            "ALTER TABLE frontline.event DISABLE TRIGGER USER",
        ):
            connection.execute(text(change))
            before = connection.execute(VIEWS).all()
            upgrade(database.owner, unless_current=True)
            assert connection.execute(VIEWS).all() != before, change
        assert connection.execute(PUBLIC_DEFINITIONS).all() == definitions
    engine.dispose()


def test_a_deadlock_with_a_reader_does_not_stop_a_migration(database: DatabaseUrls) -> None:
    """The reader holds a view that is dropped and waits for the migration: PostgreSQL cancels
    one.
    """
    superuser = create_engine(make_url(database.owner).set(username="postgres"), isolation_level="AUTOCOMMIT")
    ended: list[str | None] = []
    with superuser.connect() as reader, superuser.connect() as other:
        reader.execute(text("SET deadlock_timeout = '1min'"))  # it is not the one that is ended
        reader.execute(text("BEGIN"))
        reader.execute(text("LOCK TABLE frontline.public_origin IN ACCESS SHARE MODE"))
        migration = threading.Thread(target=lambda: ended.append(upgrade(database.owner)))
        migration.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
        wait_until(lambda: other.scalar(waits) or not migration.is_alive(), "the migration to wait for a lock")
        reader.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": locks.MIGRATION})
        reader.execute(text("COMMIT"))
        migration.join(timeout=SECONDS)
    superuser.dispose()
    assert ended == [head_revision()]


def test_counting_events_waits_for_a_lock_only_until_the_timeout(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(database.owner, "-1")
    monkeypatch.setattr("app.database.migrations._LOCK_TIMEOUT", "50ms")
    superuser = create_engine(make_url(database.owner).set(username="postgres"))
    with superuser.begin() as other:
        other.execute(text("LOCK TABLE frontline.event IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(OperationalError, match=r"(?s)lock timeout.*count\(\*\)") as caught:
            upgrade(database.owner)
    superuser.dispose()
    assert getattr(caught.value.orig, "sqlstate", None) == "55P03"


def test_migrations_at_the_same_time_wait_for_each_other(database: DatabaseUrls) -> None:
    downgrade(database.owner, "base")
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(database.owner)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    engine = create_engine(database.owner)
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()
    engine.dispose()
