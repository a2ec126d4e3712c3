"""Adds an index of the sources that are known by name only, which imports look up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COST = Cost(seconds_per_million_events=1, megabytes_per_million_events=1)


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_source_name_only",
        "source",
        ["name"],
        schema="frontline",
        postgresql_where=sa.text("canonical_url IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_source_name_only", table_name="source", schema="frontline")
