"""Places: the settlements of the gazetteer, and their spellings."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Spot, one_of

SPELLING_KINDS = ("name", "alternate", "former", "alias")


class Place(Base):
    """A settlement of the gazetteer. `in_theatre` and `distance_m` are computed when it is
    loaded.
    """

    __tablename__ = "place"
    __table_args__ = (Index(None, "spot", postgresql_using="gist"),)

    geonameid: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    admin1: Mapped[str | None] = mapped_column(Text)
    population: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    in_theatre: Mapped[bool]
    spot: Mapped[Spot]


class PlaceName(Base):
    """A spelling of a place. Searches compare `folded` (see `app.places.spelling`)."""

    __tablename__ = "place_name"
    __table_args__ = (
        one_of("kind", SPELLING_KINDS),
        CheckConstraint("spelling <> ''", name="spelling"),
        Index(None, "geonameid"),
        Index(None, "folded"),
        # Finds a name as reports spell it (`app.derived.doubtful_places`).
        Index("ix_place_name_lower", text("lower(spelling)")),
        Index(
            "ix_place_name_alike",
            "folded",
            postgresql_using="gist",
            postgresql_ops={"folded": "gist_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    geonameid: Mapped[int] = mapped_column(ForeignKey(Place.geonameid, ondelete="CASCADE"))
    spelling: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
