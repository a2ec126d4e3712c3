"""Opens the port before any slow step, so that a taken port is reported immediately."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator


UNREAD_MILLISECONDS = 30_000


class PortError(UserError):
    """The port cannot be opened; the message says why and what to do."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listens on a port while the block runs.

    Raises:
        PortError: the port cannot be opened.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PortError(f"HOST={host} is not an address of this machine: {error.strerror}.") from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Of accepted connections: the kernel drops bytes that a client does not read for so long.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
        try:
            listener.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortError(
                    f"Port {port} is used by another program. Stop it, or use another port: PORT={port + 1} make run"
                ) from error
            if error.errno == errno.EACCES:
                raise PortError(
                    f"Port {port} needs root rights. Use a port above 1023, with a proxy in front."
                ) from error
            raise PortError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
        yield listener
