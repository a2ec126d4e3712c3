"""What needs no waiting leaves as soon as a request is read: no task, no ASGI, one write.

The server's protocol reads and orders requests as it always does, and whatever is not answered here goes to the
application, which would answer the same, only later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Scope

    from app.http.answer import Answer


def protocol_of(at_once: Callable[[Scope], Answer | None]) -> type[HttpToolsProtocol]:
    """Make the protocol of a server.

    Args:
        at_once: gives the answer to a request when there is nothing to wait for.
    """

    class AtOnceProtocol(HttpToolsProtocol):
        """Answers at once what it can."""

        _defaults: list[tuple[bytes, bytes]] | None = None
        _default_lines = b""

        @override
        def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
            scope: Any = cycle.scope
            if (
                cycle.keep_alive
                # Those who wait behind are started by the end of this one: one at a time, not each within the other.
                and not self.pipeline
                and not self.flow.write_paused
                and scope["method"] != "HEAD"
                and (answer := at_once(scope)) is not None
            ):
                cycle.response_started = cycle.response_complete = True
                self.transport.write(answer.bytes_of(self._lines_of_server()))
                self.on_response_complete()
                return
            super()._start_asgi_task(cycle, app)

        def _lines_of_server(self) -> bytes:
            """Give the headers that the server puts on every answer: the date, which it makes anew each second."""
            headers = self.server_state.default_headers
            if headers is not self._defaults:
                type(self)._defaults = headers
                type(self)._default_lines = b"".join(b"%s: %s\r\n" % header for header in headers)
            return self._default_lines

    return AtOnceProtocol
