"""The incident switch: normal, read-only, or closed; every process acts on it within a second.

It is asked of every request, before anything else looks at it, and read from the database at most twice a second.
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

from app.access.form_token import SAFE_METHODS
from app.access.modes import Mode
from app.models import InstallationSwitch
from app.problems import Closed, RenderPage, Unavailable, answer_json, wants_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.database.session import ReadWriteSession, Sessions

log = logging.getLogger("frontline")

# Half of the second that is promised: the other half is for reading.
KEPT_SECONDS: Final = 0.5
# With a database that hangs, what is published must still be served: then what was read last holds.
PATIENCE_SECONDS = 0.4
RETRY_AFTER_SECONDS: Final = 600

# What an administrator needs to lift a switch.
FOR_ADMINS: Final = frozenset({"/sign-in", "/sign-out", "/desk/switch", "/desk/switch/sign-everyone-out"})
# What is sent by POST but changes nothing.
READS_BY_POST: Final = frozenset({"/track", "/api/submissions/check"})
# Files that belong to the notice: no data is in them.
_STATIC: Final = "/static/"


def read_mode(session: ReadWriteSession) -> Mode:
    """Give the mode that is set."""
    return Mode(session.scalar(select(InstallationSwitch.mode)) or Mode.NORMAL)


def set_mode(session: ReadWriteSession, mode: Mode) -> None:
    """Set the mode for all processes."""
    changed = {"mode": mode.value, "changed_at": func.now()}
    statement = insert(InstallationSwitch).values(sole=True, **changed)
    session.execute(statement.on_conflict_do_update(index_elements=[InstallationSwitch.sole], set_=changed))


class Switch:
    """The mode, as one process knows it. While the database is away, it is the one that was read last."""

    def __init__(self, sessions: Sessions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._mode = Mode.NORMAL
        self._read_at = -float("inf")
        # A thread of its own: the switch must work when all others are busy, above all then.
        self._turn = anyio.CapacityLimiter(1)

    def known_mode(self) -> Mode | None:
        """Give the mode if it was read just now, without waiting."""
        return None if self._clock() - self._read_at > KEPT_SECONDS else self._mode

    async def mode(self) -> Mode:
        """Give the mode."""
        if self._clock() - self._read_at > KEPT_SECONDS:
            with anyio.move_on_after(PATIENCE_SECONDS):
                await anyio.to_thread.run_sync(self._read, abandon_on_cancel=True, limiter=self._turn)
        return self._mode

    def _read(self) -> None:
        started = self._clock()
        if started - self._read_at <= KEPT_SECONDS:  # another request has read it meanwhile
            return
        try:
            with self._sessions.writing() as session:
                self._mode = read_mode(session)
        except SQLAlchemyError as error:
            log.warning("the switch cannot be read: %s", type(error).__name__)
        self._read_at = started

    def known_now(self) -> None:
        """Read it again at the next request, since it was just set here."""
        self._read_at = -float("inf")


class SwitchGate:
    """Answers 503 to what the switch does not let through."""

    def __init__(self, app: ASGIApp, *, switch: Switch, render_page: RenderPage) -> None:
        self._app = app
        self._switch = switch
        self._render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it."""
        if scope["type"] == "http" and scope["path"] != "/livez":
            refusal = refusal_of(await self._switch.mode(), scope["method"], scope["path"])
            if refusal is not None:
                request = Request(scope, receive)
                response = self._render_page(request, refusal) if wants_page(request) else answer_json(refusal)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def refusal_of(mode: Mode, method: str, path: str) -> Unavailable | None:
    """Give the answer to a request that a mode does not let through."""
    if mode is Mode.NORMAL or path in FOR_ADMINS:
        return None
    if mode is Mode.CLOSED and not path.startswith(_STATIC):
        return Closed("Whoever runs it knows, and will open it again.", retry_after_seconds=RETRY_AFTER_SECONDS)
    if method not in SAFE_METHODS and path not in READS_BY_POST:
        return Unavailable(
            "This map can only be read at the moment: nothing can be sent in or changed. Try again later.",
            retry_after_seconds=RETRY_AFTER_SECONDS,
        )
    return None
