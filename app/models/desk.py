"""The work of the desk: assignments, priorities, presence, decisions and bulk changes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import OUTCOMES, SUBMISSION_KINDS
from app.models.columns import Made, Moment, RandomId, one_of
from app.models.event import Event


class Assignment(Base):
    """The member to whom an item of the queue is assigned: a submission, or an event under
    review.
    """

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "member_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID]
    member_name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]


class EventPriority(Base):
    """The priority that a member gave an event or import in the queue; without a row it is normal.

    It is stored apart from the event, because it is not a fact about the event, makes no version,
    and is not public.
    """

    __tablename__ = "event_priority"
    __table_args__ = (CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    priority: Mapped[int] = mapped_column(SmallInteger)


class Presence(Base):
    """A member views an item: a lease that expires. The table is UNLOGGED."""

    __tablename__ = "presence"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_name: Mapped[str] = mapped_column(Text)
    until: Mapped[Moment]


class Decision(Base):
    """The decision on a submission, for statistics. It stays when the submission is deleted, and
    contains none of its data.
    """

    __tablename__ = "decision"
    __table_args__ = (one_of("kind", SUBMISSION_KINDS), one_of("outcome", OUTCOMES), Index(None, "decided_at"))

    id: Mapped[RandomId]
    kind: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    received_at: Mapped[Moment]
    decided_at: Mapped[Made]


class BulkAct(Base):
    """A bulk change of events, with their previous values, so that it can be undone."""

    __tablename__ = "bulk_act"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[RandomId]
    member_id: Mapped[uuid.UUID]
    made_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    # {"verification": "disputed"} or {"step": "publish"}, say.
    change: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # [{id, before: {field: value}, version}]: `version` is the version after the change.
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_at: Mapped[Made]
    undone_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by_name: Mapped[str | None] = mapped_column(Text)
