"""One submission as a page: what was sent in beside the map and the events near it, and the decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk.comments import comments_on
from app.desk.opening import shown
from app.desk.schemas import CommentShown, DeskSubmission
from app.models.submission import OPEN_STATES
from app.pages.desk.frame import Frame, frame_of, show
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords
from app.pages.event_words import EventWords
from app.pages.templating import page_language
from app.submissions.routes import reception_of

router = APIRouter()


@dataclass(frozen=True)
class NearShown:
    """An event that may be what was sent in."""

    id: uuid.UUID
    title: str
    state: str
    verification: str
    when: str
    reasons: str
    same_sources: int


@dataclass(frozen=True)
class SubmissionPage:
    """The context of `desk/submission.html`."""

    frame: Frame
    sent: DeskSubmission
    open: bool
    words: WorkWords
    when: str
    precision: str
    near: list[NearShown]
    comments: list[CommentShown]
    config: dict[str, Any]


@router.get("/desk/submissions/{submission_id}")
def submission_page(
    request: Request, member: CurrentMember, session: WritingSession, submission_id: uuid.UUID
) -> Response:
    """Show a submission."""
    language = page_language(request)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    sent = shown(session, member, reception_of(request).codes, submission_id)
    frame = frame_of(request, member)
    near = [
        NearShown(
            id=one.id,
            title=one.title,
            state=words.states[one.state],
            verification=words.verifications[one.verification],
            when=when.when(one.happened_from, one.happened_to, one.time_precision, inferred=False).text,
            reasons=", ".join(one.reasons),
            same_sources=one.same_sources,
        )
        for one in sent.near
    ]
    context = SubmissionPage(
        frame=frame,
        sent=sent,
        open=sent.state in OPEN_STATES,
        words=words,
        when=when.when(sent.happened_from, sent.happened_to, sent.time_precision, inferred=False).text
        if sent.happened_from and sent.happened_to and sent.time_precision
        else "",
        precision=when.precision(sent.precision_m, "Point") if sent.longitude is not None else "",
        near=near,
        comments=comments_on(session, submission_id=submission_id).comments,
        config=work_config(request, frame) | {"submission": sent.model_dump(mode="json")},
    )
    return show(request, "submission.html", context)
