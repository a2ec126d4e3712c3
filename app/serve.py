"""Running the server: the database brought up to date, the address told when it can be opened."""

from __future__ import annotations

import gc
import logging
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from typing_extensions import override

from app.background import BackgroundJob
from app.database.check import warn_of_rule_differences
from app.database.engines import Engines, database_urls, open_engines
from app.database.ready import make_ready
from app.database.session import Sessions
from app.derived.event_columns import rebuild_stale_parts
from app.derived.points import FOLD_EVERY_SECONDS, fold_tallies
from app.exchange.demo import load_demo
from app.main import create_app
from app.models import Origin, Place
from app.publication.policy import update_policy
from app.publication.release import EVERY_SECONDS, delete_old_submissions, release_due

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from app.settings import Settings
    from app.theatre import Theatre

    Say = Callable[[str], None]

DRAIN_SECONDS = 10
# The map is never older than this and the making of a part.
COLUMNS_EVERY_SECONDS = 1.0
# How long a thread at work keeps the interpreter when another wants it. The thread that takes requests competes with
# all that answer them: with Python's usual 5 ms it would wait for several in turn, and could refuse nothing in time.
SWITCH_SECONDS = 0.0005


def serve(settings: Settings, theatre: Theatre, listener: socket.socket, say: Say) -> None:
    """Serve the map until the process is asked to stop.

    Raises:
        SchemaError: the schema is not the one of this code.
        EmbeddedDatabaseError: the private database cannot be found or started.
        DatabaseUrlError: a URL of the settings cannot be used.
    """
    signal.signal(signal.SIGTERM, _end)
    sys.setswitchinterval(SWITCH_SECONDS)
    with database_urls(settings, say=say) as urls:
        make_ready(urls, settings, say)
        warn_of_rule_differences(urls.app)
        with open_engines(urls, settings) as engines, filled(engines, settings, theatre, say):
            update_policy(engines.importing, theatre)
            host, port = listener.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 - compared, not bound
            app = create_app(settings, theatre, Sessions(engines), background_jobs(engines, settings, theatre))
            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # app/http/client.py reads them, from trusted proxies only
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
            Announced(config, lambda: say(f"Frontline is ready: http://{shown}:{port}/")).run(sockets=[listener])


def background_jobs(engines: Engines, settings: Settings, theatre: Theatre) -> list[BackgroundJob]:
    """Returns the background jobs of a server."""
    retention_days = settings.submission_retention_days

    def make_columns() -> None:
        with Session(engines.importing) as session:
            rebuild_stale_parts(session, theatre)

    def delete_submissions() -> None:
        delete_old_submissions(engines.importing, retention_days=retention_days)

    return [
        BackgroundJob("release", EVERY_SECONDS, lambda: release_due(engines.importing)),
        BackgroundJob(
            "retention", 3600, lambda: delete_old_submissions(engines.importing, retention_days=retention_days)
        ),
        BackgroundJob("event columns", COLUMNS_EVERY_SECONDS, make_columns),
        BackgroundJob("tallies", FOLD_EVERY_SECONDS, lambda: fold_tallies(engines.importing)),
    ]


def _end(*_: object) -> None:
    """Unwind on SIGTERM: the server raises it again after it has drained, and a private database must be let go."""
    sys.exit(0)


class Announced(uvicorn.Server):
    """A server that says when it can be opened."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        # What is there now stays: to look through all of it for garbage, now and then, holds up everybody for 0.2 s.
        gc.collect()
        gc.freeze()
        if self.started:
            self._announce()


@contextmanager
def filled(engines: Engines, settings: Settings, theatre: Theatre, say: Say) -> Iterator[None]:
    """Put the demo into a database of ours that is new, and the gazetteer into one that has none, meanwhile."""
    with engines.writing.connect() as connection:
        has_origin = connection.scalar(select(exists(select(Origin.slug))))
        has_places = connection.scalar(select(exists(select(Place.geonameid))))
    if settings.demo_autoload and not settings.database_url and not has_origin:
        load_demo(engines.importing, theatre)
    if has_places or not settings.places_autoload:
        yield
        return
    # In a process of its own: the gazetteer's package takes 400 MB when it is read.
    command = [sys.executable, "-m", "app.cli", "places", "load"]
    loader = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program

    def tell_outcome() -> None:
        _, told = loader.communicate()
        if loader.returncode == 0:
            say("The gazetteer is loaded: places can be searched.")
        elif loader.returncode > 0:
            say(f"The gazetteer could not be loaded; try `frontline places load`. {told.strip()[-500:]}")

    say("Loading the gazetteer in the background, once …")
    waiting = threading.Thread(target=tell_outcome, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        if loader.poll() is None:
            loader.terminate()
        waiting.join(timeout=10)


def configure_logging(level: str) -> None:
    """Write the log to standard error, one line each."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("uvicorn", "alembic"):
        logging.getLogger(chatty).setLevel("WARNING")
