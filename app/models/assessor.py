"""Assessors, who draw control areas, with their definitions of control."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made
from app.models.origin import Origin


class Assessor(Base):
    """An origin that draws areas. Areas of different assessors are never mixed. The origin has its
    name and licence.
    """

    __tablename__ = "assessor"
    __table_args__ = (CheckConstraint("definition <> ''", name="definition"),)

    slug: Mapped[str] = mapped_column(ForeignKey(Origin.slug), primary_key=True)
    # The assessor's definition of control, in a sentence or two; displayed with its line.
    definition: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Made]
