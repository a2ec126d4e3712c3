"""Deletes the line histories, which have no kinds of edges; the program rebuilds them within
seconds.
"""

from __future__ import annotations

from alembic import op

from app.database.cost import Cost

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Depends on the number of assessments, not on that of events.
COST = Cost()


def upgrade() -> None:
    """Deletes all parts; the releaser rebuilds the histories of assessors that have none."""
    op.execute("DELETE FROM line_history_part")
