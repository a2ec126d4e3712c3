"""Folds and rebuilds the points and tallies of public events; triggers of the database update
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FOLD_EVERY_SECONDS: Final = 20.0
# Fewer changes than this cost queries no noticeable time.
_MIN_CHANGES: Final = 200


def fold_tallies(engine: Engine, *, at_least: int = _MIN_CHANGES) -> int:
    """Folds pending changes into the tallies if there are enough of them. Returns how many were
    folded.
    """
    with engine.begin() as connection:
        waiting = connection.scalar(
            text("SELECT count(*) FROM (SELECT FROM frontline.event_tally_change LIMIT :most) c"), {"most": at_least}
        )
        if not waiting or waiting < at_least:
            return 0
        return int(connection.scalar(text("SELECT frontline.tally()")) or 0)


def rebuild_points(engine: Engine, *, batch: int = 50_000) -> int:
    """Rebuilds the points and tallies of all public events in one transaction. Returns how many
    events have points.

    Readers see the old points until the transaction commits.

    Args:
        engine: connects as the role that writes, without a statement timeout.
        batch: how many events are inserted at once.
    """
    with engine.begin() as connection:
        # Blocks publishing between reading the events and writing their points.
        connection.execute(text("LOCK TABLE frontline.event, frontline.origin IN SHARE ROW EXCLUSIVE MODE"))
        for table in ("event_point", "event_shape", "event_tally", "event_tally_change"):
            connection.execute(text(f"DELETE FROM frontline.{table}"))  # noqa: S608 - our own names
        inserted = _insert_points(connection, batch)
        connection.execute(text("SELECT frontline.tally()"))
        connection.execute(text("SELECT pg_notify('frontline_content', '')"))
    return inserted


def _insert_points(connection: Connection, batch: int) -> int:
    connection.execute(
        text("""
            CREATE TEMPORARY TABLE to_make ON COMMIT DROP AS
            SELECT id, (row_number() OVER (ORDER BY happened_from, id) - 1) / :batch AS part
            FROM frontline.event WHERE state = 'published'
        """),
        {"batch": batch},
    )
    parts = connection.scalar(text("SELECT max(part) FROM to_make"))
    for part in range(0 if parts is None else int(parts) + 1):
        connection.execute(
            text("SELECT frontline.make_points(ARRAY(SELECT id FROM to_make WHERE part = :part))"), {"part": part}
        )
    return int(connection.scalar(text("SELECT count(*) FROM frontline.event_point WHERE starts")) or 0)
