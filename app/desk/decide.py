"""Decisions about submissions: accept, merge, reject, settle, or ask the sender. The first member
to decide wins.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.desk import queries as queries_of_items
from app.desk.accepted import submit_accepted
from app.desk.schemas import Decided
from app.desk.submissions import lock_submission_to_decide
from app.desk.twins import twin_warnings
from app.messages import Translatable
from app.models import Assignment, Decision, Event, EventSource, SubmissionMessage
from app.problems import ConfirmationNeeded, Conflict, FieldError, InvalidBody
from app.publication.acting import act_as_member
from app.publication.second_person import second_person_reasons
from app.review import edit, links, queries
from app.review.schemas import SourceBody
from app.review.writing import save_event
from app.sources.canonical import canonicalise
from app.sources.refusals import UnusableLink
from app.sources.report_pages import role_of

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession
    from app.desk.schemas import AcceptBody, DeskSubmission, MergeBody, QuestionBody, ReasonBody
    from app.desk.submissions import SubmissionCommand
    from app.fields.words import Outcome, SourceRole
    from app.models import Submission
    from app.settings import Settings
    from app.theatre import Theatre


def accept(command: SubmissionCommand, body: AcceptBody, theatre: Theatre, settings: Settings) -> Decided:
    """Creates an event from a submission; the links of the submission become its sources.

    If the member asks to publish it and one person is enough, the event is published at once.
    Otherwise it waits in review for a second person, because the member who accepts it counts as
    its author.

    Raises:
        as `lock_submission_to_decide` and `edit.create_event` do.
        Conflict: the submission is a problem report.
        ConfirmationNeeded: there are twins among events or items that the member has not confirmed.
    """
    session, member = command.session, command.member
    row = lock_submission_to_decide(command, body)
    _check_kind(row, "footage")
    if unconfirmed := [one for one in twin_warnings(command.read()) if one.code not in body.confirm]:
        raise ConfirmationNeeded(unconfirmed)
    # Published by one person, the event has no author, because the sender wrote it and the member
    # checked it. Otherwise the member is the author.
    authors = [] if body.then == "published" else [member.id]
    event = edit.create_event(session, member, body.event, theatre, settings, authors=authors)
    _add_links(session, event.id, row, "footage")
    act_as_member(session, member, body.event.why)
    reasons = second_person_reasons(session, event.id) if body.then == "published" else []
    if reasons:
        session.get_one(Event, event.id, populate_existing=True).authors = [member.id]
        session.flush()
    state = submit_accepted(session, member, event.id, "in_review" if reasons else body.then)
    row.result_event_id = event.id
    _save_decision(command, row, "accepted", body.reason)
    return _result(command, event_state=state, waits_for=reasons)


def merge(command: SubmissionCommand, body: MergeBody) -> Decided:
    """Adds the links of a submission to an existing event as sources.

    The text and the place of the event stay the same, so every reviewer may do this to a published
    event.

    Raises:
        as `lock_submission_to_decide` does.
        InvalidBody: there is no such event.
        Conflict: the submission is a problem report, or the event is withdrawn.
    """
    session = command.session
    row = lock_submission_to_decide(command, body)
    _check_kind(row, "footage")
    event = queries.locked_event(session, body.event_id)
    if event is None:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no event with this id.")])
    if event.state == "withdrawn":
        raise Conflict("The event is withdrawn. Restore it first.")
    act_as_member(session, command.member, body.reason)
    if _add_links(session, event.id, row, body.role):
        save_event(session, event)
    row.result_event_id = event.id
    _save_decision(command, row, "merged", body.reason)
    return _result(command, event_state=event.state)


def reject(command: SubmissionCommand, body: ReasonBody) -> Decided:
    """Rejects a submission or a problem report; the sender reads the reason."""
    row = lock_submission_to_decide(command, body)
    _save_decision(command, row, "rejected", body.reason)
    return _result(command)


def settle_problem(command: SubmissionCommand, body: ReasonBody) -> Decided:
    """Closes a justified problem report with a note about what was done. The event is changed or
    hidden separately.

    Raises:
        as `lock_submission_to_decide` does.
        Conflict: the submission is footage.
    """
    row = lock_submission_to_decide(command, body)
    _check_kind(row, "problem")
    _save_decision(command, row, "accepted", body.reason)
    return _result(command)


def ask_sender(command: SubmissionCommand, body: QuestionBody) -> Decided:
    """Asks the sender of one submission a question, also of one that joined an item. The sender
    reads it with the tracking code, without the name of the member.
    """
    row = lock_submission_to_decide(command, body, may_be_joined=True)
    command.session.add(
        SubmissionMessage(
            id=uuid.uuid4(),
            submission_id=row.id,
            by_sender=False,
            member_id=command.member.id,
            made_by=command.member.name,
            text=body.question,
            # The time of the statement, not of the transaction: a question and its answer keep
            # their order.
            created_at=func.clock_timestamp(),
        )
    )
    row.state = "question"
    command.session.flush()
    return _result(command)


def separate(command: SubmissionCommand) -> DeskSubmission:
    """Makes a submission that joined an item an item of its own.

    Raises:
        as `lock_submission_to_decide` does.
        Conflict: it did not join an item.
    """
    row = lock_submission_to_decide(command, None, may_be_joined=True)
    if row.joined_to is None:
        raise Conflict("This submission is an item of its own already.")
    row.joined_to = None
    command.session.flush()
    return command.read()


def _result(command: SubmissionCommand, **members: Any) -> Decided:
    submission = command.read()
    return Decided.model_validate({"version": submission.version, "submission": submission} | members)


def _check_kind(row: Submission, kind: str) -> None:
    if row.kind != kind:
        if kind == "footage":
            raise Conflict("This is only possible for footage.")
        raise Conflict("This is only possible for a problem report.")


def _add_links(session: ReadWriteSession, event_id: uuid.UUID, row: Submission, role: SourceRole) -> bool:
    """Adds the links of an item, from all its senders, to an event; tells whether the event lacked
    one. The others keep their role.

    Raises:
        Conflict: only an earlier version accepted one of the links.
    """
    joined = queries_of_items.joined_submissions(session, row.id)
    sent: list[tuple[str, SourceRole]] = [(url, role) for url in queries_of_items.footage_of(row, joined)]
    found = dict.fromkeys(one.geolocation_url for one in (row, *joined) if one.geolocation_url)
    sent += [(url, "geolocation") for url in found]
    last = session.scalar(
        select(func.coalesce(func.max(EventSource.position), -1)).where(EventSource.event_id == event_id)
    )
    is_new = False
    for position, (url, as_role) in enumerate(sent, (last if last is not None else -1) + 1):
        try:
            as_role = role_of(canonicalise(url), as_role)
        except UnusableLink as refused:
            raise Conflict(
                Translatable(
                    "The link {link} cannot be a source. {reason}", link=url, reason=Translatable(refused.message)
                )
            ) from None
        source_id = links.find_or_insert_source(session, SourceBody(url=url, role=as_role))
        added = session.scalar(
            insert(EventSource)
            .values(event_id=event_id, source_id=source_id, role=as_role, position=position)
            .on_conflict_do_nothing()
            .returning(EventSource.source_id)
        )
        is_new |= added is not None
    return is_new


def _save_decision(command: SubmissionCommand, row: Submission, outcome: Outcome, reason: str | None) -> None:
    session = command.session
    for one in (row, *queries_of_items.joined_submissions(session, row.id)):
        one.state = outcome
        one.decided_at = func.now()
        one.decided_by, one.decided_by_name = command.member.id, command.member.name
        one.decision_reason = reason
        one.result_event_id = row.result_event_id
    session.add(Decision(id=uuid.uuid4(), kind=row.kind, outcome=outcome, received_at=row.created_at))
    session.execute(delete(Assignment).where(Assignment.item_id == row.id))
    session.flush()
