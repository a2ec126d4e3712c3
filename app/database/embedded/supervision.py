"""Restarts the server when it dies, so that programs that use it recover."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.database.embedded.errors import EmbeddedDatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.database.embedded.locks import ClusterLocks
    from app.database.embedded.server import Server

_CHECK_INTERVAL_SECONDS = 1.0
_RETRY_SECONDS = 10.0


@contextmanager
def supervised(server: Server, locks: ClusterLocks, say: Callable[[str], None]) -> Iterator[None]:
    """Restarts `server` whenever it is gone while the block runs.

    Each program that uses the cluster checks; the first one to get the lock restarts it.
    """
    over = threading.Event()

    def check_repeatedly() -> None:
        pause = _CHECK_INTERVAL_SECONDS
        while not over.wait(pause):
            pause = _CHECK_INTERVAL_SECONDS
            if server.is_alive():
                continue
            try:
                with locks.turn(say):
                    if not server.is_alive():
                        say("The database is gone; starting it again.")
                        server.ensure_running(alone=False)
            except EmbeddedDatabaseError as error:
                say(str(error))
                pause = _RETRY_SECONDS

    thread = threading.Thread(target=check_repeatedly, name="embedded database", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
