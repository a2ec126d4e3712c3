"""What a request of a member means to change: the event in its path, the version that was seen, who asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Response

from app.access.members import CurrentMember, Member
from app.database.session import ReadWriteSession, WritingSession
from app.http.conditional import IfMatch, etag
from app.review.schemas import Versioned

EventId = Annotated[uuid.UUID, Path(description="Of an event, in whatever state")]
Shown = TypeVar("Shown", bound=Versioned)


def answer(response: Response, found: Shown) -> Shown:
    """Put the version of an answer on it."""
    response.headers["ETag"] = etag(found.version)
    response.headers["Cache-Control"] = "no-store"
    return found


@dataclass(frozen=True)
class Meant:
    """An event that a member means to change, and the version of it that they have seen."""

    session: ReadWriteSession
    member: Member
    id: uuid.UUID
    if_match: str | None
    response: Response

    def answer(self, found: Shown) -> Shown:
        """Put the version of what became of it on the answer."""
        return answer(self.response, found)


def _meant(
    response: Response, session: WritingSession, member: CurrentMember, event_id: EventId, if_match: IfMatch = None
) -> Meant:
    return Meant(session, member, event_id, if_match, response)


MeantEvent = Annotated[Meant, Depends(_meant)]
