"""Describes the statuses of control areas: their names, and what each assessor means by them."""

from __future__ import annotations

from typing import Final

from app.exchange.territory.deepstate import DEEPSTATE, DEEPSTATE_DAILY
from app.exchange.territory.isw import ISW
from app.fields.words import _

STATUS_NAMES: Final = {
    "occupied": _("Occupied"),
    "gray_zone": _("Gray zone"),
    "advance": _("Advance, not controlled"),
    "claimed": _("Claimed"),
    "counteroffensive": _("Counteroffensive"),
    "liberated": _("Liberated"),
}

# For assessors of whom no definition of a status is known.
GENERAL_MEANINGS: Final = {
    "occupied": _("ground that the attacker controls"),
    "gray_zone": _("ground that neither side firmly controls"),
    "advance": _("ground where the attacker operates without controlling it"),
    "claimed": _("ground that one side says it controls"),
    "counteroffensive": _("ground where the defender says it advances"),
    "liberated": _("ground that was occupied and is no longer"),
}

_OWN_MEANINGS: Final = {profile.slug: profile.meanings for profile in (DEEPSTATE, DEEPSTATE_DAILY, ISW)}


def status_meaning(assessor: str, status: str) -> tuple[str, bool]:
    """Returns what a status means to an assessor, in English, and whether that is its own
    definition.
    """
    own = _OWN_MEANINGS.get(assessor, {}).get(status)
    return (own, True) if own else (GENERAL_MEANINGS[status], False)
