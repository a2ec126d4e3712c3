"""Adds the rule of dates to events, submissions and assessments. Rows that break it are marked and
kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Reads all events twice. Points and tallies are rebuilt only if an event that has points is marked.
COST = Cost(seconds_per_million_events=3)

RANGE = (
    "happened_from >= '1900-01-01T00:00:00+00:00'::timestamptz AND isfinite(happened_from)"
    " AND (happened_to AT TIME ZONE 'UTC') <= (happened_from AT TIME ZONE 'UTC') + interval '10 years'"
)
RULES = {
    "event": ("happened_from", RANGE),
    "submission": ("happened_from", RANGE),
    "assessment": (
        "valid_from",
        "valid_from >= '1900-01-01T00:00:00+00:00'::timestamptz AND isfinite(valid_from)",
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, (start, rule) in RULES.items():
        op.add_column(table, sa.Column("misdated", sa.Boolean(), server_default="false", nullable=False))
        future = f"{start} > now() + interval '24 hours'"
        op.execute(f"UPDATE {table} SET misdated = true WHERE NOT ({rule}) OR {future}")  # noqa: S608 - our own names
        op.create_check_constraint(op.f(f"ck_{table}_allowed_dates"), table, f"misdated OR ({rule})")
    op.create_index("ix_event_misdated", "event", ["id"], unique=False, postgresql_where=sa.text("misdated"))
    # Parts of the columns that have a marked event are not served until they are rebuilt. Python
    # reads `day`, which must be of the years 1 to 9999.
    op.execute("""
        INSERT INTO event_columns_stale (day, removal)
        SELECT DISTINCT CASE
            WHEN happened_from BETWEEN '0001-01-02' AND '9999-12-30' THEN (happened_from AT TIME ZONE 'UTC')::date
        END, true
        FROM event WHERE misdated AND state = 'published'
    """)
    # `points.sql`, which runs after every migration, rebuilds points and tallies if they are empty.
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM event_point p JOIN event e USING (id) WHERE e.misdated) THEN
                TRUNCATE event_point, event_shape, event_tally, event_tally_change;
            END IF;
        END $$
    """)
    # The release job creates the history of an assessor that has none.
    op.execute("""
        DELETE FROM line_history_part WHERE assessor IN (SELECT assessor FROM assessment WHERE misdated)
    """)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_event_misdated", "event")
    for table in RULES:
        op.drop_constraint(op.f(f"ck_{table}_allowed_dates"), table, type_="check")
        op.drop_column(table, "misdated")
