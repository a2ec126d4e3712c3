"""Relations between events, for the desk."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import RELATION_KINDS
from app.models.columns import Made, one_of
from app.models.event import Event


class EventRelation(Base):
    """A relation between two events: same incident, follows, or contradicts."""

    __tablename__ = "event_relation"
    __table_args__ = (
        one_of("kind", RELATION_KINDS),
        CheckConstraint("event_id <> other_id", name="two"),
        Index(None, "other_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Made]
