"""The API of events, sources and claims for members. Responses have the version of their subject as
`ETag`.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.fields.words import State  # noqa: TC001 - FastAPI reads it
from app.problems import NotFound
from app.review import claims, edit, links, queries, steps
from app.review.command import AreaCommand, EventCommand, EventId, SourceCommand, with_etag
from app.review.near import near_duplicates
from app.review.schemas import (
    AreaClaims,
    ClaimBody,
    DeskEvent,
    DeskEvents,
    DeskSource,
    EventBody,
    HideBody,
    NearDuplicates,
    PublishBody,
    Revisions,
    RevisionShown,
    Sound,
    SourceBody,
    SourceChange,
    StepBody,
)
from app.review.writing import read_event

router = APIRouter(prefix="/api/desk", tags=["desk"])

Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/events")
def list_desk_events(
    session: WritingSession, member: CurrentMember, state: State = "in_review", limit: Limit = 100
) -> DeskEvents:
    """Returns the events in a state, most recently changed first."""
    return DeskEvents.model_validate({"events": queries.events_in_state(session, state, limit)})


@router.post("/events", status_code=201)
def create_event(
    request: Request, response: Response, session: WritingSession, member: CurrentMember, body: EventBody
) -> DeskEvent:
    """Creates a draft. It is not public until another member publishes it."""
    event = edit.create_event(session, member, body, request.app.state.theatre, request.app.state.settings)
    response.headers["Location"] = f"/api/desk/events/{event.id}"
    return with_etag(response, event)


@router.get("/events/{event_id}")
def show_desk_event(response: Response, session: WritingSession, member: CurrentMember, event_id: EventId) -> DeskEvent:
    """Returns an event with its version as `ETag`."""
    return with_etag(response, read_event(session, event_id))


@router.put("/events/{event_id}")
def change_event(request: Request, response: Response, command: EventCommand, body: EventBody) -> DeskEvent:
    """Replaces all fields of an event. Only editors can change a published event; the change is
    public at once.
    """
    return with_etag(response, edit.change_event(command, body, request.app.state.theatre))


@router.get("/events/{event_id}/revisions")
def list_revisions(session: WritingSession, member: CurrentMember, event_id: EventId, limit: Limit = 100) -> Revisions:
    """Returns the changes of an event, its sources, claims and places, newest first: who, when,
    why, old and new.
    """
    found = queries.revisions_of(session, [event_id], limit)
    if not found:
        raise NotFound("There is no event with this id.")
    return Revisions(revisions=[RevisionShown.model_validate(one, from_attributes=True) for one in found])


@router.get("/events/{event_id}/near-duplicates")
def list_near_duplicates(
    request: Request, session: WritingSession, member: CurrentMember, event_id: EventId
) -> NearDuplicates:
    """Returns events in any state that may be duplicates of an event, each with a score and the
    reasons.
    """
    return NearDuplicates(events=near_duplicates(session, event_id, request.app.state.translate_for(request)))


@router.post("/events/{event_id}/submit")
def submit_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Submits a draft for review."""
    return with_etag(response, steps.take_step(command, "submit", body))


@router.post("/events/{event_id}/return")
def return_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Returns an event in review to its author, with a reason."""
    return with_etag(response, steps.take_step(command, "return", body))


@router.post("/events/{event_id}/publish")
def publish_event(response: Response, command: EventCommand, body: PublishBody) -> DeskEvent:
    """Publishes an event in review. Who wrote or submitted the event cannot publish it."""
    return with_etag(response, steps.take_step(command, "publish", body))


@router.post("/events/{event_id}/withdraw")
def withdraw_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Withdraws a published event. The reason is public."""
    return with_etag(response, steps.take_step(command, "withdraw", body))


@router.post("/events/{event_id}/restore")
def restore_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Publishes a withdrawn event again. Who wrote or withdrew the event cannot restore it."""
    return with_etag(response, steps.take_step(command, "restore", body))


@router.post("/events/{event_id}/hide")
def hide_event(response: Response, command: EventCommand, body: HideBody) -> DeskEvent:
    """Hides an event at once for somebody's safety, in any state; every analyst may do so."""
    return with_etag(response, steps.hide_event(command, body))


@router.post("/events/{event_id}/show")
def reveal_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Ends the hiding of an event."""
    return with_etag(response, steps.reveal_event(command, body))


@router.post("/events/{event_id}/vouch")
def vouch_for_event(response: Response, command: EventCommand, body: StepBody) -> DeskEvent:
    """Makes you the first person of an event that an import published, so that another editor can
    confirm it.
    """
    return with_etag(response, steps.vouch_for_event(command, body))


@router.post("/events/{event_id}/sources")
def add_source(response: Response, command: EventCommand, body: SourceBody) -> DeskEvent:
    """Adds a source to an event. Different spellings of one link are one source."""
    return with_etag(response, links.add_source(command, body))


@router.delete("/events/{event_id}/sources/{source_id}")
def remove_source(response: Response, command: EventCommand, source_id: UUID) -> DeskEvent:
    """Removes a source from an event; the source itself stays."""
    return with_etag(response, links.remove_source(command, source_id))


@router.post("/events/{event_id}/claims")
def add_claim(response: Response, command: EventCommand, body: ClaimBody) -> DeskEvent:
    """Adds what a party states about an event."""
    return with_etag(response, claims.add_claim(command, body))


@router.put("/events/{event_id}/claims/{claim_id}")
def change_claim(response: Response, command: EventCommand, claim_id: UUID, body: ClaimBody) -> DeskEvent:
    """Replaces the fields of a claim."""
    return with_etag(response, claims.change_claim(command, claim_id, body))


@router.delete("/events/{event_id}/claims/{claim_id}")
def remove_claim(response: Response, command: EventCommand, claim_id: UUID) -> DeskEvent:
    """Deletes a claim; the history keeps it."""
    return with_etag(response, claims.remove_claim(command, claim_id))


@router.get("/sources/{source_id}")
def show_source(response: Response, session: WritingSession, member: CurrentMember, source_id: UUID) -> DeskSource:
    """Returns a source with its version as `ETag`."""
    return with_etag(response, links.read_source(session, source_id))


@router.put("/sources/{source_id}")
def change_source(response: Response, command: SourceCommand, body: SourceChange) -> DeskSource:
    """Replaces the fields of a source: whether it is live, deleted or hidden, where it is archived,
    and so on.
    """
    return with_etag(response, links.change_source(command, body))


@router.post("/sources/check")
def check_source(member: CurrentMember, body: SourceChange) -> Sound:
    """Validates the fields of a source without storing them."""
    return Sound()


@router.post("/sources/check-new")
def check_new_source(member: CurrentMember, body: SourceBody) -> Sound:
    """Validates a new source without storing it."""
    return Sound()


@router.post("/claims/check")
def check_claim(member: CurrentMember, body: ClaimBody) -> Sound:
    """Validates a claim without storing it."""
    return Sound()


@router.get("/areas/{area_id}/claims")
def list_area_claims(response: Response, session: WritingSession, member: CurrentMember, area_id: UUID) -> AreaClaims:
    """Returns what parties state about a control area; the `ETag` is the version of its
    assessment.
    """
    return with_etag(response, claims.claims_of_area(session, area_id))


@router.post("/areas/{area_id}/claims")
def add_area_claim(response: Response, command: AreaCommand, body: ClaimBody) -> AreaClaims:
    """Adds what a party states about a control area."""
    return with_etag(response, claims.add_area_claim(command, body))


@router.delete("/areas/{area_id}/claims/{claim_id}")
def remove_area_claim(response: Response, command: AreaCommand, claim_id: UUID) -> AreaClaims:
    """Deletes a claim about a control area; the history keeps it."""
    return with_etag(response, claims.remove_area_claim(command, claim_id))
