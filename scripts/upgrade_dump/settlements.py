"""Stores a few settlements as the gazetteer, with the code of the earlier commit.

`__main__.py` runs it as a program with that checkout first on PYTHONPATH. The ids are those
in the demo's events; this is not an extract of GeoNames.
"""

from __future__ import annotations

from sqlalchemy import create_engine

from app.database.embedded import running_cluster
from app.places.load import Gazetteer, LoadReport, Settlement, collect_spellings, name_settlements, store
from app.settings import Settings
from app.theatre import read_theatre

# GeoNames id, name, degrees, inhabitants in thousands, other spellings.
SETTLEMENTS = (
    (704422, "Pokrovsk", 37.18, 48.28, 60, ("Покровськ", "Покровск", "Krasnoarmiysk")),
    (710035, "Myrnohrad", 37.26, 48.3, 45, ("Мирноград", "Mirnograd", "Dymytrov")),
    (686799, "Zvirove", 37.13, 48.24, 1, ("Звірове", "Zverovo")),
    (697889, "Pavlohrad", 35.87, 48.53, 100, ("Павлоград", "Pavlograd")),
    (900001, "Invented Village", 30.2, 49.1, 2, ("Вигадане", "Invented")),
    (900002, "Invented Village", 31.2, 49.05, 3, ("Вигадане",)),
)


def main() -> None:
    """Replaces the gazetteer."""
    settings = Settings()
    theatre = read_theatre(settings.theatre)
    settlements = [
        Settlement(
            geonameid=geonameid,
            name=name,
            country="UA",
            admin1=None,
            population=thousands * 1000,
            longitude=longitude,
            latitude=latitude,
            in_theatre=True,
            alternates=alternates,
        )
        for geonameid, name, longitude, latitude, thousands, alternates in SETTLEMENTS
    ]
    settlements = name_settlements(settlements, theatre)
    spellings = [*collect_spellings(settlements, [], [])]
    told = LoadReport(places=len(settlements), spellings=len(spellings), aliases=0, aliases_unused=0, struck=0)
    with running_cluster(settings.data_dir) as cluster:
        engine = create_engine(cluster.url("frontline_app"))
        store(engine, Gazetteer(settlements, spellings, told))
        engine.dispose()


if __name__ == "__main__":
    main()
