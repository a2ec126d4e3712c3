"""Creates the tables of event columns: parts, stale days, ends of embargoes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "event_columns_part",
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("spans", sa.Boolean(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("decoded_bytes", sa.Integer(), nullable=False),
        sa.Column("brotli", sa.LargeBinary(), nullable=False),
        sa.Column("gzip", sa.LargeBinary(), nullable=False),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name=op.f("ck_event_columns_part_hash")),
        sa.CheckConstraint("from_day <= to_day AND first_day <= last_day", name=op.f("ck_event_columns_part_days")),
        sa.PrimaryKeyConstraint("from_day", "spans", name=op.f("pk_event_columns_part")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_event_columns_part_hash"), "event_columns_part", ["hash"], unique=False, schema="frontline"
    )
    op.create_table(
        "event_columns_stale",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("removal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_columns_stale")),
        schema="frontline",
    )
    op.create_table(
        "event_columns_watch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("embargoes_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_event_columns_watch_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_columns_watch")),
        schema="frontline",
    )
    op.create_index(
        "ix_event_public_from",
        "event",
        ["public_from"],
        unique=False,
        schema="frontline",
        postgresql_where=sa.text("public_from IS NOT NULL"),
    )
    # Existing events have no part yet.
    op.execute("INSERT INTO frontline.event_columns_stale (day, removal) VALUES (NULL, false)")
    op.execute("INSERT INTO frontline.event_columns_watch (id, embargoes_until) VALUES (1, '1970-01-01T00:00:00Z')")


def downgrade() -> None:
    # CASCADE drops their triggers too.
    for function in ("event_inserted", "event_deleted", "event_updated", "origin_updated"):
        op.execute(f"DROP FUNCTION IF EXISTS frontline.{function}_is_stale() CASCADE")
    op.execute("DROP FUNCTION IF EXISTS frontline.event_may_be_shown(frontline.event)")
    op.drop_index("ix_event_public_from", table_name="event", schema="frontline")
    op.drop_table("event_columns_watch", schema="frontline")
    op.drop_table("event_columns_stale", schema="frontline")
    op.drop_index(op.f("ix_event_columns_part_hash"), table_name="event_columns_part", schema="frontline")
    op.drop_table("event_columns_part", schema="frontline")
