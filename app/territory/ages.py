"""How old an assessment is on a day, and between which moments the ground changed. Pure.

Areas that were seen again unchanged are as new as that moment (`last_seen_at`). The page has the
same rules in `static/js/data/assessments.js`; `tests/js/vectors/assessments.json` tests both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

# An assessment is old on the days that lie more than this number of days after it was last seen.
CURRENT_DAYS: Final = 7

# How many assessments a search for the last change reads at most; each costs about a millisecond.
MOST_SEARCHED: Final = 256

# The order of precedence of the statuses, for a position in several areas.
_STRONGEST_FIRST: Final = ("occupied", "gray_zone", "advance", "counteroffensive", "liberated", "claimed")


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """What one assessment says of a position: the statuses of the areas around it."""

    valid_from: dt.datetime
    last_seen_at: dt.datetime
    covers: Collection[str]
    statuses: Collection[str]

    @property
    def status(self) -> str | None:
        """The status of the position; of several the strongest; None outside all areas."""
        return next((status for status in _STRONGEST_FIRST if status in self.statuses), None)


@dataclass(frozen=True, slots=True)
class ChangeBounds:
    """The bounds of a change: after the moment `after` and not later than `by`. No `after`: all
    assessments that were searched show the same.
    """

    after: dt.datetime | None
    by: dt.datetime


def age_in_days(last_seen_at: dt.datetime, day: dt.date) -> int:
    """Returns the number of days from when areas were last seen to a day; 0 if they were seen on
    this day or later.
    """
    return max(0, (day - last_seen_at.astimezone(dt.UTC).date()).days)


def is_old(age_days: int) -> bool:
    """Tells whether an assessment of this age is drawn faded, with its age."""
    return age_days > CURRENT_DAYS


def assessed_day(last_seen_at: dt.datetime, day: dt.date) -> dt.date:
    """Returns the day whose ground the map of a day shows: that day, or the earlier one on which
    the areas were last seen.
    """
    return day - dt.timedelta(days=age_in_days(last_seen_at, day))


def last_change(newest_first: Iterable[StatusSeen]) -> tuple[str | None, ChangeBounds]:
    """Returns the status of a position in the newest assessment, and the bounds of the change to
    it.

    Assessments that do not cover the status say nothing about it. Reads no further than the
    assessment that showed another status.
    """
    assessments = iter(newest_first)
    newest = next(assessments)
    earliest = newest
    for seen in assessments:
        if seen.status == newest.status:
            earliest = seen
        elif newest.status is None or newest.status in seen.covers:
            return newest.status, ChangeBounds(seen.last_seen_at, earliest.valid_from)
    return newest.status, ChangeBounds(None, earliest.valid_from)
