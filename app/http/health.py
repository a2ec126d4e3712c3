"""Whether this process lives, and whether it can answer."""

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

KEPT_SECONDS: Final = 1.0


class Readiness:
    """Whether the database answers, asked at most once a second however often it is wanted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready = False
        self._asked_at = -KEPT_SECONDS

    def check(self, sessions: Sessions) -> bool:
        """Tell whether the public can be answered."""
        with self._lock:
            if time.monotonic() - self._asked_at >= KEPT_SECONDS:
                try:
                    with sessions.public() as session:
                        session.execute(select(text("1")).select_from(text("public_origin")).limit(1))
                    self._ready = True
                except SQLAlchemyError:
                    self._ready = False
                self._asked_at = time.monotonic()
            return self._ready


@router.get("/livez")
async def livez() -> Response:
    """Tell that the process lives. It touches no database, and no thread."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """Tell whether the database answers."""
    readiness: Readiness = request.app.state.readiness
    if not readiness.check(request.app.state.sessions):
        raise Unavailable("The database does not answer.")
    return Response("ok\n", media_type="text/plain")
