"""The columns of events for browsers, derived from public events."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Identity, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made


class EventColumnsPart(Base):
    """The public events of some days in columns, compressed as Brotli and gzip; `hash` names the
    content.

    `spans` marks parts of events that last more than one day. `first_day` and `last_day` are the
    days of its events. `public_from` is the latest moment at which one of its events became public.
    `recipe` is a hash of the format and the views that the part was built with.
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
    """A day whose part is out of date; null stands for every day. Triggers insert the rows.

    `removal`: an event may have been withdrawn, so the part is not served until it is rebuilt.
    """

    __tablename__ = "event_columns_stale"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    day: Mapped[dt.date | None] = mapped_column(Date)
    removal: Mapped[bool] = mapped_column(Boolean)


class EventColumnsWatch(Base):
    """One row: until when ended embargoes have been taken into account."""

    __tablename__ = "event_columns_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    embargoes_until: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
