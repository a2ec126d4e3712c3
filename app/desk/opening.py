"""What every act on a submission begins and ends with: the right version, locked; what happened meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.desk import happened, queries
from app.desk.schemas import DeskSubmission
from app.fields.words import OUTCOMES
from app.http.conditional import meant_versions
from app.messages import Translatable
from app.models.submission import OPEN_STATES
from app.problems import Conflict, Forbidden, NotFound, PreconditionFailed
from app.submissions.tracking import TrackingCodes  # noqa: TC001 - a dataclass reads it

if TYPE_CHECKING:
    import uuid

    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.models import Submission


def shown(session: ReadWriteSession, member: Member, codes: TrackingCodes, submission_id: uuid.UUID) -> DeskSubmission:
    """Show a submission to a member.

    Raises:
        NotFound: there is none.
    """
    described = queries.described_submission(session, submission_id)
    if described is None:
        raise NotFound("There is no submission with this id.")
    sender = described.pop("submitter_hash")
    yours = sender is not None and sender == codes.member_hash(member.id)
    return DeskSubmission.model_validate(described | {"yours": yours, "draft": draft_of(described)})


def draft_of(described: dict[str, Any]) -> dict[str, Any] | None:
    """Give the body of an event as it was sent in; its title is left to the desk."""
    if described["kind"] != "footage":
        return None
    same = ("description", "category", "actor", "affected", "precision_m", "time_precision", "sensitivity")
    return {name: described[name] for name in same} | {
        "title": "",
        "geometry": {"type": "Point", "coordinates": [described["longitude"], described["latitude"]]},
        "happened_from": described["happened_from"].isoformat().replace("+00:00", "Z"),
        "happened_to": described["happened_to"].isoformat().replace("+00:00", "Z"),
        "verification": "geolocated" if described["geolocation_url"] else "reported",
    }


def submission_to_change(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    if_match: str | None,
    yours: BaseModel,
) -> Submission:
    """Give the submission that a request is meant for; nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none.
        PreconditionRequired: the request does not say which version it means.
        PreconditionFailed: somebody did something meanwhile; what they did is told.
        Conflict: it is decided already.
    """
    versions = meant_versions(if_match)
    row = queries.locked_submission(session, submission_id)
    if row is None:
        raise NotFound("There is no submission with this id.")
    if row.version not in versions:
        current = shown(session, member, codes, submission_id)
        problem = PreconditionFailed(
            current=current.model_dump(mode="json"), yours=yours.model_dump(mode="json", exclude_unset=True)
        )
        problem.detail = what_happened(current)
        raise problem
    if row.state not in OPEN_STATES:
        raise Conflict(what_happened(shown(session, member, codes, submission_id)))
    return row


def submission_to_decide(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    if_match: str | None,
    yours: BaseModel,
) -> Submission:
    """Give the submission that a member decides about, as `submission_to_change` does.

    Raises:
        Forbidden: the member sent it.
    """
    row = submission_to_change(session, member, codes, submission_id, if_match, yours)
    if row.submitter_hash is not None and row.submitter_hash == codes.member_hash(member.id):
        raise Forbidden("You sent this in yourself: somebody else decides about it.")
    return row


def what_happened(current: DeskSubmission) -> Translatable:
    """Say in words what somebody did to a submission meanwhile."""
    if current.decided_at is not None and current.state in OUTCOMES:
        return happened.decided(current.state, current.decided_by, current.decided_at, current.decision_reason)
    if current.state == "question" and current.messages:
        return Translatable("{name} asked the sender something.", name=current.messages[-1].made_by)
    if current.messages and current.messages[-1].by_sender:
        return Translatable("The sender answered meanwhile. Read the answer, and decide then.")
    if current.assigned_to is not None:
        return Translatable("It was changed meanwhile; {name} has it now.", name=current.assigned_to.name)
    return happened.changed()
