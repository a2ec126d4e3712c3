"""Creates policies, parties, claims about areas and revisions; adds publication columns to
events.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTY_KINDS = "'ministry', 'general_staff', 'official', 'think_tank', 'outlet', 'bloggers', 'eyewitness', 'unnamed'"
SUBMISSION_STATES = "state IN ('received', 'asked', 'accepted', 'rejected')"


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "category_policy",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("embargo_hours", sa.Float(), server_default="0", nullable=False),
        sa.Column("coarsen_m", sa.Float(), nullable=True),
        sa.Column("forbidden_for", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint("coarsen_m > 0", name=op.f("ck_category_policy_coarsen_m")),
        sa.CheckConstraint("embargo_hours >= 0", name=op.f("ck_category_policy_embargo_hours")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_category_policy")),
        schema="frontline",
    )
    op.create_table(
        "content_revision",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_content_revision")),
        sa.UniqueConstraint("transaction", name=op.f("uq_content_revision_transaction")),
        schema="frontline",
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("old", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("new", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_revision_subject_id_id"), "revision", ["subject_id", "id"], unique=False, schema="frontline"
    )
    _parties()
    _events()
    op.add_column("source", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="frontline")
    _check("source", "status", "status IN ('live', 'deleted', 'hidden', 'unknown')")
    op.add_column("assessment", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True), schema="frontline")
    op.add_column(
        "assessment", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="frontline"
    )
    op.add_column("submission", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True), schema="frontline")
    _check("submission", "state", SUBMISSION_STATES)
    op.create_check_constraint(
        op.f("ck_submission_decided"),
        "submission",
        "(state IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)",
        schema="frontline",
    )
    for table in ("event", "assessment"):
        op.execute(
            f"UPDATE frontline.{table} SET released_at = greatest(created_at, public_from)"  # noqa: S608 - our own names
            " WHERE state IN ('published', 'withdrawn') AND (public_from IS NULL OR public_from <= now())"
        )


def _parties() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"kind IN ({PARTY_KINDS})", name=op.f("ck_party_kind")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_party_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("name", "kind", name=op.f("uq_party_name_kind")),
        schema="frontline",
    )
    op.execute(
        "INSERT INTO frontline.party (id, name, kind)"
        " SELECT gen_random_uuid(), party, party_kind FROM frontline.claim GROUP BY party, party_kind"
    )
    op.add_column("claim", sa.Column("party_id", sa.Uuid(), nullable=True), schema="frontline")
    op.execute(
        "UPDATE frontline.claim c SET party_id = p.id FROM frontline.party p WHERE p.name = c.party AND p.kind = c.party_kind"
    )
    op.alter_column("claim", "party_id", nullable=False, schema="frontline")
    op.drop_constraint(op.f("ck_claim_worded"), "claim", schema="frontline")
    op.drop_column("claim", "party_kind", schema="frontline")
    op.drop_column("claim", "party", schema="frontline")
    op.add_column("claim", sa.Column("area_id", sa.Uuid(), nullable=True), schema="frontline")
    op.alter_column("claim", "event_id", nullable=True, schema="frontline")
    op.create_index(op.f("ix_claim_area_id"), "claim", ["area_id"], unique=False, schema="frontline")
    op.create_foreign_key(
        op.f("fk_claim_party_id_party"),
        "claim",
        "party",
        ["party_id"],
        ["id"],
        source_schema="frontline",
        referent_schema="frontline",
    )
    op.create_foreign_key(
        op.f("fk_claim_area_id_control_area"),
        "claim",
        "control_area",
        ["area_id"],
        ["id"],
        source_schema="frontline",
        referent_schema="frontline",
        ondelete="CASCADE",
    )
    for name, condition in (
        ("worded", "statement <> ''"),
        ("subject", "num_nonnulls(event_id, area_id) = 1"),
        ("of_area", "area_id IS NULL OR about = 'area'"),
    ):
        op.create_check_constraint(op.f(f"ck_claim_{name}"), "claim", condition, schema="frontline")


def _events() -> None:
    for column in (
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barred", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_note", sa.Text(), nullable=True),
        sa.Column("authors", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column(
            "exact_shape",
            Geometry(srid=4326, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"),
            nullable=True,
        ),
        sa.Column("exact_precision_m", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column("event", column, schema="frontline")
    op.create_index(
        "ix_event_due",
        "event",
        ["public_from"],
        unique=False,
        schema="frontline",
        postgresql_where=sa.text("state = 'published' AND released_at IS NULL"),
    )
    op.create_index(
        op.f("ix_event_exact_shape"),
        "event",
        ["exact_shape"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
        postgresql_where=sa.text("exact_shape IS NOT NULL"),
    )
    for name, condition in (
        (
            "reviewed_by_another",
            "published_by IS NULL OR (published_by <> ALL (authors) AND published_by IS DISTINCT FROM submitted_by)",
        ),
        ("exact_precision_m", "exact_precision_m > 0"),
    ):
        op.create_check_constraint(op.f(f"ck_event_{name}"), "event", condition, schema="frontline")


def _check(table: str, name: str, condition: str) -> None:
    """Replaces a check constraint."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, schema="frontline")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema="frontline")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Functions of `guards.sql` that write the dropped tables; their triggers are dropped too.
    for function in (
        "apply_policy", "keep_steps", "note_release", "count_version", "refuse_deletion", "record_revisions",
        "note_content", "keep_confirmed", "voice_of", "coarse",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION IF EXISTS frontline.{function} CASCADE")
    op.execute("DROP VIEW IF EXISTS frontline.publication_step")
    op.execute("DELETE FROM frontline.submission WHERE state <> 'received'")
    op.drop_constraint(op.f("ck_submission_decided"), "submission", schema="frontline")
    _check("submission", "state", "state IN ('received')")
    op.drop_column("submission", "decided_at", schema="frontline")
    op.execute("UPDATE frontline.source SET status = 'unknown' WHERE status = 'hidden'")
    _check("source", "status", "status IN ('live', 'deleted', 'unknown')")
    op.drop_column("source", "version", schema="frontline")
    # The earlier revision cannot hide these events, so they become drafts.
    op.execute(
        "UPDATE frontline.event SET state = 'draft', withdrawn_at = NULL, withdrawn_reason = NULL"
        " WHERE hidden_at IS NOT NULL OR barred"
    )
    op.drop_constraint(op.f("ck_event_reviewed_by_another"), "event", schema="frontline")
    op.drop_index("ix_event_due", table_name="event", schema="frontline")
    op.drop_index(op.f("ix_event_exact_shape"), table_name="event", schema="frontline")
    for column in (
        "version", "exact_precision_m", "exact_shape", "withdrawn_by", "published_by", "submitted_by", "authors",
        "hidden_note", "hidden_at", "barred", "released_at",
    ):  # fmt: skip
        op.drop_column("event", column, schema="frontline")
    op.execute("DELETE FROM frontline.claim WHERE event_id IS NULL")
    for name in ("of_area", "subject", "worded"):
        op.drop_constraint(op.f(f"ck_claim_{name}"), "claim", schema="frontline")
    op.add_column("claim", sa.Column("party", sa.Text(), nullable=True), schema="frontline")
    op.add_column("claim", sa.Column("party_kind", sa.Text(), nullable=True), schema="frontline")
    op.execute(
        "UPDATE frontline.claim c SET party = p.name, party_kind = p.kind FROM frontline.party p WHERE p.id = c.party_id"
    )
    op.alter_column("claim", "party", nullable=False, schema="frontline")
    op.alter_column("claim", "party_kind", nullable=False, schema="frontline")
    op.create_check_constraint(op.f("ck_claim_worded"), "claim", "party <> '' AND statement <> ''", schema="frontline")
    op.create_check_constraint(
        op.f("ck_claim_party_kind"), "claim", f"party_kind IN ({PARTY_KINDS})", schema="frontline"
    )
    op.drop_index(op.f("ix_claim_area_id"), table_name="claim", schema="frontline")
    op.drop_column("claim", "area_id", schema="frontline")
    op.drop_column("claim", "party_id", schema="frontline")
    op.alter_column("claim", "event_id", nullable=False, schema="frontline")
    op.drop_column("assessment", "version", schema="frontline")
    op.drop_column("assessment", "released_at", schema="frontline")
    for table in ("revision", "party", "content_revision", "category_policy"):
        op.drop_table(table, schema="frontline")
