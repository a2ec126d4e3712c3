"""Adds the class of sources, and the origin of points, by which tiles are filtered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Points and tallies of all events are rebuilt. Measured on 100 000 synthetic events: 12 s of
# processor time, 190 MB of tables and 230 MB of write-ahead log; the tallies grow more slowly than
# the events.
COST = Cost(seconds_per_million_events=120, megabytes_per_million_events=3000)

BEFORE = [
    *("starts", "is_point", "x", "y", "id", "day", "days", "category", "actor", "affected", "verification"),
    *("time_precision", "precision_m", "public_from"),
]
AFTER = [*BEFORE[:11], "origin", *BEFORE[11:]]


def _index_points(shown: list[str]) -> None:
    op.drop_index("ix_event_point_month_morton", "event_point")
    op.drop_index("ix_event_point_untallied", "event_point")
    op.create_index(
        "ix_event_point_month_morton", "event_point", ["month", "morton"], unique=False, postgresql_include=shown
    )
    op.create_index(
        "ix_event_point_untallied",
        "event_point",
        ["month", "morton"],
        unique=False,
        postgresql_include=[name for name in shown if name != "id"],
        postgresql_where=sa.text("NOT tallied"),
    )


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("source", sa.Column("source_class", sa.Text(), server_default="unknown", nullable=False))
    op.create_check_constraint(
        op.f("ck_source_source_class"),
        "source",
        "source_class IN ('party', 'state_affiliated', 'independent', 'unknown')",
    )
    # Derived tables: `points.sql`, which runs after every migration, rebuilds them if they are
    # empty.
    op.execute("TRUNCATE event_point, event_shape, event_tally, event_tally_change")
    for table in ("event_point", "event_shape", "event_tally_change"):
        op.add_column(table, sa.Column("origin", sa.Text(), nullable=False))
    _index_points(AFTER)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("TRUNCATE event_point, event_shape, event_tally, event_tally_change")
    _index_points(BEFORE)
    for table in ("event_point", "event_shape", "event_tally_change"):
        op.drop_column(table, "origin")
    op.drop_constraint(op.f("ck_source_source_class"), "source", type_="check")
    op.drop_column("source", "source_class")
