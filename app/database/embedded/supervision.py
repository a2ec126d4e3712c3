"""Bringing the server back when it dies under its users, so that they recover without being started anew."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.database.embedded.errors import EmbeddedDatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.database.embedded.locks import ClusterLocks
    from app.database.embedded.server import Server

_LOOK_EVERY_SECONDS = 1.0
_TRY_AGAIN_AFTER_SECONDS = 10.0


@contextmanager
def supervised(server: Server, locks: ClusterLocks, say: Callable[[str], None]) -> Iterator[None]:
    """Start `server` again whenever it has gone while the block runs.

    Each program that uses the cluster looks; the first to get the turn acts.
    """
    over = threading.Event()

    def look() -> None:
        pause = _LOOK_EVERY_SECONDS
        while not over.wait(pause):
            pause = _LOOK_EVERY_SECONDS
            if server.is_alive():
                continue
            try:
                with locks.turn(say):
                    if not server.is_alive():
                        say("The database has gone away; starting it again.")
                        server.ensure_running(alone=False)
            except EmbeddedDatabaseError as error:
                say(str(error))
                pause = _TRY_AGAIN_AFTER_SECONDS

    thread = threading.Thread(target=look, name="embedded database", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
