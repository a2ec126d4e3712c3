"""Runs the server on a migrated database: fills a new one, serves, and runs background jobs."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from typing_extensions import override

from app.background import BackgroundJob
from app.database.check import warn_of_rule_differences
from app.database.connections import JOB_ANSWER_SECONDS
from app.database.engines import DatabaseUrls, Engines, open_engines
from app.database.session import Sessions
from app.derived.event_columns import rebuild_stale_parts
from app.derived.points import FOLD_EVERY_SECONDS, fold_tallies
from app.exchange.demo import load_demo
from app.geo.ground import ground_reader
from app.http.client import TrustedProxies
from app.http.connection import CountResponses, OpenConnections, limit_connections
from app.http.connection_limits import LIMITS, allow_open_files
from app.main import create_app
from app.models import Origin
from app.places.edition import is_current
from app.publication.policy import update_policy
from app.publication.release import EVERY_SECONDS, delete_old_submissions, release_due

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from app.settings import Settings
    from app.theatre import Theatre

    Say = Callable[[str], None]

log = logging.getLogger("frontline")

# How long open requests may take after SIGTERM, and how long all the rest may take to end.
DRAIN_SECONDS = 10
STOP_SECONDS = 10
# The map is at most this much older than the database, plus the time to encode a part.
COLUMNS_EVERY_SECONDS = 1.0
# How long a thread keeps the interpreter when another thread wants it. With Python's default of 5
# ms the event loop would wait for several threads one after another, and could not refuse requests
# in time.
SWITCH_SECONDS = 0.0005


def serve(settings: Settings, theatre: Theatre, listener: socket.socket, urls: DatabaseUrls, say: Say) -> None:
    """Serves the map until the process is asked to stop.

    Args:
        settings: of this installation.
        theatre: the conflict that is mapped.
        listener: the open port.
        urls: of the database, which has the schema of this version.
        say: reports to the operator.

    Raises:
        DatabaseUrlError: a URL of the settings cannot be used.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    warn_of_rule_differences(urls.app)
    with (
        open_engines(urls, settings, long_answer_seconds=JOB_ANSWER_SECONDS) as engines,
        filling_new_database(engines, settings, theatre, say),
    ):
        update_policy(engines.importing, theatre)
        host, port = listener.getsockname()[:2]
        display_host = f"[{host}]" if ":" in host else "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 - compared, not bound
        app = create_app(settings, theatre, Sessions(engines), background_jobs(engines, settings, theatre))
        config = make_server_config(app, settings, log_config=None)
        server = AnnouncingServer(config, lambda: say(f"Frontline is ready: http://{display_host}:{port}/"))
        try:
            server.run(sockets=[listener])
        finally:
            server.has_stopped()


def make_server_config(app: ASGIApp, settings: Settings, **options: Any) -> uvicorn.Config:
    """Returns the configuration of a server with our limits of connections.

    Args:
        app: the application.
        settings: of this installation.
        options: further options of uvicorn.
    """
    limits = replace(LIMITS, connections=allow_open_files(LIMITS.connections))
    config = uvicorn.Config(
        CountResponses(app),
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # app/http/client.py reads them, from trusted proxies only
        timeout_keep_alive=round(limits.silent_seconds),
        timeout_graceful_shutdown=DRAIN_SECONDS,
        **options,
    )
    limit_connections(config, OpenConnections(limits, TrustedProxies(settings.trusted_proxies)))
    return config


def background_jobs(engines: Engines, settings: Settings, theatre: Theatre) -> list[BackgroundJob]:
    """Returns the background jobs of a server."""
    retention_days = settings.submission_retention_days
    ground = ground_reader(theatre)

    def make_columns() -> None:
        with Session(engines.importing) as session:
            rebuild_stale_parts(session, theatre)

    def delete_submissions() -> None:
        delete_old_submissions(engines.importing, retention_days=retention_days)

    return [
        BackgroundJob("release", EVERY_SECONDS, lambda: release_due(engines.importing, ground)),
        BackgroundJob("retention", 3600, delete_submissions),
        BackgroundJob("event columns", COLUMNS_EVERY_SECONDS, make_columns),
        BackgroundJob("tallies", FOLD_EVERY_SECONDS, lambda: fold_tallies(engines.importing)),
    ]


class AnnouncingServer(uvicorn.Server):
    """A server that reports when it accepts connections, and that always stops in time."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._end = threading.Timer(DRAIN_SECONDS + STOP_SECONDS, _end_process)
        self._end.daemon = True

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then calls `announce`."""
        await super().startup(sockets)
        # Objects that exist now will stay. Without this, each full garbage collection would block
        # for 0.2 s.
        gc.collect()
        gc.freeze()
        if self.started:
            self._announce()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops. The process ends if this takes too long: a thread may wait for something that
        never happens.
        """
        self._end.start()
        await super().shutdown(sockets)

    def has_stopped(self) -> None:
        """Tells that nothing waits any more; call it when `run` has returned."""
        self._end.cancel()


def _end_process() -> None:
    log.critical("the server did not stop in time, so its process ends now; nothing was committed in part")
    os._exit(1)


@contextmanager
def filling_new_database(engines: Engines, settings: Settings, theatre: Theatre, say: Say) -> Iterator[None]:
    """Loads the demo into a new private database, and the gazetteer in the background if it is
    missing or of an earlier edition.
    """
    with engines.writing.connect() as connection:
        has_origin = connection.scalar(select(exists(select(Origin.slug))))
        has_gazetteer = is_current(connection, theatre)
    if settings.demo_autoload and not settings.database_url and not has_origin:
        load_demo(engines.importing, theatre)
    if has_gazetteer or not settings.places_autoload:
        yield
        return
    # In a process of its own: reading the gazetteer takes 400 MB of memory.
    command = [sys.executable, "-m", "app.cli", "places", "load"]
    loader = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program

    def report_result() -> None:
        _, errors = loader.communicate()
        if loader.returncode == 0:
            say("The gazetteer is loaded: places can be searched.")
        elif loader.returncode > 0:
            say(f"The gazetteer could not be loaded; try `frontline places load`. {errors.strip()[-500:]}")

    say("Loading the gazetteer in the background …")
    waiting = threading.Thread(target=report_result, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        if loader.poll() is None:
            loader.terminate()
        waiting.join(timeout=10)
