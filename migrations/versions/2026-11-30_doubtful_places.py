"""Bars public events at 0, 0, and prepares for comparing the names of places with positions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Finds the events by the index on shapes. Points and tallies are rebuilt only if one of them is
# public.
COST = Cost(seconds_per_million_events=1)

AT_NULL_ISLAND = (
    "shape && ST_MakeEnvelope(-0.01, -0.01, 0.01, 0.01, 4326)"
    " AND ST_Intersects(shape, ST_MakeEnvelope(-0.01, -0.01, 0.01, 0.01, 4326))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_place_name_lower", "place_name", [sa.text("lower(spelling)")])
    # `points.sql`, which runs after every migration, rebuilds points and tallies if they are empty.
    op.execute(f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM event WHERE {AT_NULL_ISLAND} AND state = 'published' AND NOT barred) THEN
                INSERT INTO event_columns_stale (day, removal)
                SELECT DISTINCT (happened_from AT TIME ZONE 'UTC')::date, true
                FROM event WHERE {AT_NULL_ISLAND} AND state = 'published' AND NOT barred AND NOT misdated;
                UPDATE event SET barred = true WHERE {AT_NULL_ISLAND} AND state = 'published';
                TRUNCATE event_point, event_shape, event_tally, event_tally_change;
            END IF;
        END $$
    """)  # noqa: S608 - our own names


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_place_name_lower", "place_name")
