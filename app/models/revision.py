"""Revisions: the history of all important rows. Only the database inserts rows, and rows never
change.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base


class Revision(Base):
    """A change of a row: who, when, why, old and new values. Triggers insert it; no role of ours
    may change it.

    `subject_id` is the record whose history it belongs to: an event (also for its sources, claims
    and places), a source, a party, an area (for claims about it), or an assessment (also for its
    areas). For a new row, neither `old` nor `new` is stored: the row is in its table, or in `old`
    of the next revision.
    """

    __tablename__ = "revision"
    __table_args__ = (Index(None, "subject_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    relation: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[uuid.UUID]
    made_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    # The member, or null for a program; `made_by` names either.
    member_id: Mapped[uuid.UUID | None]
    made_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
