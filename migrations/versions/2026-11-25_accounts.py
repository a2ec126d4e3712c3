"""Creates the tables of accounts, sessions, tokens, the incident switch and shared rate limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("temporary_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("factor_seed", sa.LargeBinary(), nullable=True),
        sa.Column("factor_seed_offered", sa.LargeBinary(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'", name=op.f("ck_account_name")),
        sa.CheckConstraint("role IN ('contributor', 'analyst', 'editor', 'admin')", name=op.f("ck_account_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        schema="frontline",
    )
    op.create_index(op.f("ix_account_name"), "account", ["name"], unique=True, schema="frontline")
    op.create_table(
        "installation_switch",
        sa.Column("sole", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("mode IN ('normal', 'read_only', 'closed')", name=op.f("ck_installation_switch_mode")),
        sa.CheckConstraint("sole", name=op.f("ck_installation_switch_sole")),
        sa.PrimaryKeyConstraint("sole", name=op.f("pk_installation_switch")),
        schema="frontline",
    )
    op.create_table(
        "rate_count",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("moments", postgresql.ARRAY(sa.Float()), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
        schema="frontline",
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_count_forget_at"), "rate_count", ["forget_at"], unique=False, schema="frontline")
    op.create_table(
        "sign_in_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("succeeded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", "account_id", name=op.f("pk_sign_in_count")),
        schema="frontline",
    )
    op.create_table(
        "account_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("by_account_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('created', 'role_changed', 'disabled', 'enabled', 'password_reset', 'password_changed', 'second_factor_on', 'second_factor_off', 'recovery_codes_made', 'recovery_code_used', 'token_made', 'token_revoked', 'signed_out', 'everyone_signed_out', 'switched')",
            name=op.f("ck_account_act_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["frontline.account.id"], name=op.f("fk_account_act_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["frontline.account.id"], name=op.f("fk_account_act_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_act")),
        schema="frontline",
    )
    op.create_index(op.f("ix_account_act_at"), "account_act", ["at"], unique=False, schema="frontline")
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("label <> ''", name=op.f("ck_api_token_label")),
        sa.CheckConstraint("scope IN ('read', 'write')", name=op.f("ck_api_token_scope")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["frontline.account.id"], name=op.f("fk_api_token_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        schema="frontline",
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False, schema="frontline")
    op.create_table(
        "member_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["frontline.account.id"],
            name=op.f("fk_member_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_session")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_member_session_session_hash")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_member_session_account_id"), "member_session", ["account_id"], unique=False, schema="frontline"
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["frontline.account.id"],
            name=op.f("fk_recovery_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
        schema="frontline",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("recovery_code", schema="frontline")
    op.drop_index(op.f("ix_member_session_account_id"), table_name="member_session", schema="frontline")
    op.drop_table("member_session", schema="frontline")
    op.drop_index(op.f("ix_api_token_account_id"), table_name="api_token", schema="frontline")
    op.drop_table("api_token", schema="frontline")
    op.drop_index(op.f("ix_account_act_at"), table_name="account_act", schema="frontline")
    op.drop_table("account_act", schema="frontline")
    op.drop_table("sign_in_count", schema="frontline")
    op.drop_index(op.f("ix_rate_count_forget_at"), table_name="rate_count", schema="frontline")
    op.drop_table("rate_count", schema="frontline")
    op.drop_table("installation_switch", schema="frontline")
    op.drop_index(op.f("ix_account_name"), table_name="account", schema="frontline")
    op.drop_table("account", schema="frontline")
