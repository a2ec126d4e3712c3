"""State shared by all processes of an installation: the incident switch, rate limits, deployed
rules.
"""

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
    """The mode of the installation; no row means `normal`."""

    __tablename__ = "installation_switch"
    __table_args__ = (CheckConstraint("sole", name="sole"), one_of("mode", SWITCH_MODES))

    sole: Mapped[bool] = mapped_column(Boolean, primary_key=True, default=True, server_default="true")
    mode: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class RateCount(Base):
    """The time of an action that is rate-limited, under a key that changes daily and does not
    reveal the address.

    UNLOGGED: it is not in the write-ahead log, a replica or a backup, and is empty after a crash.
    """

    __tablename__ = "rate_count"
    __table_args__ = (Index(None, "forget_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    # Seconds since 1970, oldest first; no more than the limit allows.
    moments: Mapped[list[float]] = mapped_column(ARRAY(Float))
    forget_at: Mapped[Moment]


class RulesDeployment(Base):
    """One row: the result of the last deployment of the database's rules
    (`app/database/deployment.py`).
    """

    __tablename__ = "rules_deployment"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    tree: Mapped[str] = mapped_column(Text)
    server: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[Made]
