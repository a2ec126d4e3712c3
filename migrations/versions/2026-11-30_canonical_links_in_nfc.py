"""Writes the canonical links of sources in Unicode's form NFC (decision 0005)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.database.cost import Cost
from app.sources.canonical import canonical_url
from app.sources.refusals import UnusableLink

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Reads all sources once. Measured with a million sources whose links have Cyrillic letters; other
# links cost a tenth.
COST = Cost(seconds_per_million_events=90)

# The links with encoded characters that are not ASCII, oldest sources first.
ENCODED = sa.text("SELECT id, canonical_url FROM source WHERE canonical_url ~ '%[C-F]' ORDER BY created_at, id")
# A source that has this link already stays as it is, and so does this one: what was published is
# not merged.
COMPOSED = sa.text(
    "UPDATE source SET canonical_url = :composed WHERE id = :id"
    " AND NOT EXISTS (SELECT FROM source other WHERE other.canonical_url = :composed)"
)


def _composed(url: str) -> str:
    try:
        return canonical_url(url)
    except UnusableLink:  # accepted by an earlier version
        return url


def upgrade() -> None:
    # A migration must not wait long for a reader: it fails and can be run again.
    op.execute("SET LOCAL lock_timeout = '5s'")
    connection = op.get_bind()
    changed = [
        {"id": row.id, "composed": composed}
        for row in connection.execute(ENCODED, execution_options={"yield_per": 10_000})
        if (composed := _composed(row.canonical_url)) != row.canonical_url
    ]
    for one in changed:
        connection.execute(COMPOSED, one)


def downgrade() -> None:
    """Changes nothing: the code before reads both forms."""
