"""What somebody did to an item meanwhile, in words, for whoever comes second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.said import Said, worded

if TYPE_CHECKING:
    import datetime as dt

    from app.fields.words import Outcome


def decided(outcome: Outcome, name: str | None, moment: dt.datetime, reason: str | None) -> Said:
    """Say who decided how, when, and why."""
    values = {"name": name, "time": f"{moment:%H:%M}"}
    match outcome:
        case "accepted":
            what = worded("{name} accepted it at {time} UTC", **values)
        case "merged":
            what = worded("{name} merged it at {time} UTC", **values)
        case _:
            what = worded("{name} rejected it at {time} UTC", **values)
    return worded("{what}: {reason}", what=what, reason=reason) if reason else worded("{what}.", what=what)


def changed() -> Said:
    """Say no more than that it is another one than was seen."""
    return worded("Somebody else has changed it meanwhile.")
