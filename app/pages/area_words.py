"""Describes control areas and assessments in words. The map has the same texts
(`static/js/ui/area-text.js`), from the same English messages.
"""

from __future__ import annotations

import datetime as dt
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

    def none_yet(self, first: dt.datetime) -> str:
        """Says that there is no assessment yet, and when the first one is."""
        return self._("no assessment yet; the first is from {moment}").format(moment=self.moment(first))

    def line(self, session: PublicReadSession, longitude: float, latitude: float, day: dt.date) -> str | None:
        """Describes the status of a place on a day, by the assessor with the newest assessment;
        None without assessments.
        """
        newest = next((row for row in queries.assessors(session) if row.assessments), None)
        if newest is None:
            return None
        name = isolate(newest.name)
        row = queries.assessment_at(session, newest.slug, state_on(day))
        if row is None:
            return self._("{assessor}: {words}").format(assessor=name, words=self.none_yet(newest.first_valid_from))
        status, since = last_change(queries.statuses_before(session, row, longitude, latitude))
        age = age_in_days(row.last_seen_at, day)
        return self._("{status} ({since}) · {assessor}, {moment}").format(
            status=self.status(status),
            since=self.since(since),
            assessor=name,
            moment=self.age(row.last_seen_at, age) if is_old(age) else self.moment(row.valid_from),
        )


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()
