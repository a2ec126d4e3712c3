"""Events: what happened at a place during a time."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Base
from app.models.columns import (
    SENSITIVITIES,
    STATES,
    TIME_PRECISIONS,
    VERIFICATIONS,
    Made,
    Moment,
    RandomId,
    Shape,
    Texts,
    all_of,
    one_of,
)
from app.models.origin import Origin


class Event(Base):
    """One event. The public reads it through the view `public_event` alone."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("origin", "origin_id"),
        one_of("state", STATES),
        one_of("verification", VERIFICATIONS),
        one_of("time_precision", TIME_PRECISIONS),
        all_of("sensitivity", SENSITIVITIES),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("precision_m > 0", name="precision_m"),
        CheckConstraint(
            "happened_from < happened_to AND isfinite(happened_from) AND isfinite(happened_to)",
            name="happened",
        ),
        CheckConstraint("NOT ST_IsEmpty(shape) AND ST_IsValid(shape)", name="shape"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        Index(None, "shape", postgresql_using="gist"),
        Index("ix_event_newest_first", "happened_from", "id"),
        # The longest events are found apart from the many short ones: what ends after a moment.
        Index(None, "happened_to"),
        # Embargoes that end are looked for every second.
        Index("ix_event_public_from", "public_from", postgresql_where=text("public_from IS NOT NULL")),
        Index("ix_event_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )

    id: Mapped[RandomId]
    origin: Mapped[str] = mapped_column(ForeignKey(Origin.slug))
    origin_id: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[str | None] = mapped_column(Text)
    shape: Mapped[Shape]
    precision_m: Mapped[int | None] = mapped_column(Integer)
    happened_from: Mapped[Moment]
    happened_to: Mapped[Moment]
    time_precision: Mapped[str] = mapped_column(Text)
    time_inferred: Mapped[bool] = mapped_column(server_default="false", default=False)
    verification: Mapped[str] = mapped_column(Text)
    sensitivity: Mapped[Texts]
    state: Mapped[str] = mapped_column(Text, server_default="draft", default="draft")
    public_from: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    # Of the row as imported: tells a changed row from the same row again.
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[str] = mapped_column(
        Text, Computed("lower(title || ' ' || coalesce(description, ''))", persisted=True)
    )
    created_at: Mapped[Made]
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )

    places: Mapped[list[EventPlace]] = relationship(cascade="all, delete-orphan", order_by="EventPlace.position")


class EventPlace(Base):
    """A place that an event names, as its reports spell it.

    `geonameid` is no foreign key: the gazetteer may be loaded later than the event, or anew.
    """

    __tablename__ = "event_place"
    __table_args__ = (CheckConstraint("geonameid IS NOT NULL OR as_spelled IS NOT NULL", name="named"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    geonameid: Mapped[int | None] = mapped_column(Integer)
    as_spelled: Mapped[str | None] = mapped_column(Text)
