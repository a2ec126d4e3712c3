"""The status of a submission, and the sender's answer to a question of the desk."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.problems import Conflict, NotFound, TooManyRequests
from app.submissions import queries
from app.submissions.schemas import StatusMessage, SubmissionStatus
from app.submissions.tracking import parse_code

if TYPE_CHECKING:
    from app.database.session import PublicReadSession, ReadWriteSession
    from app.models import Submission
    from app.submissions.receive import SubmissionServices


def status_of(
    services: SubmissionServices, session: ReadWriteSession, public: PublicReadSession, code: str
) -> SubmissionStatus:
    """Returns the status of the submission with a tracking code, without reviewers and events that
    are not public.

    Raises:
        NotFound: there is no submission with this code.
    """
    row = _find_submission(services, session, code)
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


def answer(services: SubmissionServices, session: ReadWriteSession, *, code: str, text: str, network: str) -> None:
    """Stores the sender's answer to the desk's question; the submission is in review again.

    Raises:
        NotFound: there is no submission with this code.
        Conflict: the desk has not asked a question.
        TooManyRequests: the network has sent too much.
    """
    row = _find_submission(services, session, code, locked=True)
    if row.state != "question":
        raise Conflict("The desk has not asked a question about this submission.")
    wait_seconds = services.limits.take(network)
    if wait_seconds:
        raise TooManyRequests(
            "Too much was sent from your network in a short time. Wait a few minutes, then send it again.",
            retry_after_seconds=wait_seconds,
        )
    queries.add_answer(session, row, uuid.uuid4(), text)


def _find_submission(
    services: SubmissionServices, session: ReadWriteSession, code: str, *, locked: bool = False
) -> Submission:
    """Finds a submission by the keyed hash of its code, so that response times reveal nothing about
    existing codes.
    """
    found = queries.submission_of_code(session, services.codes.code_hash(parse_code(code) or ""), locked=locked)
    if found is None:
        raise NotFound("There is no submission with this code. Check the code for typing errors.")
    return found
