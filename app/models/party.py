"""Parties, who make claims about the war."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.fields.words import PARTY_KINDS
from app.models.columns import Made, RandomId, one_of


class Party(Base):
    """A ministry, a general staff, an outlet, or bloggers. Name and kind together identify a
    party.
    """

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("name", "kind"),
        one_of("kind", PARTY_KINDS),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[RandomId]
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Made]
