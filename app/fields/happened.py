"""When an event may have happened: the one rule for the editor, submissions and imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.fields.limits import FUTURE_ALLOWED


def _(text: str) -> str:
    """Mark a text for the catalogue of translations."""
    return text


@dataclass(frozen=True)
class HappenedFault:
    """What is wrong with a time range: `field` names the field at fault, `code` is stable, `message` is English."""

    field: str
    code: str
    message: str


def is_future(moment: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a moment lies further in the future than differing clocks and calendars explain."""
    return moment > now + FUTURE_ALLOWED


def happened_faults(
    happened_from: dt.datetime, happened_to: dt.datetime, *, now: dt.datetime
) -> Iterator[HappenedFault]:
    """Yield what makes a time range unacceptable; nothing if an event may have happened then.

    Args:
        happened_from: the first moment, in UTC.
        happened_to: the first moment after it, in UTC.
        now: the moment of asking.
    """
    if happened_from >= happened_to:
        yield HappenedFault("happened_to", "ends-before-start", _("The end must be after the beginning."))
    if is_future(happened_from, now):
        yield HappenedFault("happened_from", "future", _("Date is in the future."))
