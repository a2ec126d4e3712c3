"""Health checks: is the process alive, and can it reach the database?"""

from __future__ import annotations

import threading
import time
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app.database.session import Sessions
from app.problems import Unavailable

router = APIRouter(include_in_schema=False)

CHECK_INTERVAL_SECONDS: Final = 1.0


class Readiness:
    """Checks the database at most once a second, for any number of requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready = False
        self._checked_at = -CHECK_INTERVAL_SECONDS

    def check(self, sessions: Sessions) -> bool:
        """Tells whether public data can be read."""
        with self._lock:
            if time.monotonic() - self._checked_at >= CHECK_INTERVAL_SECONDS:
                try:
                    with sessions.public() as session:
                        session.execute(select(text("1")).select_from(text("public_origin")).limit(1))
                    self._ready = True
                except SQLAlchemyError:
                    self._ready = False
                self._checked_at = time.monotonic()
            return self._ready


@router.get("/livez")
async def livez() -> Response:
    """Answers while the process is alive; needs neither the database nor a thread."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """Answers 200 if the database can be read, else 503."""
    readiness: Readiness = request.app.state.readiness
    if not readiness.check(request.app.state.sessions):
        raise Unavailable("The database does not answer.")
    return Response("ok\n", media_type="text/plain")
