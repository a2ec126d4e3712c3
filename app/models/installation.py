"""What all processes of an installation share: the incident switch, and the counts of rate limits."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, DateTime, Float, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Moment, one_of

SWITCH_MODES = ("normal", "read_only", "closed")


class InstallationSwitch(Base):
    """How much the installation does at the moment: one row, or none for `normal`."""

    __tablename__ = "installation_switch"
    __table_args__ = (CheckConstraint("sole", name="sole"), one_of("mode", SWITCH_MODES))

    sole: Mapped[bool] = mapped_column(Boolean, primary_key=True, default=True, server_default="true")
    mode: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class RateCount(Base):
    """When something that is limited was done, under a key that changes daily and no address can be read from.

    UNLOGGED: it is in no write-ahead log, in no replica and no backup, and is empty after a crash.
    """

    __tablename__ = "rate_count"
    __table_args__ = (Index(None, "forget_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    # Seconds since 1970, oldest first; no more than the limit allows.
    moments: Mapped[list[float]] = mapped_column(ARRAY(Float))
    forget_at: Mapped[Moment]
