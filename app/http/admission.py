"""How many requests are let in: more than can be answered soon are told at once to come back, which costs little."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from app.http.answer import Answer
from app.http.headers import FIXED_HEADERS
from app.problems import Unavailable, answer_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("frontline.requests")

RETRY_AFTER_SECONDS: Final = 1
# What has no part in the queue for threads and connections, or must be answered above all.
_ALWAYS: Final = ("/livez", "/static/")
_TELL_EVERY_SECONDS: Final = 1.0


class Admission:
    """Lets so many requests be at work or wait at the same time.

    It stands before all that costs something. The answer to the others is made once, and their number is logged once a
    second: the thread that refuses competes with those that answer, and a line for each would cost more than refusing.
    """

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0
        self._refused = 0
        self._told_at = 0.0
        refusal = answer_json(
            Unavailable("Too many ask at once. Try again in a moment.", retry_after_seconds=RETRY_AFTER_SECONDS)
        )
        self._refusal = Answer(refusal.status_code, (*refusal.raw_headers, *FIXED_HEADERS), bytes(refusal.body))

    def refusal(self, scope: Scope) -> Answer | None:
        """Give the answer to a request that is one too many."""
        if self._inside < self._most or scope["path"].startswith(_ALWAYS):
            return None
        self._tell()
        return self._refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is not None:
            await refusal.leave(send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1

    def _tell(self) -> None:
        self._refused += 1
        now = time.monotonic()
        if now - self._told_at >= _TELL_EVERY_SECONDS:
            log.warning("refused %d requests: too many at once", self._refused)
            self._refused, self._told_at = 0, now
