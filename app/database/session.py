"""Database sessions of requests: one request, one transaction, committed before the response.

`PublicSession` reads as the role `frontline_public`, which sees only the public views.
`WritingSession` reads and writes rows as `frontline_app`. The types differ, so that mypy finds a
function that gets the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.database.cancellation import RunningStatements, add_connection
from app.database.reader import AsyncReader

if TYPE_CHECKING:
    from app.database.engines import Engines


class PublicReadSession(Session):
    """A session that can read the public views and nothing else."""


event.listen(PublicReadSession, "after_begin", add_connection)


class ReadWriteSession(Session):
    """A session that can read and write rows."""


class Sessions:
    """Opens the sessions of requests; tests use a subclass."""

    _engines: Engines | None = None

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def reader(self) -> AsyncReader | None:
        """Creates an async reader of public data; None if all sessions share one connection
        (tests).
        """
        if self._engines is None:
            return None
        return AsyncReader(
            self._engines.public.url,
            self._engines.public_options,
            answer_seconds=self._engines.public_answer_seconds,
        )

    def public(self) -> PublicReadSession:
        """Opens a session for reading public data."""
        assert self._engines is not None  # noqa: S101 - for the type checker
        return PublicReadSession(self._engines.public)

    def writing(self) -> ReadWriteSession:
        """Opens a session for writing."""
        assert self._engines is not None  # noqa: S101 - for the type checker
        return ReadWriteSession(self._engines.writing)

    def control(self) -> ReadWriteSession:
        """Opens a session that reads how this installation is to behave; no request occupies its
        connection.
        """
        assert self._engines is not None  # noqa: S101 - for the type checker
        return ReadWriteSession(self._engines.control)


def _sessions(request: Request) -> Sessions:
    sessions = request.app.state.sessions
    assert isinstance(sessions, Sessions)  # noqa: S101 - set by create_app; for the type checker
    return sessions


def open_public_session(request: Request) -> Iterator[PublicReadSession]:
    """Opens the session of a request that reads public data. Its statements end when the client
    leaves.
    """
    statements: RunningStatements = getattr(request.state, "statements", None) or RunningStatements()
    with _sessions(request).public() as session, statements.of(session):
        yield session


def open_writing_session(request: Request) -> Iterator[ReadWriteSession]:
    """Opens the session of a request that writes; commits everything or nothing."""
    with _sessions(request).writing() as session, session.begin():
        yield session


# scope="function": commits before the response is sent. With the default scope, FastAPI commits
# after it.
PublicSession = Annotated[PublicReadSession, Depends(open_public_session, scope="function")]
WritingSession = Annotated[ReadWriteSession, Depends(open_writing_session, scope="function")]
