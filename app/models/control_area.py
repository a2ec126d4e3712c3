"""Control areas: the polygons of an assessment."""

from __future__ import annotations

import uuid
from typing import Final

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import SRID, RandomId, one_of

# `gray_zone` is contested or not known; `advance` is operated in, not controlled.
AREA_STATUSES: Final = ("occupied", "gray_zone", "advance", "claimed", "counteroffensive", "liberated")
# Of ground that one side holds; where it meets other ground, there is the front line.
HELD_STATUSES: Final = ("occupied",)


class ControlArea(Base):
    """An area with a status. `since_before`: held since before the first day of the theatre; summed
    separately.
    """

    __tablename__ = "control_area"
    __table_args__ = (
        UniqueConstraint("assessment_id", "position"),
        one_of("status", AREA_STATUSES),
        CheckConstraint("NOT since_before OR status = 'occupied'", name="since_before"),
        CheckConstraint("NOT ST_IsEmpty(shape) AND ST_IsValid(shape)", name="shape"),
        CheckConstraint("area_km2 >= 0", name="area_km2"),
        Index(None, "shape", postgresql_using="gist"),
    )

    id: Mapped[RandomId]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("frontline.assessment.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(Text)
    since_before: Mapped[bool] = mapped_column(server_default="false", default=False)
    label: Mapped[str | None] = mapped_column(Text)
    shape: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False))
    # On the ellipsoid, measured on import.
    area_km2: Mapped[float] = mapped_column(Float)
