"""The incident switch: normal, read-only or closed. Every process obeys it within a second.

Middleware checks the mode for every request. The mode is read from the database at most twice a
second.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
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
# If the database hangs, the last known mode is used, so that public data is still served.
READ_TIMEOUT_SECONDS = 0.4
RETRY_AFTER_SECONDS: Final = 600

# What members need to sign in, and an administrator to change the mode back.
ALWAYS_OPEN: Final = (
    frozenset({"/sign-in", "/desk/switch", "/desk/switch/sign-everyone-out"}) | OWN_PASSWORD_PATHS | SECOND_FACTOR_PATHS
)
# POST requests that change nothing.
READS_BY_POST: Final = frozenset({"/track", "/api/submissions/check"})
# Needed by the page that says that the map is closed; contains no data.
_STATIC: Final = "/static/"


def read_mode(session: ReadWriteSession) -> Mode:
    """Reads the mode from the database."""
    return Mode(session.scalar(select(InstallationSwitch.mode)) or Mode.NORMAL)


def set_mode(session: ReadWriteSession, mode: Mode) -> None:
    """Sets the mode for all processes."""
    changed = {"mode": mode.value, "changed_at": func.now()}
    statement = insert(InstallationSwitch).values(sole=True, **changed)
    session.execute(statement.on_conflict_do_update(index_elements=[InstallationSwitch.sole], set_=changed))


class Switch:
    """The mode as this process knows it; while the database is down, the mode that was read
    last.
    """

    def __init__(self, sessions: Sessions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._mode = Mode.NORMAL
        self._read_at = -float("inf")
        # A thread of its own: the switch must work when all other threads are busy.
        self._limiter = anyio.CapacityLimiter(1)

    async def mode(self) -> Mode:
        """Returns the mode; reads it from the database if the known one is too old."""
        if self._clock() - self._read_at > REFRESH_SECONDS:
            with anyio.move_on_after(READ_TIMEOUT_SECONDS):
                await anyio.to_thread.run_sync(self._read, abandon_on_cancel=True, limiter=self._limiter)
        return self._mode

    def _read(self) -> None:
        started = self._clock()
        if started - self._read_at <= REFRESH_SECONDS:  # another request has read it meanwhile
            return
        try:
            with self._sessions.writing() as session:
                self._mode = read_mode(session)
        except SQLAlchemyError as error:
            log.warning("cannot read the incident switch: %s", type(error).__name__)
        self._read_at = started

    def expire(self) -> None:
        """Makes the next request read the mode again; called after it was set here."""
        self._read_at = -float("inf")


class SwitchMiddleware:
    """Answers 503 to requests that the current mode does not allow."""

    def __init__(self, app: ASGIApp, *, switch: Switch, render_page: RenderPage) -> None:
        self._app = app
        self._switch = switch
        self._render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on, or refuses it."""
        if scope["type"] == "http" and scope["path"] != "/livez":
            refusal = refusal_of(await self._switch.mode(), scope["method"], scope["path"])
            if refusal is not None:
                request = Request(scope, receive)
                response = self._render_page(request, refusal) if wants_page(request) else problem_response(refusal)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def refusal_of(mode: Mode, method: str, path: str) -> Unavailable | None:
    """Returns the error for a request that a mode does not allow; None if it is allowed."""
    if mode is Mode.NORMAL or path in ALWAYS_OPEN:
        return None
    if mode is Mode.CLOSED and not path.startswith(_STATIC):
        return Closed("Whoever runs it knows, and will open it again.", retry_after_seconds=RETRY_AFTER_SECONDS)
    if method not in SAFE_METHODS and path not in READS_BY_POST:
        return Unavailable(
            "This map can only be read at the moment: nothing can be sent in or changed. Try again later.",
            retry_after_seconds=RETRY_AFTER_SECONDS,
        )
    return None
