"""Messages between the desk and senders of submissions, and comments of members."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made, RandomId
from app.models.event import Event
from app.models.submission import Submission


class SubmissionMessage(Base):
    """A question of the desk to the sender of a submission, or the answer. The sender does not see
    who asked.
    """

    __tablename__ = "submission_message"
    __table_args__ = (
        CheckConstraint("text <> ''", name="worded"),
        # Nothing is stored about the sender.
        CheckConstraint("by_sender = (made_by IS NULL)", name="voice"),
        Index(None, "submission_id", "created_at"),
    )

    id: Mapped[RandomId]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Submission.id, ondelete="CASCADE"))
    by_sender: Mapped[bool]
    member_id: Mapped[uuid.UUID | None]
    made_by: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Made]


class Comment(Base):
    """A comment of a member on a submission or an event; it is never public."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("text <> ''", name="worded"),
        CheckConstraint("num_nonnulls(submission_id, event_id) = 1", name="subject"),
        Index(None, "submission_id"),
        Index(None, "event_id"),
        Index(None, "mentions", postgresql_using="gin"),
    )

    id: Mapped[RandomId]
    submission_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Submission.id, ondelete="CASCADE"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    member_id: Mapped[uuid.UUID]
    made_by: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # Members whom it mentions by @name.
    mentions: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default="{}", default=list)
    created_at: Mapped[Made]
