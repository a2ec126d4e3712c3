"""Claims: statements of one party about an event or an area."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import CLAIM_SUBJECTS, STANCES
from app.models.columns import Made, RandomId, Texts, one_of
from app.models.control_area import ControlArea
from app.models.event import Event
from app.models.party import Party
from app.models.source import Source


class Claim(Base):
    """A statement of one party about an event or an area; claims are never merged.

    `about` says whether a claim about an event concerns the event or the control of the ground
    there.
    """

    __tablename__ = "claim"
    __table_args__ = (
        one_of("stance", STANCES),
        one_of("about", CLAIM_SUBJECTS),
        CheckConstraint("statement <> ''", name="worded"),
        CheckConstraint("num_nonnulls(event_id, area_id) = 1", name="subject"),
        CheckConstraint("area_id IS NULL OR about = 'area'", name="of_area"),
        Index(None, "event_id"),
        Index(None, "area_id"),
        Index(None, "source_id"),
    )

    id: Mapped[RandomId]
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(ControlArea.id, ondelete="CASCADE"))
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Source.id))
    position: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Party.id))
    stance: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, server_default="event", default="event")
    # How the statement reached us, nearest step first: "article", "agency", "think tank",
    # "official".
    chain: Mapped[Texts]
    stated_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Made]
