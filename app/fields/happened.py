"""Checks the time of an event, for the editor, submissions and imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.fields.limits import FUTURE_ALLOWED
from app.fields.words import _


@dataclass(frozen=True)
class HappenedFault:
    """An error in a time range: `field` is the name of the wrong field, `code` is stable, and
    `message` is English.
    """

    field: str
    code: str
    message: str


def is_future(moment: dt.datetime, now: dt.datetime) -> bool:
    """Tells whether a moment is in the future, by more than clocks and time zones can differ."""
    return moment > now + FUTURE_ALLOWED


def happened_faults(
    happened_from: dt.datetime, happened_to: dt.datetime, *, now: dt.datetime
) -> Iterator[HappenedFault]:
    """Yields the errors of a time range.

    Args:
        happened_from: the first moment, in UTC.
        happened_to: the first moment after it, in UTC.
        now: the current time.
    """
    if happened_from >= happened_to:
        yield HappenedFault("happened_to", "ends-before-start", _("The end must be after the beginning."))
    if is_future(happened_from, now):
        yield HappenedFault("happened_from", "future", _("Date is in the future."))
