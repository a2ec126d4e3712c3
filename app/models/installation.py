"""What all processes of an installation share: the incident switch, the counts of rate limits, the rules deployed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, Float, Index, LargeBinary, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made, Moment, one_of

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


class RulesDeployment(Base):
    """One row: what the last deployment of the database's rules made (`app/database/deployment.py`)."""

    __tablename__ = "rules_deployment"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    tree: Mapped[str] = mapped_column(Text)
    server: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[Made]
