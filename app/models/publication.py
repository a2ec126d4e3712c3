"""The publication policy, which guards of the database read, and the revisions of public
content.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Float, Identity, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Texts


class CategoryPolicy(Base):
    """The policy of a category, as in the theatre's file. A category without a policy has no
    row.
    """

    __tablename__ = "category_policy"
    __table_args__ = (
        CheckConstraint("embargo_hours >= 0", name="embargo_hours"),
        CheckConstraint("coarsen_m > 0", name="coarsen_m"),
    )

    category: Mapped[str] = mapped_column(Text, primary_key=True)
    embargo_hours: Mapped[float] = mapped_column(Float, server_default="0", default=0.0)
    coarsen_m: Mapped[float | None] = mapped_column(Float)
    forbidden_for: Mapped[Texts]


class DeskPolicy(Base):
    """One row: when a second member is needed, as in the theatre's file."""

    __tablename__ = "desk_policy"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("second_person_near_line_km >= 0", name="near_line"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    second_person_near_line_km: Mapped[float] = mapped_column(Float, server_default="10")
    second_person_always: Mapped[bool] = mapped_column(server_default="false")


class ContentRevision(Base):
    """One row for each transaction that changed public content; the rows number its revisions."""

    __tablename__ = "content_revision"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    transaction: Mapped[int] = mapped_column(BigInteger, unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
