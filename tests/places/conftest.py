from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from app.database.engines import DatabaseUrls, make_engines, server_options
from app.database.session import Sessions
from app.main import create_app
from app.places.load import Gazetteer, LoadReport, build_gazetteer, store
from tests.conftest import cloned, make_settings

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre


@pytest.fixture(scope="session")
def built(theatre: Theatre) -> Gazetteer:
    """The whole gazetteer of the theatre, as it is computed from the files."""
    return build_gazetteer(theatre)


@pytest.fixture(scope="session")
def gazetteer(cluster: EmbeddedCluster, template: str, built: Gazetteer) -> Iterator[tuple[DatabaseUrls, LoadReport]]:
    """A database with the whole gazetteer; tests only read from it."""
    with cloned(cluster, template) as urls:
        yield urls, store_in(urls, built)


def store_in(urls: DatabaseUrls, gazetteer: Gazetteer, *, edition: str | None = None) -> LoadReport:
    """Stores a gazetteer as `frontline places load` does."""
    engine = create_engine(urls.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    try:
        return store(engine, gazetteer, edition=edition)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def places(
    gazetteer: tuple[DatabaseUrls, LoadReport], theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of the application over the whole gazetteer."""
    settings = make_settings(tmp_path_factory.mktemp("places"))
    engines = make_engines(gazetteer[0], settings)
    app = create_app(settings, theatre, Sessions(engines))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
    engines.dispose()
