"""Following a submission: what became of it, and the sender's answer when the desk asks something."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.problems import Conflict, NotFound, TooManyRequests
from app.submissions import queries
from app.submissions.schemas import StatusMessage, SubmissionStatus
from app.submissions.tracking import read_code

if TYPE_CHECKING:
    from app.database.session import PublicReadSession, ReadWriteSession
    from app.models import Submission
    from app.submissions.receive import Reception


def status_of(
    reception: Reception, session: ReadWriteSession, public: PublicReadSession, code: str
) -> SubmissionStatus:
    """Give what became of a submission to who has its code. Who decided is not told, and no event that is not public.

    Raises:
        NotFound: no submission has this code.
    """
    row = _with_code(reception, session, code)
    event_id = row.result_event_id or (row.event_id if row.kind == "problem" else None)
    if event_id is not None and not queries.is_public_event(public, event_id):
        event_id = None
    return SubmissionStatus(
        status=row.state,
        kind=row.kind,
        received_at=row.created_at,
        decided_at=row.decided_at,
        reason=row.decision_reason,
        event_id=event_id,
        messages=[
            StatusMessage(by="you" if one.by_sender else "desk", text=one.text, at=one.created_at)
            for one in queries.messages(session, row.id)
        ],
    )


def answer(reception: Reception, session: ReadWriteSession, *, code: str, text: str, network: str) -> None:
    """Take the sender's answer to the desk's question; the submission goes back into review.

    Raises:
        NotFound: no submission has this code.
        Conflict: nothing is asked.
        TooManyRequests: the network sent too much.
    """
    row = _with_code(reception, session, code, locked=True)
    if row.state != "question":
        raise Conflict("Nothing is asked about this submission at the moment.")
    wait_seconds = reception.limits.take(network)
    if wait_seconds:
        raise TooManyRequests(
            "Too much was sent from your network in a short time. Nothing is lost: send it again in a while.",
            retry_after_seconds=wait_seconds,
        )
    queries.add_answer(session, row, uuid.uuid4(), text)


def _with_code(reception: Reception, session: ReadWriteSession, code: str, *, locked: bool = False) -> Submission:
    """Find it by the keyed hash of its code: the time of an answer tells nothing about the codes there are."""
    found = queries.submission_of_code(session, reception.codes.code_hash(read_code(code) or ""), locked=locked)
    if found is None:
        raise NotFound("No submission has this code.")
    return found
