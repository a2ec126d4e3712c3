"""Refuses requests that could not be answered soon, before they cost anything."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from app.http.headers import FIXED_HEADERS
from app.http.prepared_response import PreparedResponse
from app.problem_responses import problem_response
from app.problems import Unavailable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("frontline.requests")

RETRY_AFTER_SECONDS: Final = 1
# These need neither a thread nor a connection, or must be answered in any case.
_EXEMPT: Final = ("/livez", "/static/")
_LOG_EVERY_SECONDS: Final = 1.0


class AdmissionControl:
    """Middleware that answers 503 when `limit` requests are being processed.

    The 503 response is prepared once, and the number of refusals is logged once a second. The
    thread that refuses competes with those that answer: a log line for each refusal would cost
    more than refusing.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._active = 0
        self._refused = 0
        self._logged_at = 0.0
        refusal = problem_response(
            Unavailable("The server is busy. Try again in a few seconds.", retry_after_seconds=RETRY_AFTER_SECONDS)
        )
        self._refusal = PreparedResponse(
            refusal.status_code, (*refusal.raw_headers, *FIXED_HEADERS), bytes(refusal.body)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] != "http" or scope["path"].startswith(_EXEMPT):
            await self._app(scope, receive, send)
            return
        if self._active >= self._limit:
            self._count_refusal()
            await self._refusal.send(send)
            return
        self._active += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._active -= 1

    def _count_refusal(self) -> None:
        self._refused += 1
        now = time.monotonic()
        if now - self._logged_at >= _LOG_EVERY_SECONDS:
            log.warning("refused %d requests: too many at once", self._refused)
            self._refused, self._logged_at = 0, now
