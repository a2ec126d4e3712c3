"""Adds the edition of the loaded gazetteer, so that a server loads it anew when it changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Creates an empty table.
COST = Cost()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "gazetteer_load",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_gazetteer_load_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gazetteer_load")),
        schema="frontline",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("gazetteer_load", schema="frontline")
