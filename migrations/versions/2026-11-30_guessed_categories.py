"""Adds the mark of events whose category was guessed from their text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# PostgreSQL adds a column with a constant default without writing the rows.
COST = Cost()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("event", sa.Column("category_guessed", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("event", "category_guessed")
