"""Creates the points of public events by Morton code and month, and tallies by cell and day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SHOWN = [
    *("starts", "is_point", "x", "y", "id", "day", "days", "category", "actor", "affected", "verification"),
    *("time_precision", "precision_m", "public_from"),
]


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "event_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts", sa.Boolean(), nullable=False),
        sa.Column("is_point", sa.Boolean(), nullable=False),
        sa.Column("tallied", sa.Boolean(), nullable=False),
        sa.Column("morton", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("happened_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("affected", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("time_precision", sa.Text(), nullable=False),
        sa.Column("precision_m", sa.Integer(), nullable=True),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "month", name=op.f("pk_event_point")),
        schema="frontline",
    )
    for name, columns, included, where in (
        ("month_morton", ["month", "morton"], SHOWN, None),
        ("day", ["day"], ["starts", "x", "y", "category", "public_from"], None),
        ("untallied", ["month", "morton"], [one for one in SHOWN if one != "id"], "NOT tallied"),
    ):
        op.create_index(
            f"ix_event_point_{name}",
            "event_point",
            columns,
            unique=False,
            schema="frontline",
            postgresql_include=included,
            postgresql_where=None if where is None else sa.text(where),
        )
    op.create_table(
        "event_shape",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "shape",
            Geometry(srid=4326, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("happened_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("affected", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("time_precision", sa.Text(), nullable=False),
        sa.Column("precision_m", sa.Integer(), nullable=True),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_shape")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_event_shape_shape"),
        "event_shape",
        ["shape"],
        unique=False,
        schema="frontline",
        postgresql_using="gist",
    )
    op.create_table(
        "event_tally",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("cell", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("level", "facet", "cell", "year", name=op.f("pk_event_tally")),
        schema="frontline",
    )
    op.create_table(
        "event_tally_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("affected", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_tally_change")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_event_tally_change_cell"), "event_tally_change", ["cell"], unique=False, schema="frontline"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Functions of `derived.sql`; their triggers are dropped too.
    for function in (
        "keep_points",
        "keep_points_of_origin",
        "tell_of_change",
        "derive_points",
        "forget_points",
        "make_points",
        "forget_all_points",
        "sample_percent",
        "with_days",
        "tally",
        "morton",
    ):
        op.execute(f"DROP FUNCTION IF EXISTS frontline.{function} CASCADE")
    for table in ("event_tally_change", "event_tally", "event_shape", "event_point"):
        op.drop_table(table, schema="frontline")
