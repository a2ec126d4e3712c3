"""Health checks: is the process alive, and does the database answer it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.problems import Unavailable

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Readiness:
    """What the process knows of the database; nothing here waits for it.

    Attributes:
        is_database_away: tells whether it did not answer when it was last asked. The middleware of
            the incident switch asks it at most half a second before each request.
        is_listener_silent: tells whether it has not reported for some seconds that it would report
            changes.
    """

    is_database_away: Callable[[], bool]
    is_listener_silent: Callable[[], bool]


@router.get("/livez")
async def livez() -> Response:
    """Answers while the process is alive; needs neither the database nor a thread."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Answers 200 if the database answers and reports changes, else 503; needs no thread."""
    readiness: Readiness = request.app.state.readiness
    if readiness.is_database_away():
        raise Unavailable("The database does not answer.")
    if readiness.is_listener_silent():
        raise Unavailable("The database does not report changes, so no response is sent from the cache.")
    return Response("ok\n", media_type="text/plain")
