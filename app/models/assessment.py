"""Assessments: the areas of one assessor from a moment on, and later observations of the same
areas.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import STATES
from app.models.assessor import Assessor
from app.models.columns import (
    Made,
    Misdated,
    Moment,
    RandomId,
    Texts,
    Version,
    all_of,
    allowed_dates,
    one_of,
)
from app.models.control_area import AREA_STATUSES


class Assessment(Base):
    """The areas that an assessor published for the time from `valid_from` to its next assessment.

    A status that is not in `covers` is unknown, not absent. `shape_digest` identifies equal areas,
    which are stored as an `Observation` and not as a new assessment.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("assessor", "valid_from"),
        one_of("state", STATES),
        all_of("covers", AREA_STATUSES),
        CheckConstraint("cardinality(covers) > 0", name="covers_something"),
        CheckConstraint("isfinite(valid_from)", name="valid_from"),
        allowed_dates("valid_from"),
        CheckConstraint("octet_length(file_digest) = 32", name="file_digest"),
        CheckConstraint("octet_length(shape_digest) = 32", name="shape_digest"),
        CheckConstraint("repaired_rings >= 0", name="repaired_rings"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
    )

    id: Mapped[RandomId]
    assessor: Mapped[str] = mapped_column(ForeignKey(Assessor.slug))
    valid_from: Mapped[Moment]
    misdated: Mapped[Misdated]
    covers: Mapped[Texts]
    file_name: Mapped[str | None] = mapped_column(Text)
    file_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    shape_digest: Mapped[bytes] = mapped_column(LargeBinary)
    # The number of shapes that the import repaired, and the total change of their area in km².
    repaired_rings: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    repaired_km2: Mapped[float] = mapped_column(Float, server_default="0", default=0.0)
    # The features of the file that the import skipped because their status is unknown, each with
    # the reason. The map lacks them.
    skipped: Mapped[Texts]
    state: Mapped[str] = mapped_column(Text, server_default="draft", default="draft")
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    # When it first was public: at its publication, or at the end of its embargo. Set by the
    # database.
    released_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
    created_at: Mapped[Made]


class Observation(Base):
    """The areas of an assessment, observed unchanged at a later moment."""

    __tablename__ = "observation"
    __table_args__ = (
        Index(None, "assessment_id"),
        CheckConstraint("octet_length(file_digest) = 32", name="file_digest"),
    )

    assessor: Mapped[str] = mapped_column(ForeignKey(Assessor.slug), primary_key=True)
    observed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Assessment.id, ondelete="CASCADE"))
    file_name: Mapped[str | None] = mapped_column(Text)
    file_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    skipped: Mapped[Texts]
