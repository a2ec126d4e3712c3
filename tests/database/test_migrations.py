"""The schema in the database is the one of the models, after every way there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import create_engine, text

from app.database.migrations import alembic_config, current_revision, downgrade, head_revision, upgrade

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


def test_a_view_that_was_changed_by_hand_is_put_right(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        before = connection.execute(PUBLIC_DEFINITIONS).all()
        connection.execute(text("DROP VIEW frontline.public_origin"))
        connection.execute(text("CREATE VIEW frontline.public_origin AS SELECT * FROM frontline.origin"))
    assert upgrade(database.owner) == head_revision()
    with engine.connect() as connection:
        assert connection.execute(PUBLIC_DEFINITIONS).all() == before
    engine.dispose()


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
