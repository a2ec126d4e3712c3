"""Adds the priority of events at the desk, and an index of events by state and time of change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "event_priority",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_event_priority_priority")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["frontline.event.id"],
            name=op.f("fk_event_priority_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_priority")),
        schema="frontline",
    )
    op.create_index(op.f("ix_event_state_updated_at_id"), "event", ["state", "updated_at", "id"], schema="frontline")
    op.drop_index("ix_event_in_review", table_name="event", schema="frontline")


def downgrade() -> None:
    op.create_index(
        "ix_event_in_review",
        "event",
        ["updated_at", "id"],
        schema="frontline",
        postgresql_where=sa.text("state = 'in_review'"),
    )
    op.drop_index(op.f("ix_event_state_updated_at_id"), table_name="event", schema="frontline")
    op.drop_table("event_priority", schema="frontline")
