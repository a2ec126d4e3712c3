"""Internal comments of members on a submission or an event. No public response contains them."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from app.desk import queries
from app.desk.schemas import Comments, CommentShown
from app.models import Account, Comment, Event, Submission
from app.problems import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import CommentBody

_MENTION: Final = re.compile(r"(?<![\w.@-])@([a-z0-9][a-z0-9._-]{0,38}[a-z0-9])", re.IGNORECASE)
MENTIONS_LIMIT: Final = 20


def add_comment(
    session: ReadWriteSession,
    member: Member,
    body: CommentBody,
    *,
    submission_id: uuid.UUID | None = None,
    event_id: uuid.UUID | None = None,
) -> Comments:
    """Adds a comment to a submission or an event, and returns all comments on it. Notifies the
    members it mentions.

    Raises:
        NotFound: there is no such submission or event.
    """
    _check_exists(session, submission_id, event_id)
    names = {found.lower() for found in _MENTION.findall(body.text)}
    mentioned = select(Account.id).where(
        Account.name.in_(sorted(names)[:MENTIONS_LIMIT]), Account.disabled_at.is_(None)
    )
    session.add(
        Comment(
            id=uuid.uuid4(),
            submission_id=submission_id,
            event_id=event_id,
            member_id=member.id,
            made_by=member.name,
            text=body.text,
            mentions=list(session.scalars(mentioned)),
            created_at=func.clock_timestamp(),
        )
    )
    session.flush()
    return comments_on(session, submission_id=submission_id, event_id=event_id)


def comments_on(
    session: ReadWriteSession, *, submission_id: uuid.UUID | None = None, event_id: uuid.UUID | None = None
) -> Comments:
    """Returns the comments on a submission or an event, oldest first.

    Raises:
        NotFound: there is no such submission or event.
    """
    _check_exists(session, submission_id, event_id)
    return _to_schema(queries.comments_on(session, submission_id=submission_id, event_id=event_id))


def comments_for(session: ReadWriteSession, member: Member) -> Comments:
    """Returns the comments that mention a member, newest first."""
    return _to_schema(queries.comments_for(session, member.id))


def _to_schema(found: Sequence[Comment]) -> Comments:
    return Comments(comments=[CommentShown.model_validate(one, from_attributes=True) for one in found])


def _check_exists(session: ReadWriteSession, submission_id: uuid.UUID | None, event_id: uuid.UUID | None) -> None:
    if submission_id is not None:
        if session.scalar(select(Submission.id).where(Submission.id == submission_id)) is None:
            raise NotFound("There is no submission with this id.")
    elif session.scalar(select(Event.id).where(Event.id == event_id)) is None:
        raise NotFound("There is no event with this id.")
