"""Taking the port: before anything slow is done, the loading of the application too."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator


class PortError(UserError):
    """The server cannot listen; the message says why and what to do."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port while the block runs.

    Raises:
        PortError: it cannot be taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PortError(f"HOST={host} is no address of this machine: {error.strerror}.") from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortError(
                    f"Port {port} is taken by another program. Stop it, or take another port: PORT={port + 1} make run"
                ) from error
            if error.errno == errno.EACCES:
                raise PortError(
                    f"Port {port} needs more rights. Take one above 1023, and a proxy before it."
                ) from error
            raise PortError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
        yield listener
