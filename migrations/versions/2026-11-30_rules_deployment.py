"""Creates the record of the last deployment of functions, views, triggers and grants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.cost import Cost

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COST = Cost()


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "rules_deployment",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("server", sa.Integer(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rules_deployment_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_deployment")),
        schema="frontline",
    )
    # Earlier versions stored a digest here.
    op.execute("COMMENT ON SCHEMA frontline IS NULL")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("rules_deployment", schema="frontline")
