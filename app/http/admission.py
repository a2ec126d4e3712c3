"""Admits requests: reads each one whole, gives it a place among its class, and takes the place back
before the response leaves.

A client that sends or reads slowly therefore holds no place, and a flood of one class of requests
takes none from the others (`work_classes.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from app.database.cancellation import RunningStatements
from app.http.headers import FIXED_HEADERS
from app.http.prepared_response import PreparedResponse, status_of
from app.http.work_classes import Work, work_of
from app.http.work_queue import ClientLeftError, NoPlaceError, WorkClass, WorkQueue
from app.problem_responses import problem_response
from app.problems import TooLarge, UrlTooLong, busy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.http.client import TrustedProxies
    from app.problems import Problem

log = logging.getLogger("frontline.requests")

BODY_LIMIT_BYTES: Final = 64 * 1024
URL_LIMIT_BYTES: Final = 8 * 1024
TOO_MANY_REQUESTS: Final = 429
PAUSE_SECONDS: Final = 0.5
# Needs neither a thread nor a connection, and must be answered in any case.
_EXEMPT: Final = "/livez"
_LOG_EVERY_SECONDS: Final = 1.0


class AdmissionControl:
    """Middleware that gives requests places, and answers 503 when a class has no place left.

    The responses that refuse are prepared once, and the number of refusals is logged once a second:
    a log line for each would cost more than refusing.
    """

    def __init__(self, app: ASGIApp, *, classes: Mapping[Work, WorkClass], proxies: TrustedProxies) -> None:
        """Wraps an application.

        Args:
            app: handles the requests that get a place.
            classes: the places of each class.
            proxies: whose `X-Forwarded-For` tells clients apart.
        """
        self._app = app
        self._queues = {work: WorkQueue(numbers) for work, numbers in classes.items()}
        self._proxies = proxies
        self._refused: Counter[str] = Counter()
        self._logged_at = 0.0
        self._too_long = _prepare(UrlTooLong(f"The address may have at most {URL_LIMIT_BYTES} bytes."))
        self._too_large = _prepare(TooLarge(f"A body may have at most {BODY_LIMIT_BYTES} bytes."))
        self._busy = _prepare(busy())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] != "http" or scope["path"] == _EXEMPT:
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) + len(scope["query_string"]) > URL_LIMIT_BYTES:
            await self._too_long.send(send)
            return
        body = await _read_body(scope, receive)
        if body is None:
            return
        if len(body) > BODY_LIMIT_BYTES:
            await self._too_large.send(send)
            return
        queue = self._queues[work_of(scope)]
        exchange = _Exchange(body, receive)
        scope.setdefault("state", {})["statements"] = exchange.statements
        try:
            async with exchange.watched(), queue.place(self._proxies.network(scope), exchange.left):
                await self._app(scope, exchange.receive, exchange.collect)
        except NoPlaceError:
            self._count_refusal(queue.work.name)
            await self._busy.send(send)
        except ClientLeftError:
            return
        else:
            if exchange.client_left:
                return  # its statements were cancelled, and the response says so
            if status_of(exchange.response) == TOO_MANY_REQUESTS:
                # Who sends too much would try again at once. Nobody else waits for this.
                await asyncio.sleep(PAUSE_SECONDS)
            for message in exchange.response:
                await send(message)

    def _count_refusal(self, name: str) -> None:
        self._refused[name] += 1
        now = time.monotonic()
        if now - self._logged_at >= _LOG_EVERY_SECONDS:
            counts = ", ".join(f"{name} {count}" for name, count in sorted(self._refused.items()))
            log.warning("refused, too many at once: %s", counts)
            self._refused.clear()
            self._logged_at = now


class _Exchange:
    """A request that was read whole, and its response, which is collected whole.

    Attributes:
        statements: of the database, which are cancelled when the client leaves.
        left: done when the client has left.
        client_left: whether the client left while the request was processed.
        response: the messages of the response.
    """

    def __init__(self, body: bytes, receive: Receive) -> None:
        self.statements = RunningStatements()
        self.client_left = False
        self.response: list[Message] = []
        self.left: asyncio.Future[None] = asyncio.ensure_future(_wait_until_client_leaves(receive))
        self._body: bytes | None = body
        self._cancelling: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Cancels the statements of the block if the client leaves meanwhile."""
        self.left.add_done_callback(self._on_left)
        try:
            yield
        finally:
            self.left.remove_done_callback(self._on_left)
            self.left.cancel()

    def _on_left(self, left: asyncio.Future[None]) -> None:
        if not left.cancelled():
            self.client_left = True
            # In a thread: it opens a connection to the database.
            self._cancelling = asyncio.get_running_loop().run_in_executor(None, self.statements.cancel)

    async def receive(self) -> Message:
        """Returns the body; after that, waits until the client leaves."""
        if self._body is None:
            await asyncio.wait({self.left})
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def collect(self, message: Message) -> None:
        """Stores a message of the response."""
        self.response.append(message)


async def _wait_until_client_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_body(scope: Scope, receive: Receive) -> bytes | None:
    """Returns the body of a request, or its beginning if it is too large; None if the client
    leaves. The connection limits the time (`connection.py`).
    """
    declared = [value for name, value in scope["headers"] if name == b"content-length"]
    if any(value.isdigit() and int(value) > BODY_LIMIT_BYTES for value in declared):
        return bytes(BODY_LIMIT_BYTES + 1)
    body = bytearray()
    while len(body) <= BODY_LIMIT_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _prepare(problem: Problem) -> PreparedResponse:
    response = problem_response(problem)
    return PreparedResponse(response.status_code, (*response.raw_headers, *FIXED_HEADERS), bytes(response.body))
