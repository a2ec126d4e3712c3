"""One request, one transaction: committed before the answer leaves.

`PublicSession` reads as the role `frontline_public`, which sees the public views and nothing else;
`WritingSession` reads and writes rows as `frontline_app`. Their types differ, so that a function that takes one
cannot be handed the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.database.reader import AsyncReader

if TYPE_CHECKING:
    from app.database.engines import Engines


class PublicReadSession(Session):
    """A session that can read what is public, and nothing else."""


class ReadWriteSession(Session):
    """A session that can read and write rows."""


class Sessions:
    """Where requests get their sessions; tests put their own in its place."""

    _engines: Engines | None = None

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def reader(self) -> AsyncReader | None:
        """Make a reader of what is public, for what needs no session and no thread; None where all share one."""
        if self._engines is None:
            return None
        return AsyncReader(self._engines.public.url, self._engines.public_options)

    def public(self) -> PublicReadSession:
        """Open a session for reading what is public."""
        assert self._engines is not None  # noqa: S101 - for the type checker
        return PublicReadSession(self._engines.public)

    def writing(self) -> ReadWriteSession:
        """Open a session for writing."""
        assert self._engines is not None  # noqa: S101 - for the type checker
        return ReadWriteSession(self._engines.writing)


def _sessions(request: Request) -> Sessions:
    sessions = request.app.state.sessions
    assert isinstance(sessions, Sessions)  # noqa: S101 - set by create_app; for the type checker
    return sessions


def open_public_session(request: Request) -> Iterator[PublicReadSession]:
    """Give a request its session for reading."""
    with _sessions(request).public() as session:
        yield session


def open_writing_session(request: Request) -> Iterator[ReadWriteSession]:
    """Give a request its session for writing; all of it is committed, or nothing."""
    with _sessions(request).writing() as session, session.begin():
        yield session


# scope="function": the transaction ends before the answer is sent. With the default scope FastAPI commits afterwards.
PublicSession = Annotated[PublicReadSession, Depends(open_public_session, scope="function")]
WritingSession = Annotated[ReadWriteSession, Depends(open_writing_session, scope="function")]
