"""Creates the core tables: origins, events, sources, claims, places, submissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "origin",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("home_page", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("NOT public OR licence <> ''", name=op.f("ck_origin_public_has_licence")),
        sa.CheckConstraint("slug ~ '^[a-z][a-z0-9_-]*$'", name=op.f("ck_origin_slug")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_origin")),
        schema="frontline",
    )
    op.create_table(
        "place",
        sa.Column("geonameid", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), server_default="0", nullable=False),
        sa.Column("in_theatre", sa.Boolean(), nullable=False),
        sa.Column(
            "spot",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("geonameid", name=op.f("pk_place")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_place_spot"),
        "place",
        ["spot"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("given_url", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("archive_url", sa.Text(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("archive_url ~* '^https?://'", name=op.f("ck_source_archive_url")),
        sa.CheckConstraint("canonical_url ~ '^https?://'", name=op.f("ck_source_canonical_url")),
        sa.CheckConstraint("given_url ~* '^https?://'", name=op.f("ck_source_given_url")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_source_name")),
        sa.CheckConstraint("status IN ('live', 'deleted', 'unknown')", name=op.f("ck_source_status")),
        sa.CheckConstraint("(canonical_url IS NULL) = (given_url IS NULL)", name=op.f("ck_source_urls")),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_source_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("canonical_url", name=op.f("uq_source_canonical_url")),
        schema="frontline",
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("affected", sa.Text(), nullable=True),
        sa.Column(
            "shape",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("precision_m", sa.Integer(), nullable=True),
        sa.Column("happened_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_precision", sa.Text(), nullable=False),
        sa.Column("time_inferred", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("sensitivity", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("import_digest", sa.LargeBinary(), nullable=True),
        sa.Column(
            "words",
            sa.Text(),
            sa.Computed("lower(title || ' ' || coalesce(description, ''))", persisted=True),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_event_withdrawn")),
        sa.CheckConstraint(
            "sensitivity <@ ARRAY['graphic', 'civilians', 'own_positions', 'personal_data', 'prisoners']::text[]",
            name=op.f("ck_event_sensitivity"),
        ),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'published', 'withdrawn')", name=op.f("ck_event_state")),
        sa.CheckConstraint(
            "time_precision IN ('minute', 'hour', 'day', 'month', 'year')",
            name=op.f("ck_event_time_precision"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_event_title")),
        sa.CheckConstraint(
            "verification IN ('reported', 'geolocated', 'confirmed', 'disputed', 'refuted')",
            name=op.f("ck_event_verification"),
        ),
        sa.CheckConstraint("NOT ST_IsEmpty(shape) AND ST_IsValid(shape)", name=op.f("ck_event_shape")),
        sa.CheckConstraint(
            "happened_from < happened_to AND isfinite(happened_from) AND isfinite(happened_to)",
            name=op.f("ck_event_happened"),
        ),
        sa.CheckConstraint("precision_m > 0", name=op.f("ck_event_precision_m")),
        sa.ForeignKeyConstraint(["origin"], ["frontline.origin.slug"], name=op.f("fk_event_origin_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("origin", "origin_id", name=op.f("uq_event_origin_origin_id")),
        schema="frontline",
    )
    op.create_index(op.f("ix_event_happened_to"), "event", ["happened_to"], unique=False, schema="frontline")
    op.create_index("ix_event_newest_first", "event", ["happened_from", "id"], unique=False, schema="frontline")
    op.create_index(
        op.f("ix_event_shape"),
        "event",
        ["shape"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
    )
    op.create_index(
        "ix_event_words",
        "event",
        ["words"],
        unique=False,
        schema="frontline",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "place_name",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("geonameid", sa.Integer(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('name', 'alternate', 'former', 'alias')", name=op.f("ck_place_name_kind")),
        sa.CheckConstraint("spelling <> ''", name=op.f("ck_place_name_spelling")),
        sa.ForeignKeyConstraint(
            ["geonameid"],
            ["frontline.place.geonameid"],
            name=op.f("fk_place_name_geonameid_place"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_name")),
        schema="frontline",
    )
    op.create_index(
        "ix_place_name_alike",
        "place_name",
        ["folded"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
        postgresql_ops={"folded": "gist_trgm_ops"},
    )
    op.create_index(op.f("ix_place_name_folded"), "place_name", ["folded"], unique=False, schema="frontline")
    op.create_index(op.f("ix_place_name_geonameid"), "place_name", ["geonameid"], unique=False, schema="frontline")
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("party_kind", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default="event", nullable=False),
        sa.Column("chain", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("about IN ('event', 'area')", name=op.f("ck_claim_about")),
        sa.CheckConstraint("party <> '' AND statement <> ''", name=op.f("ck_claim_worded")),
        sa.CheckConstraint(
            "party_kind IN ('ministry', 'general_staff', 'official', 'think_tank', 'outlet', 'bloggers', 'eyewitness', 'unnamed')",
            name=op.f("ck_claim_party_kind"),
        ),
        sa.CheckConstraint("stance IN ('asserts', 'denies')", name=op.f("ck_claim_stance")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["frontline.event.id"], name=op.f("fk_claim_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["frontline.source.id"], name=op.f("fk_claim_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        schema="frontline",
    )
    op.create_index(op.f("ix_claim_event_id"), "claim", ["event_id"], unique=False, schema="frontline")
    op.create_index(op.f("ix_claim_source_id"), "claim", ["source_id"], unique=False, schema="frontline")
    op.create_table(
        "event_place",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("geonameid", sa.Integer(), nullable=True),
        sa.Column("as_spelled", sa.Text(), nullable=True),
        sa.CheckConstraint("geonameid IS NOT NULL OR as_spelled IS NOT NULL", name=op.f("ck_event_place_named")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["frontline.event.id"],
            name=op.f("fk_event_place_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_event_place")),
        schema="frontline",
    )
    op.create_table(
        "event_source",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "role IN ('footage', 'geolocation', 'report', 'statement')", name=op.f("ck_event_source_role")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["frontline.event.id"],
            name=op.f("fk_event_source_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["frontline.source.id"], name=op.f("fk_event_source_source_id_source")),
        sa.PrimaryKeyConstraint("event_id", "source_id", name=op.f("pk_event_source")),
        schema="frontline",
    )
    op.create_index(op.f("ix_event_source_source_id"), "event_source", ["source_id"], unique=False, schema="frontline")
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("tracking_hash", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_hash", sa.LargeBinary(), nullable=True),
        sa.Column("footage_urls", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("geolocation_url", sa.Text(), nullable=True),
        sa.Column(
            "spot",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("precision_m", sa.Integer(), nullable=True),
        sa.Column("happened_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("happened_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_precision", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("affected", sa.Text(), nullable=True),
        sa.Column("sensitivity", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("problem_kind", sa.Text(), nullable=True),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind <> 'footage' OR (cardinality(footage_urls) BETWEEN 1 AND 10 AND spot IS NOT NULL AND happened_from IS NOT NULL AND happened_to IS NOT NULL AND time_precision IS NOT NULL)",
            name=op.f("ck_submission_footage"),
        ),
        sa.CheckConstraint(
            "kind <> 'problem' OR (event_id IS NOT NULL AND problem_kind IS NOT NULL)",
            name=op.f("ck_submission_problem"),
        ),
        sa.CheckConstraint("kind IN ('footage', 'problem')", name=op.f("ck_submission_kind")),
        sa.CheckConstraint(
            "problem_kind IN ('wrong_place', 'wrong_date', 'old_footage', 'endangers', 'other')",
            name=op.f("ck_submission_problem_kind"),
        ),
        sa.CheckConstraint(
            "sensitivity <@ ARRAY['graphic', 'civilians', 'own_positions', 'personal_data', 'prisoners']::text[]",
            name=op.f("ck_submission_sensitivity"),
        ),
        sa.CheckConstraint("state IN ('received')", name=op.f("ck_submission_state")),
        sa.CheckConstraint(
            "time_precision IN ('minute', 'hour', 'day', 'month', 'year')",
            name=op.f("ck_submission_time_precision"),
        ),
        sa.CheckConstraint(
            "happened_from < happened_to AND isfinite(happened_from) AND isfinite(happened_to)",
            name=op.f("ck_submission_happened"),
        ),
        sa.CheckConstraint("precision_m > 0", name=op.f("ck_submission_precision_m")),
        sa.ForeignKeyConstraint(["event_id"], ["frontline.event.id"], name=op.f("fk_submission_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("idempotency_hash", name=op.f("uq_submission_idempotency_hash")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_submission_tracking_hash")),
        schema="frontline",
    )
    op.create_index(op.f("ix_submission_created_at"), "submission", ["created_at"], unique=False, schema="frontline")
    op.create_index(op.f("ix_submission_event_id"), "submission", ["event_id"], unique=False, schema="frontline")
    op.create_index(
        op.f("ix_submission_spot"),
        "submission",
        ["spot"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(
        op.f("ix_submission_spot"),
        table_name="submission",
        schema="frontline",
        postgresql_using="gist",
    )
    op.drop_index(op.f("ix_submission_event_id"), table_name="submission", schema="frontline")
    op.drop_index(op.f("ix_submission_created_at"), table_name="submission", schema="frontline")
    op.drop_table("submission", schema="frontline")
    op.drop_index(op.f("ix_event_source_source_id"), table_name="event_source", schema="frontline")
    op.drop_table("event_source", schema="frontline")
    op.drop_table("event_place", schema="frontline")
    op.drop_index(op.f("ix_claim_source_id"), table_name="claim", schema="frontline")
    op.drop_index(op.f("ix_claim_event_id"), table_name="claim", schema="frontline")
    op.drop_table("claim", schema="frontline")
    op.drop_index(op.f("ix_place_name_geonameid"), table_name="place_name", schema="frontline")
    op.drop_index(op.f("ix_place_name_folded"), table_name="place_name", schema="frontline")
    op.drop_index(
        "ix_place_name_alike",
        table_name="place_name",
        schema="frontline",
        postgresql_using="gist",
        postgresql_ops={"folded": "gist_trgm_ops"},
    )
    op.drop_table("place_name", schema="frontline")
    op.drop_index(
        "ix_event_words",
        table_name="event",
        schema="frontline",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.drop_index(
        op.f("ix_event_shape"),
        table_name="event",
        schema="frontline",
        postgresql_using="gist",
    )
    op.drop_index("ix_event_newest_first", table_name="event", schema="frontline")
    op.drop_index(op.f("ix_event_happened_to"), table_name="event", schema="frontline")
    op.drop_table("event", schema="frontline")
    op.drop_table("source", schema="frontline")
    op.drop_index(
        op.f("ix_place_spot"),
        table_name="place",
        schema="frontline",
        postgresql_using="gist",
    )
    op.drop_table("place", schema="frontline")
    op.drop_table("origin", schema="frontline")
