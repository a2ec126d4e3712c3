"""Creates the tables of territory: assessors, assessments, control areas, line histories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "assessor",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("definition <> ''", name=op.f("ck_assessor_definition")),
        sa.ForeignKeyConstraint(["slug"], ["frontline.origin.slug"], name=op.f("fk_assessor_slug_origin")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_assessor")),
        schema="frontline",
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("covers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_digest", sa.LargeBinary(), nullable=True),
        sa.Column("shape_digest", sa.LargeBinary(), nullable=False),
        sa.Column("repaired_rings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repaired_km2", sa.Float(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_assessment_withdrawn")),
        sa.CheckConstraint(
            "covers <@ ARRAY['occupied', 'gray_zone', 'advance', 'claimed', 'counteroffensive', 'liberated']::text[]",
            name=op.f("ck_assessment_covers"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'published', 'withdrawn')", name=op.f("ck_assessment_state")
        ),
        sa.CheckConstraint("cardinality(covers) > 0", name=op.f("ck_assessment_covers_something")),
        sa.CheckConstraint("isfinite(valid_from)", name=op.f("ck_assessment_valid_from")),
        sa.CheckConstraint("octet_length(file_digest) = 32", name=op.f("ck_assessment_file_digest")),
        sa.CheckConstraint("octet_length(shape_digest) = 32", name=op.f("ck_assessment_shape_digest")),
        sa.CheckConstraint("repaired_rings >= 0", name=op.f("ck_assessment_repaired_rings")),
        sa.ForeignKeyConstraint(
            ["assessor"], ["frontline.assessor.slug"], name=op.f("fk_assessment_assessor_assessor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("assessor", "valid_from", name=op.f("uq_assessment_assessor_valid_from")),
        schema="frontline",
    )
    op.create_table(
        "line_history_part",
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("decoded_bytes", sa.Integer(), nullable=False),
        sa.Column("assessments", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("first_valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name=op.f("ck_line_history_part_hash")),
        sa.CheckConstraint("cardinality(assessments) > 0", name=op.f("ck_line_history_part_assessments")),
        sa.ForeignKeyConstraint(
            ["assessor"],
            ["frontline.assessor.slug"],
            name=op.f("fk_line_history_part_assessor_assessor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessor", "position", name=op.f("pk_line_history_part")),
        sa.UniqueConstraint("hash", name=op.f("uq_line_history_part_hash")),
        schema="frontline",
    )
    op.create_table(
        "control_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since_before", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column(
            "shape",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("area_km2", sa.Float(), nullable=False),
        sa.CheckConstraint("NOT since_before OR status = 'occupied'", name=op.f("ck_control_area_since_before")),
        sa.CheckConstraint(
            "status IN ('occupied', 'gray_zone', 'advance', 'claimed', 'counteroffensive', 'liberated')",
            name=op.f("ck_control_area_status"),
        ),
        sa.CheckConstraint("NOT ST_IsEmpty(shape) AND ST_IsValid(shape)", name=op.f("ck_control_area_shape")),
        sa.CheckConstraint("area_km2 >= 0", name=op.f("ck_control_area_area_km2")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["frontline.assessment.id"],
            name=op.f("fk_control_area_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_area")),
        sa.UniqueConstraint("assessment_id", "position", name=op.f("uq_control_area_assessment_id_position")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_control_area_shape"),
        "control_area",
        ["shape"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
    )
    op.create_table(
        "observation",
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("octet_length(file_digest) = 32", name=op.f("ck_observation_file_digest")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["frontline.assessment.id"],
            name=op.f("fk_observation_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assessor"], ["frontline.assessor.slug"], name=op.f("fk_observation_assessor_assessor")
        ),
        sa.PrimaryKeyConstraint("assessor", "observed_at", name=op.f("pk_observation")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_observation_assessment_id"), "observation", ["assessment_id"], unique=False, schema="frontline"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(op.f("ix_observation_assessment_id"), table_name="observation", schema="frontline")
    op.drop_table("observation", schema="frontline")
    op.drop_index(op.f("ix_control_area_shape"), table_name="control_area", schema="frontline", postgresql_using="gist")
    op.drop_table("control_area", schema="frontline")
    op.drop_table("line_history_part", schema="frontline")
    op.drop_table("assessment", schema="frontline")
    op.drop_table("assessor", schema="frontline")
