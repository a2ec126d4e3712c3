"""Claims at the desk: what a party states about an event or a control area."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.fields import CLAIM
from app.models import Claim, Party, Source
from app.problems import FieldError, Forbidden, InvalidBody, NotFound, PreconditionFailed
from app.publication.acting import act_as_member
from app.publication.field_models import sent
from app.publication.states import EDIT_PUBLISHED
from app.review import queries
from app.review.schemas import AreaClaims
from app.review.writing import add_author, lock_event, save_event, sent_fields

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession
    from app.models import Assessment
    from app.review.command import Command
    from app.review.schemas import ClaimBody, DeskEvent

# The party is a row of its own table.
_COLUMNS: Final = CLAIM.having(editable=True, stored=True)


def find_or_insert_party(session: ReadWriteSession, name: str, kind: str) -> uuid.UUID:
    """Returns the id of the party of a name and kind; inserts the party if it is missing."""
    session.execute(insert(Party).values(id=uuid.uuid4(), name=name, kind=kind).on_conflict_do_nothing())
    return session.scalars(select(Party.id).where(Party.name == name, Party.kind == kind)).one()


def _set_columns(session: ReadWriteSession, claim: Claim, body: ClaimBody, *, new: bool) -> None:
    if body.source_id is not None and session.get(Source, body.source_id) is None:
        raise InvalidBody([FieldError("/source_id", "unknown", "There is no source with this id.")])
    claim.party_id = find_or_insert_party(session, body.party, body.party_kind)
    for name, value in sent(body, _COLUMNS, new=new).items():
        setattr(claim, name, value)
    claim.about = body.about if claim.event_id is not None else "area"


def _next_position(session: ReadWriteSession, condition: Any) -> int:
    return session.scalar(select(func.coalesce(func.max(Claim.position), -1) + 1).where(condition)) or 0


def add_claim(command: Command, body: ClaimBody) -> DeskEvent:
    """Adds a claim to an event."""
    session, event_id = command.session, command.target
    event = lock_event(command, body)
    act_as_member(session, command.member, body.why)
    add_author(event, command.member)
    position = _next_position(session, Claim.event_id == event_id)
    claim = Claim(id=uuid.uuid4(), event_id=event_id, position=position)
    _set_columns(session, claim, body, new=True)
    session.add(claim)
    return save_event(session, event)


def change_claim(command: Command, claim_id: uuid.UUID, body: ClaimBody) -> DeskEvent:
    """Replaces the fields of a claim about an event."""
    event = lock_event(command, body)
    act_as_member(command.session, command.member, body.why)
    add_author(event, command.member)
    _set_columns(command.session, _event_claim(command, claim_id), body, new=False)
    return save_event(command.session, event)


def remove_claim(command: Command, claim_id: uuid.UUID) -> DeskEvent:
    """Deletes a claim about an event; the history keeps the claim."""
    event = lock_event(command, None)
    act_as_member(command.session, command.member)
    add_author(event, command.member)
    command.session.delete(_event_claim(command, claim_id))
    return save_event(command.session, event)


def _event_claim(command: Command, claim_id: uuid.UUID) -> Claim:
    claim = command.session.get(Claim, claim_id)
    if claim is None or claim.event_id != command.target:
        raise NotFound("The event has no claim with this id.")
    return claim


def _lock_assessment(session: ReadWriteSession, area_id: uuid.UUID) -> Assessment:
    assessment = queries.locked_assessment_of(session, area_id)
    if assessment is None:
        raise NotFound("There is no area with this id.")
    return assessment


def claims_of_area(session: ReadWriteSession, area_id: uuid.UUID) -> AreaClaims:
    """Returns the claims about an area.

    Raises:
        NotFound: there is no such area.
    """
    return _area_claims(session, _lock_assessment(session, area_id), area_id)


def add_area_claim(command: Command, body: ClaimBody) -> AreaClaims:
    """Adds a claim to an area."""
    session, area_id = command.session, command.target
    assessment = _assessment_to_change(command, body)
    act_as_member(session, command.member, body.why)
    claim = Claim(id=uuid.uuid4(), area_id=area_id, position=_next_position(session, Claim.area_id == area_id))
    _set_columns(session, claim, body, new=True)
    session.add(claim)
    return _save_assessment(session, assessment, area_id)


def remove_area_claim(command: Command, claim_id: uuid.UUID) -> AreaClaims:
    """Deletes a claim about an area; the history keeps the claim."""
    session, area_id = command.session, command.target
    assessment = _assessment_to_change(command, None)
    act_as_member(session, command.member)
    claim = session.get(Claim, claim_id)
    if claim is None or claim.area_id != area_id:
        raise NotFound("The area has no claim with this id.")
    session.delete(claim)
    return _save_assessment(session, assessment, area_id)


def _assessment_to_change(command: Command, body: ClaimBody | None) -> Assessment:
    versions = command.versions
    assessment = _lock_assessment(command.session, command.target)
    if assessment.version not in versions:
        current = _area_claims(command.session, assessment, command.target).model_dump(mode="json")
        raise PreconditionFailed(current=current, yours=sent_fields(body))
    if assessment.state == "published" and not command.member.role.reaches(EDIT_PUBLISHED):
        raise Forbidden("Only editors can change claims about published areas.")
    return assessment


def _save_assessment(session: ReadWriteSession, assessment: Assessment, area_id: uuid.UUID) -> AreaClaims:
    """Increments the version of the assessment, because its claims are part of it."""
    assessment.version += 1
    session.flush()
    session.refresh(assessment)
    return _area_claims(session, assessment, area_id)


def _area_claims(session: ReadWriteSession, assessment: Assessment, area_id: uuid.UUID) -> AreaClaims:
    claims = queries.claims_about(session, Claim.area_id == area_id)
    return AreaClaims.model_validate({"area_id": area_id, "version": assessment.version, "claims": claims})
