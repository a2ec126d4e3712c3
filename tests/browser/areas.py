"""Made-up areas for the map page: their rings around Zvirove, files of them, and their import."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine

from app.database.engines import DatabaseUrls, server_options
from app.exchange.origins import OriginTerms
from app.exchange.territory.importing import TerritoryOptions, import_territory

if TYPE_CHECKING:
    from pathlib import Path

    from app.theatre import Theatre

HELD = [[36.75, 48.0], [36.75, 48.17], [37.03, 48.225], [37.12, 48.238], [37.17, 48.233], [37.5, 48.35], [37.5, 48.0]]
AHEAD = [[36.75, 48.0], [36.75, 48.17], [37.03, 48.225], [37.12, 48.241], [37.17, 48.236], [37.5, 48.35], [37.5, 48.0]]
TOUCHING = [[37.03, 48.225], [37.12, 48.238], [37.17, 48.233], [37.165, 48.2465], [37.06, 48.244]]
COVERING = [[37.03, 48.225], [37.12, 48.238], [37.17, 48.233], [37.18, 48.256], [37.06, 48.25]]
# Zvirove, as the gazetteer has it, in the middle of the view.
ZVIROVE = "at=48.25057,37.12879,12"


def areas_file(
    path: Path, assessor: str, name: str, days: dict[str, dict[str, list[list[float]]]], licence: str
) -> None:
    """Writes the areas of an assessor; `days` maps each time to rings by status."""
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"status": status, "valid_from": moment},
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }
        for moment, areas in days.items()
        for status, ring in areas.items()
    ]
    covers = ["occupied", "gray_zone"] if assessor == "sketch" else ["occupied"]
    head = {"type": "FeatureCollection", "assessor": assessor, "name": name, "licence": licence, "covers": covers}
    path.write_text(json.dumps(head | {"features": features}), "utf-8")


def import_areas(urls: DatabaseUrls, theatre: Theatre, folder: Path, *, added: int) -> None:
    """Imports all files of a folder as public assessments."""
    engine = create_engine(urls.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    terms = OriginTerms(licence="CC BY 4.0")
    report = import_territory(engine, theatre, [folder], "areas-geojson", TerritoryOptions(public=True, terms=terms))
    engine.dispose()
    assert report.outcomes == {"added": added}, report.refused
