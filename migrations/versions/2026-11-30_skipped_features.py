"""Adds the features that an import of areas skipped, to assessments and observations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.cost import Cost

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# A column with a constant default rewrites no row.
COST = Cost()

TABLES = ("assessment", "observation")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.add_column(table, sa.Column("skipped", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.drop_column(table, "skipped")
