"""Adds rejected imports, and the table with the policy of the two-person rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ("set_aside_at", "set_aside_by", "set_aside_by_name", "set_aside_reason", "merged_into")
_CHECKS = {
    "set_aside": "set_aside_at IS NULL OR state = 'draft'",
    "set_aside_by": "(set_aside_at IS NULL) = (set_aside_by_name IS NULL)",
    "merged_into": "merged_into IS NULL OR set_aside_at IS NOT NULL",
}


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_by", sa.Uuid(), nullable=True),
        sa.Column("set_aside_by_name", sa.Text(), nullable=True),
        sa.Column("set_aside_reason", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
    ):
        op.add_column("event", column, schema="frontline")
    op.create_foreign_key(
        op.f("fk_event_merged_into_event"),
        "event",
        "event",
        ["merged_into"],
        ["id"],
        source_schema="frontline",
        referent_schema="frontline",
    )
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_event_{name}"), "event", condition, schema="frontline")
    op.create_index(
        "ix_event_imported",
        "event",
        ["created_at", "id"],
        schema="frontline",
        postgresql_where=sa.text("state = 'draft' AND import_digest IS NOT NULL AND set_aside_at IS NULL"),
    )
    op.create_index(
        op.f("ix_event_merged_into"),
        "event",
        ["merged_into"],
        schema="frontline",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "desk_policy",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("second_person_near_line_km", sa.Float(), server_default="10", nullable=False),
        sa.Column("second_person_always", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_desk_policy_one")),
        sa.CheckConstraint("second_person_near_line_km >= 0", name=op.f("ck_desk_policy_near_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_policy")),
        schema="frontline",
    )
    op.execute("INSERT INTO frontline.desk_policy (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("desk_policy", schema="frontline")
    op.execute("DROP TRIGGER IF EXISTS guard_b_two_persons ON frontline.event")
    op.execute("DROP FUNCTION IF EXISTS frontline.keep_two_persons()")
    op.execute("DROP FUNCTION IF EXISTS frontline.why_two_persons(text, public.geometry)")
    for name in _CHECKS:
        op.drop_constraint(op.f(f"ck_event_{name}"), "event", schema="frontline")
    op.drop_index("ix_event_imported", "event", schema="frontline")
    op.drop_index(op.f("ix_event_merged_into"), "event", schema="frontline")
    op.drop_constraint(op.f("fk_event_merged_into_event"), "event", schema="frontline")
    for name in _COLUMNS:
        op.drop_column("event", name, schema="frontline")
