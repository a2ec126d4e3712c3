"""How many requests are let in: more than can be answered soon are told at once to come back, which costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.problems import Unavailable, answer_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

RETRY_AFTER_SECONDS: Final = 1
# What has no part in the queue for threads and connections, or must be answered above all.
_ALWAYS: Final = ("/livez", "/static/")


class Admission:
    """Lets so many requests be at work or wait at the same time."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        if self._inside >= self._most:
            refusal = Unavailable(
                "Too many ask at once. Try again in a moment.", retry_after_seconds=RETRY_AFTER_SECONDS
            )
            await answer_json(refusal)(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1
