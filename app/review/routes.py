"""The desk over the API, for members alone. Every answer about one thing carries its version as `ETag`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.fields.words import State  # noqa: TC001 - FastAPI reads it
from app.http.conditional import IfMatch  # noqa: TC001 - FastAPI reads it
from app.problems import NotFound
from app.publication.states import StepName  # noqa: TC001 - FastAPI reads it
from app.review import claims, decide, edit, links, queries
from app.review.meant import EventId, Meant, MeantEvent, answer
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
from app.review.writing import shown

router = APIRouter(prefix="/api/desk", tags=["desk"])

Limit = Annotated[int, Query(ge=1, le=500)]


def _step(meant: Meant, name: StepName, body: StepBody) -> DeskEvent:
    return meant.answer(decide.take_step(meant.session, meant.member, meant.id, name, body, meant.if_match))


@router.get("/events")
def list_desk_events(
    session: WritingSession, member: CurrentMember, state: State = "in_review", limit: Limit = 100
) -> DeskEvents:
    """Give the events in a state, the last changed first."""
    return DeskEvents.model_validate({"events": queries.events_in_state(session, state, limit)})


@router.post("/events", status_code=201)
def create_event(
    request: Request, response: Response, session: WritingSession, member: CurrentMember, body: EventBody
) -> DeskEvent:
    """Write a draft. Nothing of it is public before another member publishes it."""
    made = edit.create_event(session, member, body, request.app.state.theatre, request.app.state.settings)
    response.headers["Location"] = f"/api/desk/events/{made.id}"
    return answer(response, made)


@router.get("/events/{event_id}")
def show_desk_event(response: Response, session: WritingSession, member: CurrentMember, event_id: EventId) -> DeskEvent:
    """Give an event as it is, with its version as `ETag`."""
    return answer(response, shown(session, event_id))


@router.put("/events/{event_id}")
def change_event(request: Request, meant: MeantEvent, body: EventBody) -> DeskEvent:
    """Write all fields of an event anew. What is published is changed by editors, and seen at once."""
    theatre = request.app.state.theatre
    return meant.answer(edit.change_event(meant.session, meant.member, meant.id, body, theatre, meant.if_match))


@router.get("/events/{event_id}/revisions")
def list_revisions(session: WritingSession, member: CurrentMember, event_id: EventId, limit: Limit = 100) -> Revisions:
    """Give what became of an event, its sources, claims and places: who, when, why, old and new; the latest first."""
    found = queries.revisions_of(session, [event_id], limit)
    if not found:
        raise NotFound("Nothing is known of this id.")
    return Revisions(revisions=[RevisionShown.model_validate(one, from_attributes=True) for one in found])


@router.get("/events/{event_id}/near-duplicates")
def list_near_duplicates(
    request: Request, session: WritingSession, member: CurrentMember, event_id: EventId
) -> NearDuplicates:
    """Give the events in any state that may be the same one, with a score and what speaks for it."""
    return NearDuplicates(events=near_duplicates(session, event_id, request.app.state.translate_for(request)))


@router.post("/events/{event_id}/submit")
def submit_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Hand a draft in for review."""
    return _step(meant, "submit", body)


@router.post("/events/{event_id}/return")
def return_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Give an event that is in review back to its author, with the reason."""
    return _step(meant, "return", body)


@router.post("/events/{event_id}/publish")
def publish_event(meant: MeantEvent, body: PublishBody) -> DeskEvent:
    """Publish an event that is in review; not by who wrote it or handed it in."""
    return _step(meant, "publish", body)


@router.post("/events/{event_id}/withdraw")
def withdraw_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Take a published event back; the public reads the reason."""
    return _step(meant, "withdraw", body)


@router.post("/events/{event_id}/restore")
def restore_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Publish a withdrawn event again; not by who wrote it or took it back."""
    return _step(meant, "restore", body)


@router.post("/events/{event_id}/hide")
def hide_event(meant: MeantEvent, body: HideBody) -> DeskEvent:
    """Hide an event for somebody's safety, in whatever state it is: quickly, and by any analyst."""
    return meant.answer(decide.hide(meant.session, meant.member, meant.id, body, meant.if_match))


@router.post("/events/{event_id}/show")
def reveal_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Let a hidden event be seen again, as its state has it."""
    return meant.answer(decide.show(meant.session, meant.member, meant.id, body, meant.if_match))


@router.post("/events/{event_id}/vouch")
def vouch_for_event(meant: MeantEvent, body: StepBody) -> DeskEvent:
    """Stand as the first person for an event that a program published, so that another may confirm it."""
    return meant.answer(decide.vouch(meant.session, meant.member, meant.id, body, meant.if_match))


@router.post("/events/{event_id}/sources")
def add_source(meant: MeantEvent, body: SourceBody) -> DeskEvent:
    """Let an event rest on a source. One publication is one source, however its link is spelled."""
    return meant.answer(links.add_source(meant.session, meant.member, meant.id, body, meant.if_match))


@router.delete("/events/{event_id}/sources/{source_id}")
def remove_source(meant: MeantEvent, source_id: UUID) -> DeskEvent:
    """Let an event rest on a source no more; the source stays."""
    return meant.answer(links.remove_source(meant.session, meant.member, meant.id, source_id, meant.if_match))


@router.post("/events/{event_id}/claims")
def add_claim(meant: MeantEvent, body: ClaimBody) -> DeskEvent:
    """Record what a party states about an event."""
    return meant.answer(claims.add_claim(meant.session, meant.member, meant.id, body, meant.if_match))


@router.put("/events/{event_id}/claims/{claim_id}")
def change_claim(meant: MeantEvent, claim_id: UUID, body: ClaimBody) -> DeskEvent:
    """Write a claim anew."""
    return meant.answer(claims.change_claim(meant.session, meant.member, meant.id, claim_id, body, meant.if_match))


@router.delete("/events/{event_id}/claims/{claim_id}")
def remove_claim(meant: MeantEvent, claim_id: UUID) -> DeskEvent:
    """Take a claim away; its history keeps it."""
    return meant.answer(claims.remove_claim(meant.session, meant.member, meant.id, claim_id, meant.if_match))


@router.get("/sources/{source_id}")
def show_source(response: Response, session: WritingSession, member: CurrentMember, source_id: UUID) -> DeskSource:
    """Give a source, with its version as `ETag`."""
    return answer(response, links.show_source(session, source_id))


@router.put("/sources/{source_id}")
def change_source(
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    source_id: UUID,
    body: SourceChange,
    if_match: IfMatch = None,
) -> DeskSource:
    """Write the facts of a source anew: whether it is live, deleted or to be hidden, and where it is archived."""
    return answer(response, links.change_source(session, member, source_id, body, if_match))


@router.post("/sources/check")
def check_source(member: CurrentMember, body: SourceChange) -> Sound:
    """Tell whether the facts of a source could be written, in the words of writing them; nothing is stored."""
    return Sound()


@router.post("/sources/check-new")
def check_new_source(member: CurrentMember, body: SourceBody) -> Sound:
    """Tell whether a source could be added, in the words of adding it; nothing is stored."""
    return Sound()


@router.post("/claims/check")
def check_claim(member: CurrentMember, body: ClaimBody) -> Sound:
    """Tell whether a claim could be written, in the words of writing it; nothing is stored."""
    return Sound()


@router.get("/areas/{area_id}/claims")
def list_area_claims(response: Response, session: WritingSession, member: CurrentMember, area_id: UUID) -> AreaClaims:
    """Give what parties state about a control area; the `ETag` is its assessment's version."""
    return answer(response, claims.claims_of_area(session, area_id))


@router.post("/areas/{area_id}/claims")
def add_area_claim(
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    area_id: UUID,
    body: ClaimBody,
    if_match: IfMatch = None,
) -> AreaClaims:
    """Record what a party states about a control area."""
    return answer(response, claims.add_area_claim(session, member, area_id, body, if_match))


@router.delete("/areas/{area_id}/claims/{claim_id}")
def remove_area_claim(
    response: Response,
    session: WritingSession,
    member: CurrentMember,
    area_id: UUID,
    claim_id: UUID,
    if_match: IfMatch = None,
) -> AreaClaims:
    """Take a claim about a control area away; its history keeps it."""
    return answer(response, claims.remove_area_claim(session, member, area_id, claim_id, if_match))
