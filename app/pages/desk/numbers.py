"""The page with the statistics of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk.numbers import read_numbers
from app.desk.queue_schemas import Numbers
from app.pages.desk.frame import Frame, build_frame, show
from app.pages.desk.work_words import WorkWords
from app.pages.event_words import EventWords
from app.pages.templating import page_language

router = APIRouter()


@dataclass(frozen=True)
class WeekShown:
    """The decisions of a week."""

    week: str
    accepted: int
    merged: int
    rejected: int

    @property
    def total(self) -> int:
        """The number of all decisions."""
        return self.accepted + self.merged + self.rejected


@dataclass(frozen=True)
class NumbersPage:
    """The context of `desk/numbers.html`."""

    frame: Frame
    numbers: Numbers
    words: WorkWords
    weeks: list[WeekShown]
    largest_total: int


@router.get("/desk/numbers")
def numbers_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the statistics of the desk."""
    language = page_language(request)
    days = EventWords(language)
    found = read_numbers(session)
    weeks = [WeekShown(days.days(one.week, one.week), one.accepted, one.merged, one.rejected) for one in found.weeks]
    context = NumbersPage(
        frame=build_frame(request, member),
        numbers=found,
        words=WorkWords(language, request.app.state.theatre),
        weeks=weeks[::-1],
        largest_total=max([week.total for week in weeks] + [1]),
    )
    return show(request, "numbers.html", context)
