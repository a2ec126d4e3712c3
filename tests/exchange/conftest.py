from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.database.engines import DatabaseUrls, server_options
from app.exchange.importing import ImportOptions, Report, import_files
from app.exchange.origins import OriginTerms

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
from tests.conftest import cloned

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

Import = Callable[..., Report]
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def imports_database(cluster: EmbeddedCluster, template: str) -> Iterator[DatabaseUrls]:
    """A database for imports, which commit; it is emptied after each test."""
    with cloned(cluster, template) as urls:
        yield urls


@pytest.fixture
def empty(imports_database: DatabaseUrls) -> Iterator[Callable[[], None]]:
    """Empties the database before and after a test."""

    def empty() -> None:
        owner = create_engine(imports_database.owner)
        with owner.begin() as connection:
            connection.execute(text("TRUNCATE frontline.origin, frontline.source CASCADE"))
        owner.dispose()

    yield empty
    empty()


@pytest.fixture
def engine(imports_database: DatabaseUrls, empty: Callable[[], None]) -> Iterator[Engine]:
    options = server_options(statement_seconds=0, lock_seconds=5)
    engine = create_engine(imports_database.app, connect_args={"options": options})
    yield engine
    engine.dispose()


@pytest.fixture
def import_text(engine: Engine, theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Returns a function that imports a text as a file of the test's directory, which is the
    working directory too.
    """
    monkeypatch.chdir(tmp_path)

    def import_text(content: str | bytes, kind: str = "events-csv", name: str = "file.csv", **options: Any) -> Report:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        terms = OriginTerms(
            **{key.removeprefix("origin_"): options.pop(key) for key in list(options) if key.startswith("origin_")}
        )
        return import_files(engine, theatre, [file], ImportOptions(kind, terms=terms, **options), now=NOW)

    return import_text


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """Returns a function that queries the database with the writing role."""

    def rows(question: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    return rows
