"""Which gazetteer an installation has loaded."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made


class GazetteerLoad(Base):
    """One row: the last load of the gazetteer. `edition` is a digest of everything that the places
    and their spellings were computed from (`app.places.edition`).
    """

    __tablename__ = "gazetteer_load"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    edition: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]
