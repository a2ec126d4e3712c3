"""Limits of a connection, which hold before a request is complete and after its response is sent.

uvicorn limits neither the size of a request's head, nor how long a client may take to send a
request or to read the response. `ClientConnection` stands between the socket and uvicorn's
protocol, as an `asyncio.Protocol` that counts what arrives and passes it on. The time limits of all
connections are checked twice a second (`OpenConnections.check`), without a timer for each request.
"""

from __future__ import annotations

import asyncio
import enum
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

import httptools
from typing_extensions import override

from app.http.client import is_loopback, network_of
from app.http.connection_limits import HEAD_TOO_LARGE, TOO_MANY, TOO_SLOW, TRAILER, UNKNOWN_METHOD

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.http.client import TrustedProxies
    from app.http.connection_limits import ConnectionLimits


_STATE_KEY: Final = "connection"


_CHECK_SECONDS: Final = 0.5
# A request line with any method (RFC 9110, section 9.1).
_REQUEST_LINE: Final = re.compile(rb"\s*[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64} [^\s]{1,8192} HTTP/1\.[01]\r?\n")


class _Part(enum.Enum):
    """What a client is sending."""

    NOTHING = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()


class OpenConnections:
    """The open connections of a server: counts them, and ends those that break a time limit."""

    def __init__(self, limits: ConnectionLimits, proxies: TrustedProxies) -> None:
        """Prepares an empty set.

        Args:
            limits: of every connection.
            proxies: may open as many connections as a loopback address.
        """
        self.limits = limits
        self._proxies = proxies
        self._open: set[ClientConnection] = set()
        self._by_network: Counter[str] = Counter()
        self._checking: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: ClientConnection, peer: str) -> bool:
        """Adds a connection; returns False if there are too many already."""
        network = connection.network = network_of(peer)
        neighbour = is_loopback(peer) or peer in self._proxies
        most = self.limits.connections_per_neighbour if neighbour else self.limits.connections_per_network
        accepted = len(self._open) < self.limits.connections and self._by_network[network] < most
        self._open.add(connection)
        self._by_network[network] += 1
        if self._checking is None:
            self._check_later()
        return accepted

    def remove(self, connection: ClientConnection) -> None:
        """Removes a connection that has ended."""
        if connection not in self._open:
            return
        self._open.remove(connection)
        self._by_network[connection.network] -= 1
        if not self._by_network[connection.network]:
            del self._by_network[connection.network]

    def _check_later(self) -> None:
        self._checking = asyncio.get_running_loop().call_later(_CHECK_SECONDS, self.check)

    def check(self) -> None:
        """Ends connections that break a time limit, and the slowest readers if too many bytes wait
        for clients.
        """
        now = asyncio.get_running_loop().time()
        self._checking = None
        unsent = {connection: connection.check(now) for connection in [*self._open]}
        excess = sum(unsent.values()) - self.limits.unsent_bytes
        if excess > 0:
            for connection in sorted(unsent, key=lambda one: one.stalled_since):
                if excess <= 0:
                    break
                if unsent[connection]:
                    excess -= unsent[connection]
                    connection.abort()
        if self._open:
            self._check_later()


class ClientConnection(asyncio.Protocol):
    """Passes the bytes of a connection on to uvicorn's protocol, within limits.

    A parser of its own finds out where the parts of a request end; it stores no bytes.
    """

    def __init__(self, inner: asyncio.Protocol, connections: OpenConnections) -> None:
        """Wraps a protocol.

        Args:
            inner: the protocol of the server.
            connections: all connections of the server.
        """
        self.network = ""
        # When the bytes that wait for the client last became fewer; infinite if none wait.
        self.stalled_since = float("inf")
        self._inner = inner
        self._connections = connections
        self._limits = connections.limits
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport = None  # type: ignore[assignment] # set by `connection_made`
        self._parser = httptools.HttpRequestParser(self)
        # As uvicorn does; both parsers must accept the same bytes.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._part = _Part.NOTHING
        self._deadline = float("inf")
        self._requests = 0  # that arrived completely
        self._responses = 0
        self._head_bytes = 0  # of the fields that are complete
        self._raw_head_bytes = 0  # of the pieces of a head that is not complete
        self._body_bytes = 0
        self._framing_bytes = 0
        self._has_trailer = False
        self._unsent_bytes = 0
        self._is_closing = False
        self._dropped_bytes = 0

    # The connection, as asyncio reports it.

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        peer = transport.get_extra_info("peername")
        accepted = self._connections.add(self, peer[0] if isinstance(peer, tuple) else "")
        self._deadline = self._loop.time() + self._limits.silent_seconds
        self._inner.connection_made(transport)
        if not accepted:
            self._refuse(TOO_MANY, 0)

    @override
    def data_received(self, data: bytes) -> None:
        if self._is_closing:
            self._dropped_bytes += len(data)
            if self._dropped_bytes > self._limits.dropped_bytes:
                self.abort()
            return
        if self._part is _Part.NOTHING and not data.strip(b"\r\n"):
            return  # Blank lines before a request mean nothing, and must not keep a connection open.
        part, requests, body = self._part, self._requests, self._body_bytes
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # uvicorn ignores it, too
        except httptools.HttpParserError as error:
            if part is _Part.NOTHING and _is_unknown_method(error, data):
                self._refuse(UNKNOWN_METHOD, requests)
                return
            self._inner.data_received(data)  # answers 400 and closes the connection
            self._end_soon()
            return
        if requests == self._requests and self._part is _Part.HEAD:
            # The parser reports a field when it is complete; this one may never be.
            self._raw_head_bytes += len(data)
        if requests == self._requests and part is self._part is _Part.BODY:
            self._framing_bytes += len(data) - (self._body_bytes - body)
        if max(self._head_bytes, self._raw_head_bytes) > self._limits.head_bytes:
            self._refuse(HEAD_TOO_LARGE, requests)
        elif self._has_trailer or self._framing_bytes > self._limits.framing_bytes:
            self._refuse(TRAILER, requests)
        else:
            self._inner.data_received(data)

    @override
    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    @override
    def pause_writing(self) -> None:
        self._inner.pause_writing()

    @override
    def resume_writing(self) -> None:
        self.stalled_since = self._loop.time()
        self._inner.resume_writing()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.remove(self)
        self._is_closing = True
        self._inner.connection_lost(exc)

    # The parts of a request, as the parser reports them.

    def on_message_begin(self) -> None:
        """The first byte of a request has arrived."""
        self._part = _Part.HEAD
        self._head_bytes = self._raw_head_bytes = 0
        self._deadline = self._loop.time() + self._limits.head_seconds

    def on_url(self, url: bytes) -> None:
        """A piece of the URL has arrived."""
        self._head_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field, or a field after the body, has arrived."""
        self._head_bytes += len(name) + len(value) + 4
        self._has_trailer = self._has_trailer or self._part is _Part.BODY

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._part = _Part.BODY
        self._body_bytes = self._framing_bytes = 0
        self._deadline = self._loop.time() + self._limits.body_seconds

    def on_body(self, body: bytes) -> None:
        """A piece of the body has arrived."""
        self._body_bytes += len(body)

    def on_message_complete(self) -> None:
        """The request is complete."""
        self._part = _Part.NOTHING
        self._requests += 1
        # uvicorn closes the connection if nothing follows the response (timeout_keep_alive).
        self._deadline = float("inf")

    # Limits.

    def response_ended(self) -> None:
        """Counts a response; the time for the rest of a pipelined request begins."""
        self._responses += 1
        if self._part is not _Part.NOTHING:
            head = self._part is _Part.HEAD
            self._deadline = self._loop.time() + (self._limits.head_seconds if head else self._limits.body_seconds)

    def check(self, now: float) -> int:
        """Ends the connection if it breaks a time limit.

        Args:
            now: time of the event loop.

        Returns:
            How many bytes wait for the client.
        """
        unsent = self._transport.get_write_buffer_size()
        if unsent == 0:
            self.stalled_since, self._unsent_bytes = float("inf"), 0
        elif self.stalled_since == float("inf") or unsent <= self._unsent_bytes - self._limits.progress_bytes:
            self.stalled_since, self._unsent_bytes = now, unsent
        else:
            self._unsent_bytes = max(self._unsent_bytes, unsent)
        if now - self.stalled_since > self._limits.stalled_seconds:
            self.abort()
        # While a complete request waits for its response, the client owes nothing.
        elif now > self._deadline and (self._is_closing or self._requests <= self._responses):
            if self._is_closing:
                self.abort()
            elif self._part is _Part.NOTHING:
                self._transport.close()
            else:
                self._refuse(TOO_SLOW, self._requests)
        return unsent

    def abort(self) -> None:
        """Ends the connection at once; bytes that were not sent are dropped."""
        self._transport.abort()

    def _refuse(self, refusal: bytes, requests: int) -> None:
        """Ends the connection. Sends a response first, unless another one is being sent.

        Args:
            refusal: the response.
            requests: that arrived before the one that is refused.
        """
        self._end_soon()
        if requests == self._responses:
            self._transport.write(refusal)
            # What the client still sends is read and dropped for a while: if the connection was
            # closed now, the client's system would drop the response.
            self._transport.write_eof()
        else:
            self._transport.close()

    def _end_soon(self) -> None:
        self._is_closing = True
        self._deadline = self._loop.time() + self._limits.closing_seconds


def _is_unknown_method(error: httptools.HttpParserError, data: bytes) -> bool:
    """Tells whether a request is well formed but has a method that the parser does not know."""
    return isinstance(error, httptools.HttpParserInvalidMethodError) and _REQUEST_LINE.match(data) is not None


def limit_connections(config: uvicorn.Config, connections: OpenConnections) -> None:
    """Puts `ClientConnection` in front of the protocol of a server that has not started yet."""
    config.load()
    protocol: Callable[..., asyncio.Protocol] = config.http_protocol_class

    class Limited(ClientConnection):
        def __init__(self, *, app_state: dict[str, Any], **arguments: Any) -> None:
            # Each request finds its connection in the state of its scope.
            state = app_state | {_STATE_KEY: self}
            super().__init__(protocol(app_state=state, **arguments), connections)

    config.http_protocol_class = Limited


class CountResponses:
    """The outermost ASGI application: tells a connection when a response has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        connection = scope.get("state", {}).pop(_STATE_KEY, None)
        try:
            await self._app(scope, receive, send)
        finally:
            if isinstance(connection, ClientConnection):
                connection.response_ended()
