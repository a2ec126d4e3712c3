"""Runs an ASGI application with uvicorn in a thread of the tests."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


@contextmanager
def running_server(app: ASGIApp, **options: Any) -> Iterator[int]:
    """Serves an application on a free port of the loopback address while the block runs.

    Args:
        app: the application.
        options: further options of `uvicorn.Config`.

    Yields:
        The port.
    """
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False, **options)
    with running_config(config) as port:
        yield port


@contextmanager
def running_config(config: uvicorn.Config) -> Iterator[int]:
    """Runs a server while the block runs, and yields its port. The configuration names port 0."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), "the server to start")
        assert server.started, "the server did not start"
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=SECONDS)
