"""The events as browsers load them: derived from what is public, and made anew at any time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Identity, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made


class EventColumnsPart(Base):
    """The public events of some days in columns, compressed twice; `hash` names the bytes.

    `spans` has those that touch more than one day. `first_day` and `last_day` are the days that its events touch,
    `public_from` the latest moment from which one of them is public; `recipe` tells what it was made by.
    """

    __tablename__ = "event_columns_part"
    __table_args__ = (
        CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name="hash"),
        CheckConstraint("from_day <= to_day AND first_day <= last_day", name="days"),
    )

    from_day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    spans: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    to_day: Mapped[dt.date] = mapped_column(Date)
    hash: Mapped[str] = mapped_column(Text, index=True)
    events: Mapped[int] = mapped_column(Integer)
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    decoded_bytes: Mapped[int] = mapped_column(Integer)
    brotli: Mapped[bytes] = mapped_column(LargeBinary)
    gzip: Mapped[bytes] = mapped_column(LargeBinary)
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    recipe: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]


class EventColumnsStale(Base):
    """A day whose part does not say any more what the events are; null: every day. Written by triggers.

    `removal`: something may have been taken back, and the part must not be handed out before it is made anew.
    """

    __tablename__ = "event_columns_stale"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    day: Mapped[dt.date | None] = mapped_column(Date)
    removal: Mapped[bool] = mapped_column(Boolean)


class EventColumnsWatch(Base):
    """One row: up to which moment embargoes that end by themselves have been taken into account."""

    __tablename__ = "event_columns_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    embargoes_until: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
