"""Adds the canonical links of submissions; those that wait with the same link become one item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost
from app.sources.canonical import canonical_url
from app.sources.refusals import UnusableLink

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Depends on the number of submissions, not on that of events: each is read once.
COST = Cost()

_SUBMISSIONS = sa.text("SELECT id, footage_urls FROM submission WHERE kind = 'footage' ORDER BY created_at, id")
_INSERT = sa.text("INSERT INTO submission_link (submission_id, canonical_url) VALUES (:id, :url)")
# Each joins the oldest that waits with one of its links and that joined none itself: oldest first.
_JOIN = sa.text("""
    UPDATE submission s
    SET joined_to = (
        SELECT coalesce(item.joined_to, item.id)
        FROM submission item
        JOIN submission_link theirs ON theirs.submission_id = item.id
        JOIN submission_link ours ON ours.canonical_url = theirs.canonical_url AND ours.submission_id = s.id
        WHERE item.state IN ('received', 'in_review', 'question') AND (item.created_at, item.id) < (s.created_at, s.id)
        ORDER BY item.created_at, item.id
        LIMIT 1
    )
    WHERE s.id = :id
""")
_WAITING = sa.text("""
    SELECT s.id FROM submission s
    WHERE s.state IN ('received', 'in_review', 'question') AND EXISTS (
        SELECT FROM submission_link ours
        JOIN submission_link theirs ON theirs.canonical_url = ours.canonical_url AND theirs.submission_id <> s.id
        WHERE ours.submission_id = s.id
    )
    ORDER BY s.created_at, s.id
""")
_QUEUE = "state IN ('received', 'in_review', 'question')"


def _links(urls: list[str]) -> set[str]:
    found = set()
    for url in urls:
        try:
            found.add(canonical_url(url))
        except UnusableLink:  # accepted by an earlier version
            continue
    return found


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "submission_link",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_link_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "canonical_url", name=op.f("pk_submission_link")),
    )
    op.create_index(op.f("ix_submission_link_canonical_url"), "submission_link", ["canonical_url"])
    op.add_column("submission", sa.Column("joined_to", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_submission_joined_to_submission"),
        "submission",
        "submission",
        ["joined_to"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_check_constraint(op.f("ck_submission_joined_to"), "submission", "joined_to <> id")
    op.create_index(
        op.f("ix_submission_joined_to"), "submission", ["joined_to"], postgresql_where=sa.text("joined_to IS NOT NULL")
    )
    connection = op.get_bind()
    rows = [{"id": row.id, "url": url} for row in connection.execute(_SUBMISSIONS) for url in _links(row.footage_urls)]
    if rows:
        connection.execute(_INSERT, rows)
    for row in connection.execute(_WAITING).all():
        connection.execute(_JOIN, {"id": row.id})
    _index_queue(f"{_QUEUE} AND joined_to IS NULL")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _index_queue(_QUEUE)
    op.drop_column("submission", "joined_to")
    op.drop_table("submission_link")


def _index_queue(condition: str) -> None:
    op.drop_index("ix_submission_queue", "submission")
    op.create_index(
        "ix_submission_queue",
        "submission",
        [sa.text("rank DESC"), "created_at", "id"],
        postgresql_where=sa.text(condition),
    )
