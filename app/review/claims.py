"""Claims at the desk: what a party states about an event or an area."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.fields import CLAIM
from app.http.conditional import meant_versions
from app.models import Claim, Party, Source
from app.problems import FieldError, Forbidden, InvalidBody, NotFound, PreconditionFailed
from app.publication.acting import act_as_member
from app.publication.field_models import sent
from app.publication.states import EDIT_PUBLISHED
from app.review import queries
from app.review.schemas import AreaClaims
from app.review.writing import event_to_change, note_author, settle

if TYPE_CHECKING:
    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.models import Assessment
    from app.review.schemas import ClaimBody, DeskEvent

# The party has a row of its own.
_WRITTEN: Final = CLAIM.having(editable=True, stored=True)


def have_party(session: ReadWriteSession, name: str, kind: str) -> uuid.UUID:
    """Give the party of a name and kind, which is made when it is not there."""
    session.execute(insert(Party).values(id=uuid.uuid4(), name=name, kind=kind).on_conflict_do_nothing())
    return session.scalars(select(Party.id).where(Party.name == name, Party.kind == kind)).one()


def _write(session: ReadWriteSession, claim: Claim, body: ClaimBody, *, new: bool) -> None:
    if body.source_id is not None and session.get(Source, body.source_id) is None:
        raise InvalidBody([FieldError("/source_id", "unknown", "There is no source with this id.")])
    claim.party_id = have_party(session, body.party, body.party_kind)
    for name, value in sent(body, _WRITTEN, new=new).items():
        setattr(claim, name, value)
    claim.about = body.about if claim.event_id is not None else "area"


def _last(session: ReadWriteSession, condition: Any) -> int:
    return session.scalar(select(func.coalesce(func.max(Claim.position), -1) + 1).where(condition)) or 0


def add_claim(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: ClaimBody, if_match: str | None
) -> DeskEvent:
    """Record what a party states about an event."""
    event = event_to_change(session, event_id, if_match, body)
    act_as_member(session, member, body.why)
    note_author(event, member)
    claim = Claim(id=uuid.uuid4(), event_id=event_id, position=_last(session, Claim.event_id == event_id))
    _write(session, claim, body, new=True)
    session.add(claim)
    return settle(session, event)


def change_claim(
    session: ReadWriteSession,
    member: Member,
    event_id: uuid.UUID,
    claim_id: uuid.UUID,
    body: ClaimBody,
    if_match: str | None,
) -> DeskEvent:
    """Write a claim about an event anew."""
    event = event_to_change(session, event_id, if_match, body)
    act_as_member(session, member, body.why)
    note_author(event, member)
    _write(session, _claim_of(session, event_id, claim_id), body, new=False)
    return settle(session, event)


def remove_claim(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, claim_id: uuid.UUID, if_match: str | None
) -> DeskEvent:
    """Take a claim about an event away; its history keeps it."""
    event = event_to_change(session, event_id, if_match, None)
    act_as_member(session, member)
    note_author(event, member)
    session.delete(_claim_of(session, event_id, claim_id))
    return settle(session, event)


def _claim_of(session: ReadWriteSession, event_id: uuid.UUID, claim_id: uuid.UUID) -> Claim:
    claim = session.get(Claim, claim_id)
    if claim is None or claim.event_id != event_id:
        raise NotFound("The event has no claim with this id.")
    return claim


def _assessment_of(session: ReadWriteSession, area_id: uuid.UUID) -> Assessment:
    assessment = queries.locked_assessment_of(session, area_id)
    if assessment is None:
        raise NotFound("There is no area with this id.")
    return assessment


def claims_of_area(session: ReadWriteSession, area_id: uuid.UUID) -> AreaClaims:
    """Show what parties state about an area.

    Raises:
        NotFound: there is no such area.
    """
    assessment = _assessment_of(session, area_id)
    return _shown(session, assessment, area_id)


def add_area_claim(
    session: ReadWriteSession, member: Member, area_id: uuid.UUID, body: ClaimBody, if_match: str | None
) -> AreaClaims:
    """Record what a party states about an area."""
    assessment = _area_to_change(session, member, area_id, if_match, body)
    act_as_member(session, member, body.why)
    claim = Claim(id=uuid.uuid4(), area_id=area_id, position=_last(session, Claim.area_id == area_id))
    _write(session, claim, body, new=True)
    session.add(claim)
    return _settled(session, assessment, area_id)


def remove_area_claim(
    session: ReadWriteSession, member: Member, area_id: uuid.UUID, claim_id: uuid.UUID, if_match: str | None
) -> AreaClaims:
    """Take a claim about an area away; its history keeps it."""
    assessment = _area_to_change(session, member, area_id, if_match, None)
    act_as_member(session, member)
    claim = session.get(Claim, claim_id)
    if claim is None or claim.area_id != area_id:
        raise NotFound("The area has no claim with this id.")
    session.delete(claim)
    return _settled(session, assessment, area_id)


def _area_to_change(
    session: ReadWriteSession, member: Member, area_id: uuid.UUID, if_match: str | None, body: ClaimBody | None
) -> Assessment:
    versions = meant_versions(if_match)
    assessment = _assessment_of(session, area_id)
    if assessment.version not in versions:
        raise PreconditionFailed(
            current=_shown(session, assessment, area_id).model_dump(mode="json"),
            yours=None if body is None else body.model_dump(mode="json", exclude_unset=True),
        )
    if assessment.state == "published" and not member.role.reaches(EDIT_PUBLISHED):
        raise Forbidden("What is said about published areas is seen at once: it is written by editors.")
    return assessment


def _settled(session: ReadWriteSession, assessment: Assessment, area_id: uuid.UUID) -> AreaClaims:
    """Count the assessment's version up: its claims are part of it."""
    assessment.version += 1
    session.flush()
    session.refresh(assessment)
    return _shown(session, assessment, area_id)


def _shown(session: ReadWriteSession, assessment: Assessment, area_id: uuid.UUID) -> AreaClaims:
    claims = queries.claims_about(session, Claim.area_id == area_id)
    return AreaClaims.model_validate({"area_id": area_id, "version": assessment.version, "claims": claims})
