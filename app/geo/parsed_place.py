"""The result of parsing a position: the position, or why it cannot be parsed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["decimal", "dms", "mgrs", "plus_code", "map_link"]
Reason = Literal[
    "not-coordinates",
    "out-of-range",
    "contradiction",
    "needs-reference",
    "short-link",
    "no-place-in-link",
    "words-code",
]

# One message for each reason, without values in it: pages translate them as they stand.
MESSAGES: Final[dict[Reason, str]] = {
    "not-coordinates": "These are no coordinates that we can read.",
    "out-of-range": "Out of range. Enter latitude first (up to 90 degrees), then longitude (up to 180 degrees).",
    "contradiction": "These are not a latitude and a longitude. Check both parts.",
    "needs-reference": "Add the name of a nearby town to this short plus code.",
    "short-link": "This is a short link. Open it, and copy the long address that it leads to: we never follow links.",
    "no-place-in-link": "This link has no coordinates. Put a pin on that map and copy the link again.",
    "words-code": "Codes of three words can only be read by the company that sells them. Give coordinates.",
}

_METRES_PER_DEGREE: Final = 111_320.0


@dataclass(frozen=True)
class ParsedPlace:
    """A position that was parsed.

    Attributes:
        longitude: degrees, in [-180, 180].
        latitude: degrees, in [-90, 90].
        form: the notation.
        precision_m: radius in metres of a circle that contains every position with the same text,
            at least 1.
    """

    longitude: float
    latitude: float
    form: Form
    precision_m: int


class UnreadablePlace(Exception):
    """A text contains no position that can be parsed without a request to a service.

    Attributes:
        reason: a stable code; `MESSAGES` has a sentence for it.
        reference: for `needs-reference`, the name next to the short code, or None.
    """

    def __init__(self, reason: Reason, reference: str = "") -> None:
        super().__init__(MESSAGES[reason])
        self.reason: Reason = reason
        self.reference = reference


def make_place(longitude: float, latitude: float, form: Form, *, cell_degrees: float) -> ParsedPlace:
    """Returns a position from numbers with a unit of `cell_degrees` in both directions.

    Raises:
        UnreadablePlace: the numbers are not a position on the globe.
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # in this form, NaN fails, too
        raise UnreadablePlace("out-of-range")
    return ParsedPlace(longitude, latitude, form, radius_of_cell(cell_degrees * _METRES_PER_DEGREE))


def radius_of_cell(side_m: float) -> int:
    """Returns the distance from the centre of a square cell to its corner in whole metres, at least
    1.
    """
    return max(1, math.ceil(side_m * math.sqrt(0.5)))
