"""SQLAlchemy engines: one for each database role, with the time limits of that role."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from app.database.connections import (
    CONNECT_TIMEOUT_SECONDS,
    GRACE_SECONDS,
    LONG_ANSWER_SECONDS,
    connect_arguments,
    limit_answers,
)
from app.database.disk import Disk
from app.database.embedded import running_cluster
from app.database.moments import any_year
from app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.settings import Settings

# A request that waits longer than this for a connection gets 503.
POOL_TIMEOUT_SECONDS = 1.0
# The incident switch is a single row.
CONTROL_ANSWER_SECONDS = 2.0
# For a transaction that writes many rows. Otherwise PostgreSQL would plan each foreign key check
# and each statement of the triggers again for every row, which takes longer than running them.
KEEP_PLANS = "SET LOCAL plan_cache_mode = 'auto'"
# For a transaction of a program that reads a file or computes between its statements.
TAKE_YOUR_TIME = "SET LOCAL idle_in_transaction_session_timeout = 0"


class DatabaseUrlError(UserError):
    """A database URL of the settings cannot be used; the message names the setting and never
    repeats a password.
    """


@dataclass(frozen=True)
class DatabaseUrls:
    """URLs of one database for its three roles; `directory` has the files of a private server."""

    owner: str
    app: str
    public: str
    directory: Path | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Engines:
    """The engines of one process.

    `public` reads the public views as `frontline_public`. `writing` reads and writes rows as
    `frontline_app`. `importing` is the same without a time limit for statements. `control` has one
    connection, as `frontline_app`, that no request can occupy: it reads the incident switch.
    """

    public: Engine
    writing: Engine
    importing: Engine
    control: Engine
    # Start-up options of `public`, and how long to wait for an answer: for connections outside its
    # pool.
    public_options: str = ""
    public_answer_seconds: float = LONG_ANSWER_SECONDS
    # On which the database grows.
    disk: Disk = field(default_factory=Disk)

    def dispose(self) -> None:
        """Closes all connections."""
        for engine in (self.public, self.writing, self.importing, self.control):
            engine.dispose()


def server_options(
    *, statement_seconds: float, lock_seconds: float, role: str | None = None, read_only: bool = False
) -> str:
    """Returns the start-up options of a connection, in libpq's format.

    Every query is planned for its own values (`force_custom_plan`): a generic plan of a map query
    suits no bounding box. Every query runs on one processor: starting parallel workers takes longer
    than most queries, and other requests need the processors
    (docs/decisions/0032-no-parallel-queries.md).
    """
    options = {
        "timezone": "UTC",
        "search_path": "frontline,public",
        "statement_timeout": f"{round(statement_seconds * 1000)}",
        "lock_timeout": f"{round(lock_seconds * 1000)}",
        "idle_in_transaction_session_timeout": "10000",
        "plan_cache_mode": "force_custom_plan",
        "max_parallel_workers_per_gather": "0",
        # A statement ends soon after its client, and does not go on with its locks.
        "client_connection_check_interval": "1000",
        "application_name": "frontline",
    }
    if role:
        options["role"] = role
    if read_only:
        options["default_transaction_read_only"] = "on"
    return " ".join(f"-c {name}={value}" for name, value in options.items())


def make_engine(
    url: str,
    *,
    options: str,
    connections: int,
    answer_seconds: float = LONG_ANSWER_SECONDS,
    reads_any_year: bool = False,
) -> Engine:
    """Creates an engine with a fixed number of connections; each is tested before use.

    Args:
        url: of the database.
        options: start-up options of the connections, see `server_options`.
        connections: how many.
        answer_seconds: a connection is broken off when an answer takes longer.
        reads_any_year: moments outside the years 1 to 9999 are no error, see `moments.py`.
    """
    context = {"context": any_year()} if reads_any_year else {}
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # a logged error must not contain what people wrote
        connect_args=connect_arguments(options, connect_timeout=CONNECT_TIMEOUT_SECONDS) | context,
    )
    limit_answers(engine, answer_seconds)
    return engine


def make_engines(
    urls: DatabaseUrls, settings: Settings, *, long_answer_seconds: float = LONG_ANSWER_SECONDS
) -> Engines:
    """Creates the engines of one process; none connects yet.

    Args:
        urls: of the database.
        settings: of this installation.
        long_answer_seconds: how long `importing` waits for an answer.
    """
    # If both use the same login, this option makes public connections use the role with fewer
    # rights.
    role = "frontline_public" if urls.public == urls.app else None
    write_options = server_options(statement_seconds=settings.write_timeout_seconds, lock_seconds=1)
    read_options = server_options(
        statement_seconds=settings.read_timeout_seconds, lock_seconds=1, role=role, read_only=True
    )
    read_seconds = settings.read_timeout_seconds + GRACE_SECONDS
    return Engines(
        public=make_engine(
            urls.public, options=read_options, connections=settings.public_connections, answer_seconds=read_seconds
        ),
        writing=make_engine(
            urls.app,
            options=write_options,
            connections=settings.writing_connections,
            answer_seconds=settings.write_timeout_seconds + GRACE_SECONDS,
            reads_any_year=True,
        ),
        importing=make_engine(
            urls.app,
            options=server_options(statement_seconds=0, lock_seconds=10),
            connections=2,
            answer_seconds=long_answer_seconds,
        ),
        control=make_engine(
            urls.app,
            options=server_options(statement_seconds=1, lock_seconds=1, read_only=True),
            connections=1,
            answer_seconds=CONTROL_ANSWER_SECONDS,
        ),
        public_options=read_options,
        disk=Disk.of(urls.directory, settings.disk_reserve_mib),
        public_answer_seconds=read_seconds,
    )


def checked_url(setting: str, url: str) -> str:
    """Returns a URL of the settings in SQLAlchemy's form, with psycopg as driver.

    Raises:
        DatabaseUrlError: it is not the URL of a PostgreSQL database.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise DatabaseUrlError(f"{setting} must look like postgresql://user:password@host:5432/database")
    try:
        checked = make_url(f"postgresql+psycopg://{rest}")
    except Exception as error:
        raise DatabaseUrlError(f"{setting} is not a database URL: check its host, port and escapes") from error
    if not checked.database:
        raise DatabaseUrlError(f"{setting} does not name a database: it must end with /database")
    return checked.render_as_string(hide_password=False)


@contextmanager
def database_urls(settings: Settings, *, say: Callable[[str], None]) -> Iterator[DatabaseUrls]:
    """Yields the URLs of the database: of `DATABASE_URL` if set, else of the private server.

    The private server runs at least as long as the block.

    Raises:
        DatabaseUrlError: a URL of the settings cannot be used.
        EmbeddedDatabaseError: PostgreSQL is not installed, or does not start.
    """
    if settings.database_url:
        app = checked_url("DATABASE_URL", settings.database_url)
        owner, public = settings.database_owner_url, settings.database_public_url
        yield DatabaseUrls(
            owner=checked_url("DATABASE_OWNER_URL", owner) if owner else app,
            app=app,
            public=checked_url("DATABASE_PUBLIC_URL", public) if public else app,
        )
        return
    with running_cluster(settings.data_dir, say=say) as cluster:
        yield DatabaseUrls(
            owner=cluster.url("frontline_owner"),
            app=cluster.url("frontline_app"),
            public=cluster.url("frontline_public"),
            directory=cluster.directory,
        )


@contextmanager
def open_engines(
    urls: DatabaseUrls, settings: Settings, *, long_answer_seconds: float = LONG_ANSWER_SECONDS
) -> Iterator[Engines]:
    """Creates the engines, see `make_engines`, and closes them after the block."""
    engines = make_engines(urls, settings, long_answer_seconds=long_answer_seconds)
    try:
        yield engines
    finally:
        engines.dispose()
