"""Creates the tables of the desk: decisions on submissions, presence, comments, relations, bulk
changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RANKED = (
    "coalesce(priority, CASE WHEN problem_kind = 'endangers' OR 'personal_data' = ANY (sensitivity)"
    " OR 'prisoners' = ANY (sensitivity) THEN 3 ELSE 2 END)"
)


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    _submissions()
    op.add_column(
        "event", sa.Column("hiding_reviewed_at", sa.DateTime(timezone=True), nullable=True), schema="frontline"
    )
    op.create_index(
        "ix_event_in_review",
        "event",
        ["updated_at", "id"],
        schema="frontline",
        postgresql_where=sa.text("state = 'in_review'"),
    )
    op.create_index(
        "ix_event_hidden",
        "event",
        ["hidden_at", "id"],
        schema="frontline",
        postgresql_where=sa.text("hidden_at IS NOT NULL"),
    )
    _conversation()
    _relations()
    _work()


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema="frontline")


def _made(name: str = "created_at") -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _submissions() -> None:
    for name in ("state", "decided"):
        op.drop_constraint(op.f(f"ck_submission_{name}"), "submission", schema="frontline")
    op.execute("UPDATE frontline.submission SET state = 'question' WHERE state = 'asked'")
    for column in (
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("submitter_hash", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("result_event_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("submission", column, schema="frontline")
    op.execute(
        "UPDATE frontline.submission SET decided_by_name = 'not known',"
        " decision_reason = coalesce(decision_reason, 'not known') WHERE decided_at IS NOT NULL"
    )
    op.add_column(
        "submission",
        sa.Column("rank", sa.SmallInteger(), sa.Computed(RANKED, persisted=True), nullable=False),
        schema="frontline",
    )
    op.create_foreign_key(
        op.f("fk_submission_result_event_id_event"),
        "submission",
        "event",
        ["result_event_id"],
        ["id"],
        source_schema="frontline",
        referent_schema="frontline",
    )
    for name, condition in (
        ("state", "state IN ('received', 'in_review', 'question', 'accepted', 'merged', 'rejected')"),
        ("decided", "(state IN ('accepted', 'merged', 'rejected')) = (decided_at IS NOT NULL)"),
        ("priority", "priority BETWEEN 1 AND 3"),
        ("decided_by", "(decided_at IS NULL) = (decided_by_name IS NULL)"),
        ("reasoned", "state <> 'rejected' OR decision_reason IS NOT NULL"),
    ):
        _check("submission", name, condition)
    op.create_index(
        "ix_submission_queue",
        "submission",
        [sa.text("rank DESC"), "created_at", "id"],
        schema="frontline",
        postgresql_where=sa.text("state IN ('received', 'in_review', 'question')"),
    )


def _conversation() -> None:
    op.create_table(
        "submission_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("by_sender", sa.Boolean(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        _made(),
        sa.CheckConstraint("text <> ''", name=op.f("ck_submission_message_worded")),
        sa.CheckConstraint("by_sender = (made_by IS NULL)", name=op.f("ck_submission_message_voice")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["frontline.submission.id"],
            name=op.f("fk_submission_message_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_message")),
        schema="frontline",
    )
    op.create_index(
        op.f("ix_submission_message_submission_id_created_at"),
        "submission_message",
        ["submission_id", "created_at"],
        schema="frontline",
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        _made(),
        sa.CheckConstraint("text <> ''", name=op.f("ck_comment_worded")),
        sa.CheckConstraint("num_nonnulls(submission_id, event_id) = 1", name=op.f("ck_comment_subject")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["frontline.submission.id"],
            name=op.f("fk_comment_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["frontline.event.id"], name=op.f("fk_comment_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        schema="frontline",
    )
    for column in ("submission_id", "event_id"):
        op.create_index(op.f(f"ix_comment_{column}"), "comment", [column], schema="frontline")
    op.create_index(op.f("ix_comment_mentions"), "comment", ["mentions"], schema="frontline", postgresql_using="gin")


def _relations() -> None:
    op.create_table(
        "event_relation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        _made(),
        sa.CheckConstraint("kind IN ('same_incident', 'follows', 'contradicts')", name=op.f("ck_event_relation_kind")),
        sa.CheckConstraint("event_id <> other_id", name=op.f("ck_event_relation_two")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["frontline.event.id"], name=op.f(f"fk_event_relation_{column}_event"), ondelete="CASCADE"
            )
            for column in ("event_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "other_id", "kind", name=op.f("pk_event_relation")),
        schema="frontline",
    )
    op.create_index(op.f("ix_event_relation_other_id"), "event_relation", ["other_id"], schema="frontline")


def _work() -> None:
    op.create_table(
        "assignment",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=False),
        _made("made_at"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_assignment")),
        schema="frontline",
    )
    op.create_index(op.f("ix_assignment_member_id"), "assignment", ["member_id"], schema="frontline")
    op.create_table(
        "presence",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "member_id", name=op.f("pk_presence")),
        schema="frontline",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _made("decided_at"),
        sa.CheckConstraint("kind IN ('footage', 'problem')", name=op.f("ck_decision_kind")),
        sa.CheckConstraint("outcome IN ('accepted', 'merged', 'rejected')", name=op.f("ck_decision_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        schema="frontline",
    )
    op.create_index(op.f("ix_decision_decided_at"), "decision", ["decided_at"], schema="frontline")
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _made(),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
        schema="frontline",
    )
    op.create_index(op.f("ix_bulk_act_created_at"), "bulk_act", ["created_at"], schema="frontline")


def downgrade() -> None:
    op.execute("DROP TRIGGER IF EXISTS guard_d_version ON frontline.submission")
    for table in ("bulk_act", "decision", "presence", "assignment", "event_relation", "comment", "submission_message"):
        op.drop_table(table, schema="frontline")
    for index in ("ix_event_hidden", "ix_event_in_review"):
        op.drop_index(index, "event", schema="frontline")
    op.drop_column("event", "hiding_reviewed_at", schema="frontline")
    op.drop_index("ix_submission_queue", "submission", schema="frontline")
    for name in ("state", "decided", "priority", "decided_by", "reasoned"):
        op.drop_constraint(op.f(f"ck_submission_{name}"), "submission", schema="frontline")
    op.execute("UPDATE frontline.submission SET state = 'asked' WHERE state = 'question'")
    op.execute("UPDATE frontline.submission SET state = 'received' WHERE state = 'in_review'")
    op.execute("UPDATE frontline.submission SET state = 'accepted' WHERE state = 'merged'")
    for column in ("rank", "version", "priority", "submitter_hash", "decided_by", "decided_by_name"):
        op.drop_column("submission", column, schema="frontline")
    for column in ("decision_reason", "result_event_id"):
        op.drop_column("submission", column, schema="frontline")
    _check("submission", "state", "state IN ('received', 'asked', 'accepted', 'rejected')")
    _check("submission", "decided", "(state IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)")
