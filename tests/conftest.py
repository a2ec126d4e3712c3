"""Fixtures of all tests: a PostgreSQL cluster for a run, a database for a worker, a transaction for
a test.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from typing_extensions import override

from app import background, main
from app.access import switch
from app.database.embedded import EmbeddedCluster, running_cluster
from app.database.engines import DatabaseUrls, Engines, make_engines, server_options
from app.database.migrations import upgrade
from app.database.session import PublicReadSession, ReadWriteSession, Sessions
from app.derived.event_columns import rebuild_stale_parts
from app.serve import background_jobs, make_server_config
from app.settings import PROJECT_DIRECTORY, Settings
from app.theatre import Theatre, read_theatre
from tests.builders import Builder
from tests.database.cluster_programs import fresh_directory, remove
from tests.running_server import running_config
from tests.sampling import EXAMPLES, IS_LONG
from tests.waiting import wait_until

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHARED_DATA = PROJECT_DIRECTORY.parent / "shared" / "data"
TEMPLATE = "frontline_template"
# The role that was set on a connection, in its `info`.
ROLE = "role"
RUN_DIRECTORY = "FRONTLINE_TESTS_DIRECTORY"
# A busy machine must not fail a test of something else. Tests of the time limits set their own.
LONG_TIMEOUTS = {"read_timeout_seconds": 60, "write_timeout_seconds": 60}
LONG_TIMEOUTS_ENVIRONMENT = {f"FRONTLINE_{name.upper()}": str(value) for name, value in LONG_TIMEOUTS.items()}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files, which is not part of the project; only tests marked `long` need
    it.
    """
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the folder ../shared/data of real data, which is not part of the project")
    return SHARED_DATA


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    return read_theatre(PROJECT_DIRECTORY / "theatre.toml")


def pytest_configure(config: pytest.Config) -> None:
    """Creates the directory of the run's cluster once; workers find its path in their
    environment.
    """
    # A test has one connection: no thread may still use it after its request was given up.
    switch.READ_TIMEOUT_SECONDS = switch.KNOWN_SECONDS = 60
    # Nor a connection to a background job that runs when its server stops.
    background.STOP_TIMEOUT_SECONDS = 60
    # The same few examples in every run; `make long` sets EXAMPLES and tries many others. No
    # deadline: how long an example takes depends on what else the machine does.
    hypothesis.settings.register_profile(
        "suite", deadline=None, database=None, max_examples=int(os.environ.get(EXAMPLES, "15")), derandomize=not IS_LONG
    )
    hypothesis.settings.load_profile("suite")
    # Each test has an application of its own. What all of them read from the same files is cached.
    for shared in ("read_ground", "content_version", "make_templates", "find_bundles"):
        setattr(main, shared, cache(getattr(main, shared)))
    if not hasattr(config, "workerinput"):
        os.environ[RUN_DIRECTORY] = str(fresh_directory())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the directory after the last worker has left the cluster."""
    if not hasattr(config, "workerinput"):
        remove(Path(os.environ.pop(RUN_DIRECTORY)))


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedCluster]:
    """One cluster for all workers of a run; the last worker to leave stops it."""
    with running_cluster(Path(os.environ[RUN_DIRECTORY]), for_tests=True) as running:
        yield running


def _as_superuser(cluster: EmbeddedCluster, statement: str) -> None:
    engine = create_engine(cluster.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def urls_of(cluster: EmbeddedCluster, name: str) -> DatabaseUrls:
    """Returns the URLs of a test database, one for each role."""
    return DatabaseUrls(
        owner=cluster.url("frontline_owner", name),
        app=cluster.url("frontline_app", name),
        public=cluster.url("frontline_public", name),
    )


@pytest.fixture(scope="session")
def template(cluster: EmbeddedCluster) -> str:
    """A migrated, empty database to clone; one for each worker."""
    name = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    _as_superuser(cluster, f"CREATE DATABASE {name} TEMPLATE frontline OWNER frontline_owner")
    upgrade(cluster.url("frontline_owner", name))
    return name


@contextmanager
def cloned(cluster: EmbeddedCluster, template: str) -> Iterator[DatabaseUrls]:
    """Clones a template database, and drops the clone at the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _as_superuser(cluster, f"CREATE DATABASE {name} TEMPLATE {template} OWNER frontline_owner STRATEGY file_copy")
    try:
        yield urls_of(cluster, name)
    finally:
        _as_superuser(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(cluster: EmbeddedCluster, template: str) -> Iterator[DatabaseUrls]:
    """A migrated database of the test's own, for tests that commit: imports, several connections,
    migrations.
    """
    with cloned(cluster, template) as urls:
        yield urls


@pytest.fixture(scope="session")
def worker_database(cluster: EmbeddedCluster, template: str) -> Iterator[DatabaseUrls]:
    """A migrated database of the worker, which stays empty: tests write to it inside a
    transaction.
    """
    with cloned(cluster, template) as urls:
        yield urls


@pytest.fixture(scope="session")
def superuser_engine(worker_database: DatabaseUrls) -> Iterator[Engine]:
    """Connections as superuser, which may take on any role."""
    url = make_url(worker_database.owner).set(username="postgres")
    engine = create_engine(url, connect_args={"options": "-c timezone=UTC -c search_path=frontline,public"})
    event.listen(engine, "rollback", _forget_role)
    event.listen(engine, "rollback_savepoint", _forget_role)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(superuser_engine: Engine) -> Iterator[Connection]:
    """The connection of one test; what is written through it is rolled back."""
    with superuser_engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


def _become(session: Session, role: str) -> None:
    """Gives a session the rights of a role before each of its statements; other sessions share its
    connection.
    """

    def set_role(*_: object) -> None:
        connection = session.connection()
        if connection.info.get(ROLE) != role:
            connection.exec_driver_sql(f"SET ROLE {role}")
            connection.info[ROLE] = role

    event.listen(session, "do_orm_execute", set_role)
    event.listen(session, "before_flush", set_role)


def _forget_role(connection: Connection, *_: object) -> None:
    """Forgets the role of a connection: a rollback brings back an earlier role."""
    connection.info.pop(ROLE, None)


def load_demo_into(urls: DatabaseUrls, theatre: Theatre) -> None:
    """Loads the demo."""
    from app.exchange.demo import load_demo

    engine = create_engine(urls.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    try:
        load_demo(engine, theatre)
    finally:
        engine.dispose()


class OneConnection(Sessions):
    """Opens sessions over the one connection of a test, each in a savepoint and with the rights of
    its role.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def public(self) -> PublicReadSession:
        session = PublicReadSession(self._connection, join_transaction_mode="create_savepoint")
        _become(session, "frontline_public")
        return session

    @override
    def writing(self) -> ReadWriteSession:
        session = ReadWriteSession(self._connection, join_transaction_mode="create_savepoint")
        _become(session, "frontline_app")
        return session

    @override
    def control(self) -> ReadWriteSession:
        return self.writing()


@pytest.fixture
def sessions(connection: Connection) -> Sessions:
    return OneConnection(connection)


@pytest.fixture
def build(sessions: Sessions) -> Iterator[Builder]:
    """Inserts rows into the test's database."""
    with sessions.writing() as session:
        yield Builder(session)


@pytest.fixture
def make_columns(sessions: Sessions, theatre: Theatre) -> Callable[[], int]:
    """Brings the event columns up to date, as the server does every second."""

    def make() -> int:
        with sessions.writing() as session:
            return rebuild_stale_parts(session, theatre)

    return make


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


def make_settings(data_dir: Path, **others: object) -> Settings:
    """Returns settings with a data directory of the test's own and long time limits, whatever the
    environment says.
    """
    return Settings.model_validate({"data_dir": data_dir} | LONG_TIMEOUTS | others)


@pytest.fixture
def app(settings: Settings, theatre: Theatre, sessions: Sessions) -> FastAPI:
    return main.create_app(settings, theatre, sessions)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """An HTTP client of the application, in the test's transaction."""
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@dataclass(frozen=True)
class Served:
    """A running server, and the database it reads."""

    url: str
    urls: DatabaseUrls
    engines: Engines


@contextmanager
def serving(urls: DatabaseUrls, theatre: Theatre, settings: Settings) -> Iterator[Served]:
    """Serves the application on a free port of the loopback address while the block runs."""
    engines = make_engines(urls, settings)
    app = main.create_app(settings, theatre, Sessions(engines), background_jobs(engines, settings, theatre))
    try:
        with running_config(make_server_config(app, settings, port=0, log_level="warning")) as port:
            yield Served(f"http://127.0.0.1:{port}", urls, engines)
    finally:
        engines.dispose()


def bring_columns_up_to_date(served: Served, theatre: Theatre) -> None:
    """Builds the columns of what a test wrote, for a page that is opened at once."""

    def are_up_to_date() -> bool:
        with Sessions(served.engines).writing() as session:
            rebuild_stale_parts(session, theatre)
            return not session.scalar(text("SELECT stale FROM frontline.public_event_columns_state"))

    wait_until(are_up_to_date, "the columns to be up to date")


Serve = Callable[[DatabaseUrls], Served]


@pytest.fixture
def serve(theatre: Theatre, tmp_path: Path) -> Iterator[Serve]:
    """Serves a database on a free port until the test ends."""
    with ExitStack() as stack:
        yield lambda urls: stack.enter_context(serving(urls, theatre, make_settings(tmp_path)))


@pytest.fixture(scope="session")
def demo_database(cluster: EmbeddedCluster, template: str, theatre: Theatre) -> Iterator[DatabaseUrls]:
    """A database with the demo in it; tests only read from it."""
    with cloned(cluster, template) as urls:
        load_demo_into(urls, theatre)
        yield urls


@pytest.fixture(scope="session")
def demo_server(
    demo_database: DatabaseUrls, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A real server over the demo, for a browser."""
    with serving(demo_database, theatre, make_settings(tmp_path_factory.mktemp("served"))) as served:
        bring_columns_up_to_date(served, theatre)
        yield served
