"""Origins of records: our own desk, a data set, another map."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made
from app.parsing.slugs import SLUG_PATTERN


class Origin(Base):
    """An origin of events, with its licence. Records of an origin that is not public are never
    published.
    """

    __tablename__ = "origin"
    __table_args__ = (
        CheckConstraint(f"slug ~ '{SLUG_PATTERN}'", name="slug"),
        # Public data must have a licence.
        CheckConstraint("NOT public OR licence <> ''", name="public_has_licence"),
    )

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    home_page: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    attribution: Mapped[str | None] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(server_default="false", default=False)
    created_at: Mapped[Made]
