"""The object that carries a member's request to change something from the route to the code that
changes it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Response

from app.access.members import CurrentMember, Member
from app.database.session import ReadWriteSession, WritingSession
from app.http.conditional import IfMatch, etag, meant_versions
from app.review.schemas import Versioned

EventId = Annotated[uuid.UUID, Path(description="Of an event, in whatever state")]
Answer = TypeVar("Answer", bound=Versioned)


@dataclass(frozen=True)
class Command:
    """A member's request to change one row.

    Attributes:
        session: the database session of the request.
        member: who makes the request.
        target: the id of the row to change: an event, a submission, a source or an area.
        if_match: the header `If-Match`, which names the version that the member has seen.
    """

    session: ReadWriteSession
    member: Member
    target: uuid.UUID
    if_match: str | None

    @property
    def versions(self) -> set[int]:
        """The versions that may be changed.

        Raises:
            PreconditionRequired: the request has no `If-Match`.
        """
        return meant_versions(self.if_match)


def _event_command(
    session: WritingSession, member: CurrentMember, event_id: EventId, if_match: IfMatch = None
) -> Command:
    return Command(session, member, event_id, if_match)


def _source_command(
    session: WritingSession, member: CurrentMember, source_id: uuid.UUID, if_match: IfMatch = None
) -> Command:
    return Command(session, member, source_id, if_match)


def _area_command(
    session: WritingSession, member: CurrentMember, area_id: uuid.UUID, if_match: IfMatch = None
) -> Command:
    return Command(session, member, area_id, if_match)


EventCommand = Annotated[Command, Depends(_event_command)]
SourceCommand = Annotated[Command, Depends(_source_command)]
AreaCommand = Annotated[Command, Depends(_area_command)]


def with_etag(response: Response, answer: Answer) -> Answer:
    """Sets the `ETag` of a response to the version of its body, and returns the body."""
    response.headers["ETag"] = etag(answer.version)
    response.headers["Cache-Control"] = "no-store"
    return answer
