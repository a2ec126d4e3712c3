"""Reading a submission for a member, and locking it in the version that the member has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.desk import queries
from app.desk.conflict_messages import change_message, decision_message
from app.desk.schemas import DeskSubmission
from app.fields.words import OUTCOMES
from app.messages import Translatable
from app.models.submission import OPEN_STATES
from app.problems import Conflict, Forbidden, NotFound, PreconditionFailed
from app.review.command import Command
from app.review.writing import sent_fields
from app.submissions.tracking import TrackingCodes

if TYPE_CHECKING:
    import uuid

    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.models import Submission


@dataclass(frozen=True)
class SubmissionCommand(Command):
    """A member's request to change a submission.

    Attributes:
        codes: tells whether the member sent the submission.
    """

    codes: TrackingCodes

    def read(self) -> DeskSubmission:
        """Returns the submission as it is now."""
        return read_submission(self.session, self.member, self.codes, self.target)


def read_submission(
    session: ReadWriteSession, member: Member, codes: TrackingCodes, submission_id: uuid.UUID
) -> DeskSubmission:
    """Returns a submission as a member sees it.

    Raises:
        NotFound: there is no such submission.
    """
    described = queries.described_submission(session, submission_id)
    if described is None:
        raise NotFound("There is no submission with this id.")
    yours = codes.member_hash(member.id) in described.pop("submitter_hashes")
    return DeskSubmission.model_validate(described | {"yours": yours, "draft": draft_body(described)})


def draft_body(described: dict[str, Any]) -> dict[str, Any] | None:
    """Returns the body of an event made from a submission; the member writes the title."""
    if described["kind"] != "footage":
        return None
    copied = ("description", "category", "actor", "affected", "precision_m", "time_precision", "sensitivity")
    return {name: described[name] for name in copied} | {
        "title": "",
        "geometry": {"type": "Point", "coordinates": [described["longitude"], described["latitude"]]},
        "happened_from": described["happened_from"].isoformat().replace("+00:00", "Z"),
        "happened_to": described["happened_to"].isoformat().replace("+00:00", "Z"),
        "verification": "geolocated" if described["geolocation_url"] else "reported",
    }


def lock_submission(command: SubmissionCommand, body: BaseModel | None, *, may_be_joined: bool = False) -> Submission:
    """Locks the submission of a command until the transaction ends, and returns the submission.

    Raises:
        NotFound: there is no such submission.
        PreconditionRequired: the request names no version.
        PreconditionFailed: somebody has changed the submission; the message says what they did.
        Conflict: the submission is already decided, or it joined another item.
    """
    versions = command.versions
    row = queries.locked_submission(command.session, command.target)
    if row is None:
        raise NotFound("There is no submission with this id.")
    if row.version not in versions:
        current = command.read()
        problem = PreconditionFailed(current=current.model_dump(mode="json"), yours=sent_fields(body))
        problem.detail = describe_change(current)
        raise problem
    if row.state not in OPEN_STATES:
        raise Conflict(describe_change(command.read()))
    if row.joined_to is not None and not may_be_joined:
        raise Conflict("This submission belongs to an item with the same footage. Decide about that item.")
    return row


def lock_submission_to_decide(
    command: SubmissionCommand, body: BaseModel | None, *, may_be_joined: bool = False
) -> Submission:
    """Locks the submission that a member decides about, as `lock_submission` does.

    Raises:
        Forbidden: the member sent the submission, or another one of the item.
    """
    row = lock_submission(command, body, may_be_joined=may_be_joined)
    senders = {sent.submitter_hash for sent in (row, *queries.joined_submissions(command.session, row.id))}
    if command.codes.member_hash(command.member.id) in senders:
        raise Forbidden("You sent this submission, so somebody else must decide about it.")
    return row


def describe_change(current: DeskSubmission) -> Translatable:
    """Returns a message about what somebody else did with a submission."""
    if current.decided_at is not None and current.state in OUTCOMES:
        return decision_message(current.state, current.decided_by, current.decided_at, current.decision_reason)
    if current.state == "question" and current.messages:
        return Translatable("{name} asked the sender a question.", name=current.messages[-1].made_by)
    if current.messages and current.messages[-1].by_sender:
        return Translatable("The sender has answered. Read the answer before you decide.")
    if current.assigned_to is not None:
        return Translatable("It has changed; it is assigned to {name} now.", name=current.assigned_to.name)
    if current.senders:
        return Translatable("Several people have sent this footage. Compare what they sent before you decide.")
    return change_message()
