"""A TCP proxy in front of PostgreSQL that can fall silent, as a network that loses every packet."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import make_url

from tests.waiting import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.database.engines import DatabaseUrls

_CHUNK_BYTES: Final = 65_536


class SilentProxy:
    """Forwards between its port and the Unix socket of a cluster.

    While it is silent, it accepts connections and bytes, so that TCP notices nothing, but forwards
    none of them.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._flowing = threading.Event()
        self._flowing.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        """Forwards nothing any more."""
        self._flowing.clear()

    def resume(self) -> None:
        """Forwards again, beginning with what it holds."""
        self._flowing.set()

    def cut(self) -> None:
        """Closes all connections, and forwards those that come later."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for one in sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._flowing.set()

    def close(self) -> None:
        """Ends the proxy."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def urls(self, urls: DatabaseUrls) -> DatabaseUrls:
        """Returns URLs of the same database through this proxy."""
        return replace(urls, owner=self._here(urls.owner), app=self._here(urls.app), public=self._here(urls.public))

    def _here(self, url: str) -> str:
        here = make_url(url).set(host="127.0.0.1", port=self.port, query={})
        return here.render_as_string(hide_password=False)

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                with self._lock:
                    self._sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # one side has closed
            while chunk := source.recv(_CHUNK_BYTES):
                if not self._flowing.wait(SECONDS):
                    return
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def silent_proxy(urls: DatabaseUrls) -> Iterator[SilentProxy]:
    """Runs a proxy in front of a database of the tests while the block runs."""
    url = make_url(urls.app)
    directory, port = url.query["host"], url.query.get("port") or url.port or 5432
    proxy = SilentProxy(f"{directory}/.s.PGSQL.{port}")
    try:
        yield proxy
    finally:
        proxy.close()
