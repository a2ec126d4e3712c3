"""Connections to the database: one engine for each role, with the time limits of that role."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from app.database.embedded import running_cluster
from app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.settings import Settings

CONNECT_TIMEOUT_SECONDS = 2
# A request that waits longer than this for a connection is answered 503.
POOL_TIMEOUT_SECONDS = 1.0
# For a transaction that writes many rows: else the check of each foreign key and each statement of each row's guards
# would be planned anew, which takes longer than what they do.
KEEP_PLANS = "SET LOCAL plan_cache_mode = 'auto'"
# For one transaction of a program that reads a file, or computes, between its statements.
TAKE_YOUR_TIME = "SET LOCAL idle_in_transaction_session_timeout = 0"


class DatabaseUrlError(UserError):
    """A database URL of the settings cannot be used; the message names the setting and never repeats a password."""


@dataclass(frozen=True)
class DatabaseUrls:
    """One database as each of its three roles; `directory` has the files of a private one."""

    owner: str
    app: str
    public: str
    directory: Path | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Engines:
    """The engines of one process.

    `public` reads through the public views as `frontline_public`; `writing` reads and writes rows as
    `frontline_app`; `importing` is the same without a limit on a statement's time.
    """

    public: Engine
    writing: Engine
    importing: Engine
    # Start-up options of `public`, for connections that do not come from its pool.
    public_options: str = ""

    def dispose(self) -> None:
        """Close every connection."""
        for engine in (self.public, self.writing, self.importing):
            engine.dispose()


def server_options(
    *, statement_seconds: float, lock_seconds: float, role: str | None = None, read_only: bool = False
) -> str:
    """Give the start-up options of a connection, in libpq's form.

    A plan is made for the values of each call (`force_custom_plan`): a generic plan of a map query serves no box well.
    Each question has one processor: to start a helper takes longer than most answers, and others ask at the same time
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
        "application_name": "frontline",
    }
    if role:
        options["role"] = role
    if read_only:
        options["default_transaction_read_only"] = "on"
    return " ".join(f"-c {name}={value}" for name, value in options.items())


def make_engine(url: str, *, options: str, connections: int) -> Engine:
    """Make an engine with a fixed number of connections, each tried before it is used."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # an error that is logged must not tell what was written
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": options},
    )


def make_engines(urls: DatabaseUrls, settings: Settings) -> Engines:
    """Make the engines of one process; nothing connects yet."""
    # With the same login for both, the start-up role narrows what a public connection may do.
    role = "frontline_public" if urls.public == urls.app else None
    write_options = server_options(statement_seconds=settings.write_timeout_seconds, lock_seconds=1)
    read_options = server_options(
        statement_seconds=settings.read_timeout_seconds, lock_seconds=1, role=role, read_only=True
    )
    return Engines(
        public=make_engine(urls.public, options=read_options, connections=settings.public_connections),
        writing=make_engine(urls.app, options=write_options, connections=settings.writing_connections),
        importing=make_engine(urls.app, options=server_options(statement_seconds=0, lock_seconds=10), connections=2),
        public_options=read_options,
    )


def checked_url(setting: str, url: str) -> str:
    """Give a URL of the settings in the form that SQLAlchemy takes, with the driver that is installed.

    Raises:
        DatabaseUrlError: it is no URL of a PostgreSQL database.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise DatabaseUrlError(f"{setting} must look like postgresql://user:password@host:5432/database")
    try:
        checked = make_url(f"postgresql+psycopg://{rest}")
    except Exception as error:
        raise DatabaseUrlError(f"{setting} is not a database URL: check its host, port and escapes") from error
    if not checked.database:
        raise DatabaseUrlError(f"{setting} names no database: it must end with /database")
    return checked.render_as_string(hide_password=False)


@contextmanager
def database_urls(settings: Settings, *, say: Callable[[str], None]) -> Iterator[DatabaseUrls]:
    """Give the database of this installation, and keep it up while it is used.

    It is the server of `DATABASE_URL` when that is set, else the private one in the data directory.

    Raises:
        DatabaseUrlError: a URL of the settings cannot be used.
        EmbeddedDatabaseError: the private server cannot be found or started.
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
def open_engines(urls: DatabaseUrls, settings: Settings) -> Iterator[Engines]:
    """Make the engines, and close them at the end."""
    engines = make_engines(urls, settings)
    try:
        yield engines
    finally:
        engines.dispose()
