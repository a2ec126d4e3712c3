"""Sources: publications and posts, and the events that they document."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import SOURCE_CLASSES, SOURCE_ROLES, SOURCE_STATUSES
from app.models.columns import Made, RandomId, Version, one_of
from app.models.event import Event


class Source(Base):
    """A publication or post. `canonical_url` is unique; a source known only by name has none."""

    __tablename__ = "source"
    __table_args__ = (
        UniqueConstraint("canonical_url"),
        one_of("status", SOURCE_STATUSES),
        one_of("source_class", SOURCE_CLASSES),
        CheckConstraint("canonical_url ~ '^https?://'", name="canonical_url"),
        CheckConstraint("given_url ~* '^https?://'", name="given_url"),
        CheckConstraint("archive_url ~* '^https?://'", name="archive_url"),
        CheckConstraint("(canonical_url IS NULL) = (given_url IS NULL)", name="urls"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        # For imports: sources known by name only.
        Index("ix_source_name_only", "name", postgresql_where=text("canonical_url IS NULL")),
    )

    id: Mapped[RandomId]
    name: Mapped[str] = mapped_column(Text)
    canonical_url: Mapped[str | None] = mapped_column(Text)
    given_url: Mapped[str | None] = mapped_column(Text)
    platform: Mapped[str | None] = mapped_column(Text)
    publisher: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    language: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="unknown", default="unknown")
    archive_url: Mapped[str | None] = mapped_column(Text)
    source_class: Mapped[str] = mapped_column(Text, server_default="unknown", default="unknown")
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[Version]
    # When we first saw it, which is not public. A row is inserted only for something that is
    # reviewed or being reviewed.
    created_at: Mapped[Made]


class EventSource(Base):
    """The link of a source to an event: its role, and its position in the list.

    `added_at`: since when the event has the source; for a source that was added while the event was
    hidden or withdrawn, since when the event is public again. The public sees this moment, and not
    that of the source, which a draft may have had before.
    """

    __tablename__ = "event_source"
    __table_args__ = (one_of("role", SOURCE_ROLES), Index(None, "source_id"))

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Source.id), primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    added_at: Mapped[Made]
