"""Deciding about what was sent in: accept, merge, reject, settle, ask. Of several who decide, the first does."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.desk.hand_on import hand_on
from app.desk.opening import shown, submission_to_decide
from app.desk.policy import second_person_for
from app.desk.schemas import Decided
from app.models import Assignment, Decision, Event, EventSource, SubmissionMessage
from app.problems import Conflict, FieldError, InvalidBody
from app.publication.acting import act_as_member
from app.review import edit, links, queries
from app.review.schemas import SourceBody
from app.review.writing import settle

if TYPE_CHECKING:
    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.desk.schemas import AcceptBody, DeskSubmission, MergeBody, QuestionBody, ReasonBody
    from app.fields.words import Outcome, SourceRole
    from app.models import Submission
    from app.settings import Settings
    from app.submissions.tracking import TrackingCodes
    from app.theatre import Theatre


def accept(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: AcceptBody,
    if_match: str | None,
    theatre: Theatre,
    settings: Settings,
) -> Decided:
    """Make an event of a submission, resting on the links that were sent.

    Where one person is enough it is published at once when that is asked; else it waits in review for a second one,
    since whoever accepts it has written it.

    Raises:
        as `submission_to_decide` and `edit.create_event` do.
        Conflict: it is the report of a problem.
    """
    row = submission_to_decide(session, member, codes, submission_id, if_match, body)
    _must_be(row, "footage")
    # Published by one person, it is the stranger's, checked by the member; else it is the member's own text.
    authors = [] if body.then == "published" else [member.id]
    event = edit.create_event(session, member, body.event, theatre, settings, authors=authors)
    _rest_on(session, event.id, row, "footage")
    act_as_member(session, member, body.event.why)
    waits_for = second_person_for(session, event.id) if body.then == "published" else []
    if waits_for:
        session.get_one(Event, event.id, populate_existing=True).authors = [member.id]
        session.flush()
    state = hand_on(session, member, event.id, "in_review" if waits_for else body.then)
    row.result_event_id = event.id
    _decide(session, member, row, "accepted", body.reason)
    return _told(shown(session, member, codes, row.id), event_state=state, waits_for=waits_for)


def merge(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: MergeBody,
    if_match: str | None,
) -> Decided:
    """Let an event rest on what was sent, too. Its text and place stay, so any reviewer may do it to what is published.

    Raises:
        as `submission_to_decide` does.
        InvalidBody: there is no such event.
        Conflict: it is the report of a problem, or the event is withdrawn.
    """
    row = submission_to_decide(session, member, codes, submission_id, if_match, body)
    _must_be(row, "footage")
    event = queries.locked_event(session, body.event_id)
    if event is None:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no event with this id.")])
    if event.state == "withdrawn":
        raise Conflict("The event was withdrawn. Restore it first.")
    act_as_member(session, member, body.reason)
    _rest_on(session, event.id, row, body.role)
    settled = settle(session, event)
    row.result_event_id = event.id
    _decide(session, member, row, "merged", body.reason)
    return _told(shown(session, member, codes, row.id), event_state=settled.state)


def reject(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: ReasonBody,
    if_match: str | None,
) -> Decided:
    """Turn a submission down, or the report of a problem, with the reason that its sender reads."""
    row = submission_to_decide(session, member, codes, submission_id, if_match, body)
    _decide(session, member, row, "rejected", body.reason)
    return _told(shown(session, member, codes, row.id))


def settle_problem(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: ReasonBody,
    if_match: str | None,
) -> Decided:
    """Close the report of a problem that was right, saying what was done; the event is changed or hidden on its own.

    Raises:
        as `submission_to_decide` does.
        Conflict: it is footage.
    """
    row = submission_to_decide(session, member, codes, submission_id, if_match, body)
    _must_be(row, "problem")
    _decide(session, member, row, "accepted", body.reason)
    return _told(shown(session, member, codes, row.id))


def ask(
    session: ReadWriteSession,
    member: Member,
    codes: TrackingCodes,
    submission_id: uuid.UUID,
    body: QuestionBody,
    if_match: str | None,
) -> Decided:
    """Ask the sender something; they read it with their tracking code, and not who asked."""
    row = submission_to_decide(session, member, codes, submission_id, if_match, body)
    session.add(
        SubmissionMessage(
            id=uuid.uuid4(),
            submission_id=row.id,
            by_sender=False,
            member_id=member.id,
            made_by=member.name,
            text=body.question,
            # Of the statement, not of the transaction: a question and its answer keep their order.
            created_at=func.clock_timestamp(),
        )
    )
    row.state = "question"
    session.flush()
    return _told(shown(session, member, codes, row.id))


def _told(submission: DeskSubmission, **more: Any) -> Decided:
    return Decided.model_validate({"version": submission.version, "submission": submission} | more)


def _must_be(row: Submission, kind: str) -> None:
    if row.kind != kind:
        if kind == "footage":
            raise Conflict("This is for footage.")
        raise Conflict("This is for the report of a problem.")


def _rest_on(session: ReadWriteSession, event_id: uuid.UUID, row: Submission, role: SourceRole) -> None:
    """Let an event rest on the links of a submission; on those that it has already, as it does."""
    links_sent: list[tuple[str, SourceRole]] = [(url, role) for url in row.footage_urls]
    if row.geolocation_url:
        links_sent.append((row.geolocation_url, "geolocation"))
    last = session.scalar(
        select(func.coalesce(func.max(EventSource.position), -1)).where(EventSource.event_id == event_id)
    )
    for position, (url, as_role) in enumerate(links_sent, (last if last is not None else -1) + 1):
        source_id = links.have_source(session, SourceBody(url=url, role=as_role))
        session.execute(
            insert(EventSource)
            .values(event_id=event_id, source_id=source_id, role=as_role, position=position)
            .on_conflict_do_nothing()
        )


def _decide(session: ReadWriteSession, member: Member, row: Submission, outcome: Outcome, reason: str | None) -> None:
    row.state = outcome
    row.decided_at = func.now()
    row.decided_by, row.decided_by_name = member.id, member.name
    row.decision_reason = reason
    session.add(Decision(id=uuid.uuid4(), kind=row.kind, outcome=outcome, received_at=row.created_at))
    session.execute(delete(Assignment).where(Assignment.item_id == row.id))
    session.flush()
