"""Describes control areas and assessments in words. The map has the same texts
(`static/js/ui/area-text.js`), from the same English messages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.pages.formats import format_duration, format_ends, format_long_day
from app.pages.language import translate
from app.parsing.bidi import isolate
from app.territory import queries
from app.territory.ages import age_in_days, is_old, last_change
from app.territory.schemas import state_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.database.session import PublicReadSession
    from app.territory.ages import ChangeBounds

_MIDNIGHT: Final = dt.time(0)


@dataclass(frozen=True)
class LineThen:
    """What an assessor says of a place on a day.

    Attributes:
        words: the status of the place, since when, and by whom.
        assessor: the slug of the assessor.
        drawn: names the line of that day with its moment, for a map; None if there is none yet.
        is_old: the line is older than the day by more than a week.
    """

    words: str
    assessor: str
    drawn: str | None
    is_old: bool


class AreaWords:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._: Callable[[str], str] = partial(translate, language)

    def status(self, status: str | None) -> str:
        """Returns a status within a sentence; None: in no area."""
        _ = self._
        return {
            "occupied": _("occupied"),
            "gray_zone": _("in the gray zone"),
            "advance": _("advance, not controlled"),
            "claimed": _("claimed"),
            "counteroffensive": _("counteroffensive"),
            "liberated": _("liberated"),
            None: _("nothing marked here"),
        }[status]

    def since(self, bounds: ChangeBounds) -> str:
        """Returns since when a place has its status. Between two assessments that lie more than a
        day apart, the day is not known.
        """
        _ = self._
        last = _day_of(bounds.by)
        if bounds.after is None:
            return _("since {day} or earlier").format(day=format_long_day(self.language, last))
        first = _day_of(bounds.after)
        if (last - first).days <= 1:
            return _("since {day}").format(day=format_long_day(self.language, last))
        start, end = format_ends(self.language, first, last)
        return _("since a day between {first} and {last}").format(first=start, last=end)

    def moment(self, moment: dt.datetime) -> str:
        """Formats the moment of an assessment; midnight is formatted as a day only."""
        at = moment.astimezone(dt.UTC)
        day = format_long_day(self.language, at)
        return day if at.time() == _MIDNIGHT else self._("{day}, {time} UTC").format(day=day, time=f"{at:%H:%M}")

    def age(self, last_seen_at: dt.datetime, age_days: int) -> str:
        """Describes the age of an old assessment: "assessed 3 August 2025, 362 days before"."""
        return self._("assessed {day}, {age} before").format(
            day=format_long_day(self.language, _day_of(last_seen_at)),
            age=format_duration(self.language, age_days),
        )

    def reach(self, first: dt.datetime, last: dt.datetime, today: dt.date) -> str:
        """Says from when until when an assessor's areas are known, and how old the last ones are:
        the series may have ended.
        """
        start, end = (format_long_day(self.language, _day_of(moment)) for moment in (first, last))
        age = age_in_days(last, today)
        if not is_old(age):
            return self._("Data until {last} (the first are of {first}).").format(last=end, first=start)
        return self._(
            "Data until {last}, {age} ago (the first are of {first}). There is nothing newer from this assessor here."
        ).format(last=end, age=format_duration(self.language, age), first=start)

    def none_yet(self, first: dt.datetime) -> str:
        """Says that there is no assessment yet, and when the first one is."""
        return self._("no assessment yet; the first is from {moment}").format(moment=self.moment(first))

    def line(self, session: PublicReadSession, longitude: float, latitude: float, day: dt.date) -> LineThen | None:
        """Describes the status of a place on a day, by the assessor with the newest assessment;
        None without assessments.
        """
        newest = next((row for row in queries.assessors(session) if row.assessments), None)
        if newest is None:
            return None
        name = isolate(newest.name)
        row = queries.assessment_at(session, newest.slug, state_on(day))
        if row is None:
            none_yet = self._("{assessor}: {words}").format(assessor=name, words=self.none_yet(newest.first_valid_from))
            return LineThen(none_yet, newest.slug, drawn=None, is_old=False)
        status, since = last_change(queries.statuses_before(session, row, longitude, latitude))
        age = age_in_days(row.last_seen_at, day)
        moment = self.age(row.last_seen_at, age) if is_old(age) else self.moment(row.valid_from)
        words = self._("{status} ({since}) · {assessor}, {moment}").format(
            status=self.status(status), since=self.since(since), assessor=name, moment=moment
        )
        drawn = self._("Front line: {assessor}, {moment}; shaded: occupied").format(assessor=name, moment=moment)
        return LineThen(words, newest.slug, drawn, is_old(age))


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()
