"""Public events in tables for maps. Triggers of `derived.sql` derive them from `public_event`."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Identity, Index, Integer, SmallInteger, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Moment, Shape

# The columns of events in tiles. The index includes them, so index-only scans are possible.
_SHOWN = (
    *("starts", "is_point", "x", "y", "id", "day", "days", "category", "actor", "affected", "verification"),
    *("origin", "time_precision", "precision_m", "public_from"),
)


class EventPoint(Base):
    """A public event in one of its months. An event of very many months has a single row with month
    `LONG`.

    `x`, `y` are units of Web Mercator from the north-west corner; the world has 2^30 in each
    direction. `morton` interleaves their bits, so that every tile is one range of it. `month`
    counts months (12 * year + month - 1). `starts` marks the row of the first month: for a range of
    months, an event has exactly one row that starts, or is in the first month of the range.
    `public_from` is the end of an embargo, which the view checks.
    """

    __tablename__ = "event_point"
    __table_args__ = (
        Index("ix_event_point_month_morton", "month", "morton", postgresql_include=list(_SHOWN)),
        Index("ix_event_point_day", "day", postgresql_include=["starts", "x", "y", "category", "public_from"]),
        # Events that tallies do not count: longer than a day, or not dated to the day.
        Index(
            "ix_event_point_untallied",
            "month",
            "morton",
            postgresql_include=[name for name in _SHOWN if name != "id"],
            postgresql_where=text("NOT tallied"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    starts: Mapped[bool]
    is_point: Mapped[bool]
    tallied: Mapped[bool]
    morton: Mapped[int] = mapped_column(BigInteger)
    x: Mapped[int] = mapped_column(Integer)
    y: Mapped[int] = mapped_column(Integer)
    # The first UTC day that it touches, and how many.
    day: Mapped[dt.date] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    happened_from: Mapped[Moment]
    happened_to: Mapped[Moment]
    category: Mapped[str] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    time_precision: Mapped[str] = mapped_column(Text)
    precision_m: Mapped[int | None] = mapped_column(Integer)
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class EventShape(Base):
    """The shape of a public event that is not a point. One event in hundreds has one, so shapes
    have a table of their own.
    """

    __tablename__ = "event_shape"
    __table_args__ = (Index(None, "shape", postgresql_using="gist"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    shape: Mapped[Shape]
    day: Mapped[dt.date] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    happened_from: Mapped[Moment]
    happened_to: Mapped[Moment]
    category: Mapped[str] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    time_precision: Mapped[str] = mapped_column(Text)
    precision_m: Mapped[int | None] = mapped_column(Integer)
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class EventTally(Base):
    """The number of events of a kind that begin in a cell, for each day of a year.

    A cell is a tile of zoom `level`, given by its Morton number `cell`, and by its column `x` and
    row `y`. `facet` selects events: empty for all, `category:strike` (with its children), `side:…`,
    `verification:…` or `origin:…`. These facets contain events within one UTC day that are dated to
    the day or better. Facets of other events begin with `longer/`, `month/` (dated to the month) or
    `year/`. `days` has 366 elements; `total` is their sum.
    """

    __tablename__ = "event_tally"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    facet: Mapped[str] = mapped_column(Text, primary_key=True)
    cell: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(Integer)
    y: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    days: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class EventTallyChange(Base):
    """A pending change of the tallies: `change` more events in a cell of level 10 on a day. Rows
    are only inserted.

    `span` is `day`, or `longer`, `month` or `year` as in the facets. With this table, transactions
    that publish at the same time do not wait for each other. Queries add the pending changes to the
    tallies; a background job folds them in.
    """

    __tablename__ = "event_tally_change"
    __table_args__ = (Index(None, "cell"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    cell: Mapped[int] = mapped_column(Integer)
    x: Mapped[int] = mapped_column(Integer)
    y: Mapped[int] = mapped_column(Integer)
    day: Mapped[dt.date] = mapped_column(Date)
    span: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    change: Mapped[int] = mapped_column(Integer)
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
