"""Two settlements, for tests that need no whole gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.models import Place, PlaceName

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# Longitude and latitude.
SETTLEMENTS: Final = {"Pokrovsk": (37.1836, 48.2831), "Zvirove": (37.12879, 48.25057)}
_UKRAINIAN: Final = {"Pokrovsk": "Покровськ", "Zvirove": "Звірове"}


def insert_settlements(session: Session) -> None:
    """Inserts the settlements, each with its name in English and in Ukrainian."""
    for number, (name, (longitude, latitude)) in enumerate(SETTLEMENTS.items(), 1):
        spot = f"SRID=4326;POINT({longitude} {latitude})"
        session.add(Place(geonameid=number, name=name, country="UA", population=5_000, in_theatre=True, spot=spot))
        session.flush()
        for spelling, language in ((name, "en"), (_UKRAINIAN[name], "uk")):
            session.add(
                PlaceName(geonameid=number, spelling=spelling, folded=name.lower(), kind="name", language=language)
            )
    session.commit()
