"""Events: what happened at a place and time."""

from __future__ import annotations

import datetime as dt
import uuid

from geoalchemy2 import Geometry, WKBElement
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
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Base
from app.fields.words import (
    SENSITIVITIES,
    STATES,
    TIME_PRECISIONS,
    VERIFICATIONS,
)
from app.models.columns import (
    SRID,
    Made,
    Misdated,
    Moment,
    RandomId,
    Shape,
    Texts,
    Version,
    all_of,
    allowed_dates,
    one_of,
)
from app.models.origin import Origin


class Event(Base):
    """An event. The public reads it through the view `public_event` only."""

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
        allowed_dates("happened_from", "happened_to"),
        CheckConstraint("NOT ST_IsEmpty(shape) AND ST_IsValid(shape)", name="shape"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        # A member who wrote or submitted an event cannot review it.
        CheckConstraint(
            "published_by IS NULL OR (published_by <> ALL (authors) AND published_by IS DISTINCT FROM submitted_by)",
            name="reviewed_by_another",
        ),
        CheckConstraint("exact_precision_m > 0", name="exact_precision_m"),
        CheckConstraint("set_aside_at IS NULL OR state = 'draft'", name="set_aside"),
        CheckConstraint("(set_aside_at IS NULL) = (set_aside_by_name IS NULL)", name="set_aside_by"),
        CheckConstraint("merged_into IS NULL OR set_aside_at IS NOT NULL", name="merged_into"),
        # Rows that `frontline migrate` lists.
        Index("ix_event_misdated", "id", postgresql_where=text("misdated")),
        # Imports to review.
        Index(
            "ix_event_imported",
            "created_at",
            "id",
            postgresql_where=text("state = 'draft' AND import_digest IS NOT NULL AND set_aside_at IS NULL"),
        ),
        Index(None, "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        # Lists of the desk: the review queue, and the events in a state, last changed first.
        Index(None, "state", "updated_at", "id"),
        Index("ix_event_hidden", "hidden_at", "id", postgresql_where=text("hidden_at IS NOT NULL")),
        Index("ix_event_due", "public_from", postgresql_where=text("state = 'published' AND released_at IS NULL")),
        Index(None, "shape", postgresql_using="gist"),
        Index(None, "exact_shape", postgresql_using="gist", postgresql_where=text("exact_shape IS NOT NULL")),
        Index("ix_event_newest_first", "happened_from", "id"),
        # Finds the few long events that end after a moment, apart from the many short ones.
        Index(None, "happened_to"),
        # A background job searches for ended embargoes every second.
        Index("ix_event_public_from", "public_from", postgresql_where=text("public_from IS NOT NULL")),
        Index("ix_event_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )

    id: Mapped[RandomId]
    origin: Mapped[str] = mapped_column(ForeignKey(Origin.slug))
    origin_id: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    category_guessed: Mapped[bool] = mapped_column(server_default="false", default=False)
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
    # When it first was public: at its publication, or at the end of its embargo. Set by the
    # database.
    released_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    # The policy forbids publishing it. Set by the database.
    barred: Mapped[bool] = mapped_column(server_default="false", default=False)
    misdated: Mapped[Misdated]
    # Hidden for somebody's safety, in any state; the public sees only the note.
    hidden_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    hidden_note: Mapped[str | None] = mapped_column(Text)
    # When a second member confirmed the hiding; a time before `hidden_at` means not yet.
    hiding_reviewed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    # Members: the authors, and who submitted, published and withdrew it.
    authors: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default="{}", default=list)
    submitted_by: Mapped[uuid.UUID | None]
    published_by: Mapped[uuid.UUID | None]
    withdrawn_by: Mapped[uuid.UUID | None]
    # A closed draft: an import that was rejected, or that another event replaces. It is kept, so
    # that the same row of a file is not imported again.
    set_aside_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    set_aside_by: Mapped[uuid.UUID | None]
    set_aside_by_name: Mapped[str | None] = mapped_column(Text)
    set_aside_reason: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("frontline.event.id"))
    # The exact shape, if the policy coarsens the public one; never public.
    exact_shape: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", srid=SRID, spatial_index=False))
    exact_precision_m: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[Version]
    # Digest of the imported row: distinguishes a changed row from an unchanged one.
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

    `geonameid` is not a foreign key: the gazetteer may be loaded later than the event, or reloaded.
    """

    __tablename__ = "event_place"
    __table_args__ = (CheckConstraint("geonameid IS NOT NULL OR as_spelled IS NOT NULL", name="named"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    geonameid: Mapped[int | None] = mapped_column(Integer)
    as_spelled: Mapped[str | None] = mapped_column(Text)
