"""Messages for a member whose change conflicts: what another member did with the same item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.messages import Translatable

if TYPE_CHECKING:
    import datetime as dt

    from app.fields.words import Outcome


def decision_message(outcome: Outcome, name: str | None, moment: dt.datetime, reason: str | None) -> Translatable:
    """Returns the message that names who decided, how, when and why."""
    values = {"name": name, "time": f"{moment:%H:%M}"}
    match outcome:
        case "accepted":
            decision = Translatable("{name} accepted it at {time} UTC", **values)
        case "merged":
            decision = Translatable("{name} merged it at {time} UTC", **values)
        case _:
            decision = Translatable("{name} rejected it at {time} UTC", **values)
    return (
        Translatable("{what}: {reason}", what=decision, reason=reason)
        if reason
        else Translatable("{what}.", what=decision)
    )


def change_message() -> Translatable:
    """Returns the message for a change of an unknown kind."""
    return Translatable("Somebody else has changed it since you opened it.")
