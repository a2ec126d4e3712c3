"""The incident switch: normal, read-only or closed. Every process obeys it within a second.

Middleware checks the mode for every request. The mode is read from the database at most twice a
second. If the database has not told it for some seconds, everything is closed that may contain
public data.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from starlette.requests import Request

from app.access.entry import OWN_PASSWORD_PATHS, SECOND_FACTOR_PATHS
from app.access.form_token import SAFE_METHODS
from app.access.modes import Mode
from app.models import InstallationSwitch
from app.problem_responses import RenderPage, problem_response, wants_page
from app.problems import Closed, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.database.session import ReadWriteSession, Sessions

log = logging.getLogger("frontline")

# A process must notice a change within one second. The other half second is for reading.
REFRESH_SECONDS: Final = 0.5
# If the database hangs, a request waits so long, then the last known mode is used ...
READ_TIMEOUT_SECONDS = 0.4
# ... but only for so long. The map may have been closed meanwhile.
KNOWN_SECONDS = 5.0
RETRY_AFTER_SECONDS: Final = 600

# What members need to sign in, and an administrator to change the mode back.
ALWAYS_OPEN: Final = (
    frozenset({"/sign-in", "/desk/switch", "/desk/switch/sign-everyone-out"}) | OWN_PASSWORD_PATHS | SECOND_FACTOR_PATHS
)
# POST requests that change nothing.
READS_BY_POST: Final = frozenset({"/track", "/api/submissions/check"})
# Contain no data. The page that says that the map is closed needs the static files.
_UNGUARDED: Final = ("/livez", "/static/")
_READINESS: Final = "/readyz"


def read_mode(session: ReadWriteSession) -> Mode:
    """Reads the mode from the database."""
    return Mode(session.scalar(select(InstallationSwitch.mode)) or Mode.NORMAL)


def set_mode(session: ReadWriteSession, mode: Mode) -> None:
    """Sets the mode for all processes."""
    changed = {"mode": mode.value, "changed_at": func.now()}
    statement = insert(InstallationSwitch).values(sole=True, **changed)
    session.execute(statement.on_conflict_do_update(index_elements=[InstallationSwitch.sole], set_=changed))


class Switch:
    """The mode as this process knows it."""

    def __init__(self, sessions: Sessions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._mode = Mode.NORMAL
        self._known_at = self._asked_at = -float("inf")
        self._failed = False
        self._reading: asyncio.Future[Mode] | None = None
        # A thread of its own: the switch must work when all other threads are busy.
        self._limiter = anyio.CapacityLimiter(1)

    async def mode(self) -> Mode | None:
        """Returns the mode; None if it is not known. Reads it from the database if needed."""
        now = self._clock()
        if self._reading is None and now - self._asked_at > REFRESH_SECONDS:
            self._asked_at = now
            self._reading = asyncio.ensure_future(
                anyio.to_thread.run_sync(self._read, abandon_on_cancel=True, limiter=self._limiter)
            )
            self._reading.add_done_callback(self._finish)
        reading = self._reading
        if reading is not None:
            # The first request after a quiet hour waits until the mode is read. While the database
            # is away, requests wait only for a short time.
            patience = READ_TIMEOUT_SECONDS if self._failed or self._is_known() else KNOWN_SECONDS
            remaining = self._asked_at + patience - now
            if remaining > 0:
                await asyncio.wait({reading}, timeout=remaining)
        return self._mode if self._is_known() else None

    def is_database_away(self) -> bool:
        """Tells whether the database did not answer when the mode was last read."""
        return self._failed

    def expire(self) -> None:
        """Makes the next request read the mode again; called after it was set here."""
        self._reading = None  # what is being read may be older
        self._asked_at = -float("inf")

    def _is_known(self) -> bool:
        return self._clock() - self._known_at <= KNOWN_SECONDS

    def _read(self) -> Mode:
        with self._sessions.control() as session:
            return read_mode(session)

    def _finish(self, reading: asyncio.Future[Mode]) -> None:
        """Keeps the mode that was read."""
        error = None if reading.cancelled() else reading.exception()
        if reading is not self._reading:
            return
        self._reading = None
        if reading.cancelled():
            return
        if error is None:
            self._mode, self._known_at = reading.result(), self._asked_at
        elif not self._failed:
            log.warning("cannot read the incident switch: %s", type(error).__name__)
        self._failed = error is not None


class SwitchMiddleware:
    """Answers 503 to requests that the current mode does not allow."""

    def __init__(self, app: ASGIApp, *, switch: Switch, render_page: RenderPage) -> None:
        self._app = app
        self._switch = switch
        self._render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] == "http" and not scope["path"].startswith(_UNGUARDED):
            refusal = refusal_of(await self._switch.mode(), scope["method"], scope["path"])
            if refusal is not None:
                request = Request(scope, receive)
                response = self._render_page(request, refusal) if wants_page(request) else problem_response(refusal)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def refusal_of(mode: Mode | None, method: str, path: str) -> Unavailable | None:
    """Returns the error for a request that a mode does not allow; None if it is allowed.

    Args:
        mode: the mode; None if the database does not tell it.
        method: of the request.
        path: of the request.
    """
    if mode is None:
        if path == _READINESS:  # which explains
            return None
        return Unavailable("The database is not available. Nothing was lost. Try again in a few seconds.")
    if mode is Mode.NORMAL or path in ALWAYS_OPEN:
        return None
    if mode is Mode.CLOSED:
        return Closed("Whoever runs it knows, and will open it again.", retry_after_seconds=RETRY_AFTER_SECONDS)
    if method not in SAFE_METHODS and path not in READS_BY_POST:
        return Unavailable(
            "This map can only be read at the moment: nothing can be sent in or changed. Try again later.",
            retry_after_seconds=RETRY_AFTER_SECONDS,
        )
    return None
