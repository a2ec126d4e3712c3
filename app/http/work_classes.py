"""Which class of work a request belongs to, and how many places each class has.

A flood of one class leaves the places of the others free. The places together are as many as
threads and pooled connections, so that a request that has a place waits for neither.
"""

from __future__ import annotations

import enum
import os
from typing import TYPE_CHECKING, Final

from app.http.work_queue import WorkClass
from app.parsing.query import InvalidQuery, parse_query

if TYPE_CHECKING:
    from starlette.types import Scope

    from app.settings import Settings


class Work(enum.Enum):
    """The classes of work."""

    HEALTH = "health checks"
    FILES = "static files"
    TILES = "tiles"
    READS = "public reads"
    LARGE_READS = "large public reads"
    SEARCHES = "searches"
    WRITES = "submissions"
    SIGN_INS = "sign-ins"
    DESK = "the desk"


def work_classes(settings: Settings) -> dict[Work, WorkClass]:
    """Returns the classes with the places that the connections of an installation allow."""
    public, writing = settings.public_connections, settings.writing_connections
    # Python runs one thread at a time, and the database usually has the same few processors: more
    # places than these would make every request slower, and none faster.
    processors = os.cpu_count() or 1
    # Places, queue, longest wait in seconds, rest.
    places = {
        Work.HEALTH: (1, 64, 5.0, 0),
        Work.FILES: (4, 256, 10.0, 0),
        Work.TILES: (max(2, processors // 2), 64, 5.0, 1),
        Work.READS: (max(2, processors), 128, 5.0, 0),
        Work.LARGE_READS: (1, 32, 10.0, 2),
        Work.SEARCHES: (max(1, processors // 2), 64, 5.0, 1),
        Work.WRITES: (2, 64, 5.0, 3),
        # A password takes a processor for 50 ms, on purpose.
        Work.SIGN_INS: (max(1, processors // 2), 64, 60.0, 3),
        Work.DESK: (2, 64, 10.0, 1),
    }
    connections = {Work.READS: public // 2, Work.SEARCHES: public // 4}
    connections |= {Work.WRITES: writing // 2, Work.DESK: writing // 2, Work.SIGN_INS: writing // 2}
    return {
        work: WorkClass(work.value, max(1, min(most, connections.get(work, most))), queue, seconds, rest)
        for work, (most, queue, seconds, rest) in places.items()
    }


_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_EVENTS: Final = "/api/collections/events/"
_COLUMNS: Final = f"{_EVENTS}columns"
# Of the API; generating them takes seconds, once.
_DESCRIPTIONS: Final = frozenset({"/api/openapi.json", "/api/docs"})
# More items than a page of the map ever asks for at once.
MANY: Final = 100
_SIGN_IN_PATHS: Final = ("/sign-in", "/desk/account/", "/desk/members")


def work_of(scope: Scope) -> Work:
    """Returns the class of a request, by its path, its method and whether it searches for words."""
    path: str = scope["path"]
    if path == "/readyz":
        return Work.HEALTH
    if path.startswith("/static/"):
        return Work.FILES
    is_safe = scope["method"] in _SAFE
    if path.startswith(_SIGN_IN_PATHS) and not is_safe:
        return Work.SIGN_INS  # these hash or verify passwords
    if path.startswith(("/desk", "/api/desk")) and _has_credentials(scope):
        return Work.DESK
    if not is_safe:
        return Work.WRITES
    try:
        parameters = dict(parse_query(scope["query_string"]))
    except InvalidQuery:
        return Work.READS  # is refused at once
    if path == _COLUMNS or (path.startswith(_EVENTS) and parameters.get("q")):
        return Work.SEARCHES
    limit = parameters.get("limit", "")
    if path in _DESCRIPTIONS or (limit.isascii() and limit.isdigit() and int(limit[:9]) > MANY):
        return Work.LARGE_READS
    return Work.READS


def _has_credentials(scope: Scope) -> bool:
    """Tells whether a request may come from a member; others are turned away quickly."""
    return any(name in {b"cookie", b"authorization"} for name, _ in scope["headers"])
