"""Claims: what one party states about an event or an area."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import CLAIM_SUBJECTS, PARTY_KINDS, STANCES, Made, RandomId, Texts, one_of
from app.models.event import Event
from app.models.source import Source


class Claim(Base):
    """One party's statement; several about one event stand side by side and are never merged."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("party_kind", PARTY_KINDS),
        one_of("stance", STANCES),
        one_of("about", CLAIM_SUBJECTS),
        CheckConstraint("party <> '' AND statement <> ''", name="worded"),
        Index(None, "event_id"),
        Index(None, "source_id"),
    )

    id: Mapped[RandomId]
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Source.id))
    position: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    party: Mapped[str] = mapped_column(Text)
    party_kind: Mapped[str] = mapped_column(Text)
    stance: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, server_default="event", default="event")
    # How the statement reached us, nearest first: "article", "agency", "think tank", "official".
    chain: Mapped[Texts]
    stated_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Made]
