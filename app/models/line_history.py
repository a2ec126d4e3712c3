"""The history of a line for browsers, derived from public assessments."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.assessor import Assessor
from app.models.columns import Made


class LineHistoryPart(Base):
    """Some assessments of one assessor in compact form; a part needs the parts before it.

    `content` is gzipped, and `hash` names it. It is public as long as all of `assessments` are
    public.
    """

    __tablename__ = "line_history_part"
    __table_args__ = (
        UniqueConstraint("hash"),
        CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name="hash"),
        CheckConstraint("cardinality(assessments) > 0", name="assessments"),
    )

    assessor: Mapped[str] = mapped_column(ForeignKey(Assessor.slug, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    decoded_bytes: Mapped[int] = mapped_column(Integer)
    # In the order of the part, which is the order in which they were added.
    assessments: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    first_valid_from: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    last_valid_from: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[Made]
