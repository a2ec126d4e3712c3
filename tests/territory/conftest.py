"""Fixtures for tests of territory: simple areas, and files of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.database.engines import DatabaseUrls, make_engines, server_options
from app.database.session import Sessions
from app.exchange.territory.importing import TerritoryOptions, TerritoryReport, import_territory
from app.main import create_app

if TYPE_CHECKING:
    from app.settings import Settings
    from app.theatre import Theatre

NOW = dt.datetime(2025, 8, 1, tzinfo=dt.UTC)

Ring = list[tuple[float, float]]


def box(west: float, south: float, east: float, north: float) -> Ring:
    """Returns the ring of a box."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def area(status: str, *rings: Ring, **properties: Any) -> dict[str, Any]:
    """Returns a feature of `areas-geojson`."""
    geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": {"status": status} | properties, "geometry": geometry}


def areas_file(folder: Path, valid_from: str, *features: dict[str, Any], **members: Any) -> Path:
    """Writes a file of `areas-geojson`."""
    given = {"assessor": "us", "licence": "CC BY 4.0", "covers": ["occupied", "gray_zone"]} | members
    name = f"{given['assessor']}-{valid_from}.geojson".replace(":", "")
    content = {"type": "FeatureCollection", "valid_from": valid_from, "features": features} | given
    (folder / name).write_text(json.dumps(content), "utf-8")
    return folder / name


@contextmanager
def importing(urls: DatabaseUrls) -> Iterator[Engine]:
    """Opens connections that import."""
    options = server_options(statement_seconds=0, lock_seconds=5)
    engine = create_engine(urls.app, connect_args={"options": options})
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_client(urls: DatabaseUrls, theatre: Theatre, settings: Settings) -> Iterator[TestClient]:
    """Yields a client of the application over a database."""
    engines = make_engines(urls, settings)
    app = create_app(settings, theatre, Sessions(engines))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
    engines.dispose()


@pytest.fixture
def engine(database: DatabaseUrls) -> Iterator[Engine]:
    """Connections that import into a database of the test's own."""
    with importing(database) as engine:
        yield engine


Import = Callable[..., TerritoryReport]


@pytest.fixture
def import_areas(engine: Engine, theatre: Theatre) -> Import:
    """Returns a function that imports files of areas, public unless the test sets otherwise."""

    def run(*files: Path, format_: str = "areas-geojson", **options: Any) -> TerritoryReport:
        given = TerritoryOptions(**({"public": True} | options))
        return import_territory(engine, theatre, files, format_, given, now=NOW)

    return run


@pytest.fixture
def api(database: DatabaseUrls, theatre: Theatre, settings: Settings) -> Iterator[TestClient]:
    """A client of the application over the database of the imports."""
    with open_client(database, theatre, settings) as client:
        yield client
