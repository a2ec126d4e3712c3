"""The page of a submission: its content, a map, nearby events, and the decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk.comments import comments_on
from app.desk.schemas import DeskSubmission, SentValues
from app.desk.submissions import read_submission
from app.desk.work import reviewers
from app.models.submission import OPEN_STATES
from app.pages.desk.frame import build_frame, show
from app.pages.desk.item import ItemPage, describe_nearby_events
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords
from app.pages.event_words import EventWords
from app.pages.templating import page_language
from app.submissions.routes import submission_services

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class SubmissionPage(ItemPage):
    """The context of `desk/submission.html`; `sent` has a row for each sender if there are
    several.
    """

    submission: DeskSubmission
    sent: list[SentShown]


@dataclass(frozen=True)
class SentShown:
    """What one sender sent, for the table that compares them."""

    values: SentValues
    received: str
    when: str
    where: str
    precision: str
    category: str
    sides: str


def _describe_sent(one: SentValues, words: WorkWords, when: EventWords) -> SentShown:
    known = one.happened_from and one.happened_to and one.time_precision
    sides = [words.sides.get(side, side) for side in (one.actor, one.affected) if side]
    return SentShown(
        values=one,
        received=words.moment(one.received_at),
        when=when.when(one.happened_from, one.happened_to, one.time_precision, inferred=False).text  # type: ignore[arg-type] # known
        if known
        else "",
        where="" if one.latitude is None else f"{one.latitude:.5f}, {one.longitude:.5f}",
        precision=when.precision(one.precision_m, "Point") if one.longitude is not None else "",
        category=words.categories.get(one.category, one.category) if one.category else "",
        sides=" → ".join(sides),
    )


@router.get("/desk/submissions/{submission_id}")
def submission_page(
    request: Request, member: CurrentMember, session: WritingSession, submission_id: uuid.UUID
) -> Response:
    """Renders a submission."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    submission = read_submission(session, member, submission_services(request).codes, submission_id)
    frame = build_frame(request, member)
    is_open, is_joined = submission.state in OPEN_STATES, submission.joined_to is not None
    fields = submission.model_dump(mode="json")
    context = SubmissionPage(
        frame=frame,
        words=words,
        state=submission.state,
        open=is_open and not is_joined,
        may_decide=is_open and not submission.yours,
        rank=submission.rank,
        assigned_to=submission.assigned_to.name if submission.assigned_to else "",
        reviewers=reviewers(session),
        has_map=submission.longitude is not None,
        near=[] if is_joined else describe_nearby_events(submission.near, words, when),
        when=when.when(submission.happened_from, submission.happened_to, submission.time_precision, inferred=False).text
        if submission.happened_from and submission.happened_to and submission.time_precision
        else "",
        precision=when.precision(submission.precision_m, "Point") if submission.longitude is not None else "",
        comments=comments_on(session, submission_id=submission_id).comments,
        config=work_config(request, frame)
        | {
            "item": {name: fields[name] for name in ("id", "version", "kind", "draft", "near")}
            | {"path": f"submissions/{submission.id}", "work_path": f"submissions/{submission.id}", "versioned": True}
        },
        submission=submission,
        sent=[_describe_sent(one, words, when) for one in (submission, *submission.senders)]
        if submission.senders
        else [],
    )
    return show(request, "submission.html", context)
