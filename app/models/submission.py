"""Submissions from the public. No column stores who sent one, or from where."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import (
    PROBLEM_KINDS,
    SENSITIVITIES,
    SUBMISSION_KINDS,
    SUBMISSION_STATES,
    TIME_PRECISIONS,
)
from app.models.columns import (
    SRID,
    Made,
    Misdated,
    RandomId,
    Texts,
    Version,
    all_of,
    allowed_dates,
    one_of,
)
from app.models.event import Event

# States of undecided submissions.
OPEN_STATES = ("received", "in_review", "question")
URGENT = 3
# 3 urgent, 2 normal, 1 low. Danger, personal data and prisoners are urgent, unless a member sets
# another rank.
RANKED = (
    "coalesce(priority, CASE WHEN problem_kind = 'endangers' OR 'personal_data' = ANY (sensitivity)"
    " OR 'prisoners' = ANY (sensitivity) THEN 3 ELSE 2 END)"
)


class Submission(Base):
    """A link to footage, or a report of a problem with an event; never public before review.

    The tracking code and the idempotency key are stored as keyed hashes.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("tracking_hash"),
        UniqueConstraint("idempotency_hash"),
        one_of("kind", SUBMISSION_KINDS),
        one_of("state", SUBMISSION_STATES),
        one_of("time_precision", TIME_PRECISIONS),
        one_of("problem_kind", PROBLEM_KINDS),
        all_of("sensitivity", SENSITIVITIES),
        CheckConstraint(
            "kind <> 'footage' OR (cardinality(footage_urls) BETWEEN 1 AND 10 AND spot IS NOT NULL"
            " AND happened_from IS NOT NULL AND happened_to IS NOT NULL AND time_precision IS NOT NULL)",
            name="footage",
        ),
        CheckConstraint("kind <> 'problem' OR (event_id IS NOT NULL AND problem_kind IS NOT NULL)", name="problem"),
        CheckConstraint("precision_m > 0", name="precision_m"),
        CheckConstraint(
            "happened_from < happened_to AND isfinite(happened_from) AND isfinite(happened_to)",
            name="happened",
        ),
        allowed_dates("happened_from", "happened_to"),
        Index(None, "spot", postgresql_using="gist"),
        CheckConstraint("(state IN ('accepted', 'merged', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_name IS NULL)", name="decided_by"),
        CheckConstraint("state <> 'rejected' OR decision_reason IS NOT NULL", name="reasoned"),
        # The queue: waiting submissions, most urgent first, then oldest.
        Index(
            "ix_submission_queue",
            text("rank DESC"),
            "created_at",
            "id",
            postgresql_where=text("state IN ('received', 'in_review', 'question') AND joined_to IS NULL"),
        ),
        Index(None, "joined_to", postgresql_where=text("joined_to IS NOT NULL")),
        CheckConstraint("joined_to <> id", name="joined_to"),
        Index(None, "created_at"),
        Index(None, "event_id"),
    )

    id: Mapped[RandomId]
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="received", default="received")
    tracking_hash: Mapped[bytes] = mapped_column(LargeBinary)
    idempotency_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    footage_urls: Mapped[Texts]
    geolocation_url: Mapped[str | None] = mapped_column(Text)
    spot: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False))
    precision_m: Mapped[int | None] = mapped_column(Integer)
    happened_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    happened_to: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    misdated: Mapped[Misdated]
    time_precision: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[str | None] = mapped_column(Text)
    sensitivity: Mapped[Texts]
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Event.id))
    problem_kind: Mapped[str | None] = mapped_column(Text)
    # Warnings that the sender confirmed, for the reviewer: [{code, field, message, suggestion}].
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    # The submission with the same footage whose item in the queue it belongs to.
    joined_to: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("frontline.submission.id", ondelete="SET NULL"))
    version: Mapped[Version]
    priority: Mapped[int | None] = mapped_column(SmallInteger)
    rank: Mapped[int] = mapped_column(SmallInteger, Computed(RANKED, persisted=True))
    # Keyed hash of the signed-in member who sent it, who cannot decide it; null for others.
    submitter_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by: Mapped[uuid.UUID | None]
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    # The text for the sender.
    decision_reason: Mapped[str | None] = mapped_column(Text)
    # The event that was created from it, or that it was added to as a source.
    result_event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Event.id))
    # Submissions that were not accepted are deleted some time after this.
    decided_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Made]


class SubmissionLink(Base):
    """A canonical link of the footage of a submission: equal for all spellings of a link."""

    __tablename__ = "submission_link"
    __table_args__ = (Index(None, "canonical_url"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Submission.id, ondelete="CASCADE"), primary_key=True)
    canonical_url: Mapped[str] = mapped_column(Text, primary_key=True)
