"""The page with the recorded changes of accounts, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.accounts import queries
from app.database.session import WritingSession
from app.pages.desk.frame import Frame, build_frame, desk_words, show

router = APIRouter()

MOST = 200


@dataclass(frozen=True)
class ActShown:
    """A change of an account; `name` is the changed account and `by` the member who changed it, or
    empty.
    """

    at: str
    words: str
    name: str
    by: str
    detail: str


@dataclass(frozen=True)
class ActsPage:
    """The context of `desk/acts.html`."""

    frame: Frame
    acts: list[ActShown]
    limit: int


@router.get("/desk/acts")
def acts_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the newest changes."""
    words = desk_words(request)
    rows = [
        ActShown(
            words.moment(act.at), words.acts[act.kind], act.name or "", act.by_name or "", words.detail(act.detail)
        )
        for act in queries.acts(session, most=MOST)
    ]
    return show(request, "acts.html", ActsPage(build_frame(request, member), rows, MOST))
