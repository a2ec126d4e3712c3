"""Parses plus codes (Open Location Code): full ones, and short ones with a reference position."""

from __future__ import annotations

import re
from typing import Final

from openlocationcode import openlocationcode

from app.geo.parsed_place import ParsedPlace, UnreadablePlace, make_place

# A code, and perhaps the town that a map service writes after a short one: "64XH+7V Pokrovsk,
# Ukraine".
_CODE: Final = re.compile(
    r"([23456789CFGHJMPQRVWX0]{2,8}\+[23456789CFGHJMPQRVWX]{0,7})(?:[\s,]+(\S.*))?", re.IGNORECASE | re.ASCII
)


def parse_plus_code(text: str, near: tuple[float, float] | None = None) -> ParsedPlace | None:
    """Parses a plus code; the position is the centre of its cell.

    Args:
        text: the code, optionally followed by a name.
        near: longitude and latitude in degrees of a reference position for a short code.

    Returns:
        The position; None if the text is not a plus code.

    Raises:
        UnreadablePlace: the code is invalid, or is short and has no reference position.
    """
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    code, name = match[1].upper(), (match[2] or "").strip()
    if openlocationcode.isShort(code):
        if near is None:
            raise UnreadablePlace("needs-reference", name)
        longitude, latitude = near
        code = openlocationcode.recoverNearest(code, latitude, longitude)
    if not openlocationcode.isFull(code):
        raise UnreadablePlace("not-coordinates")
    area = openlocationcode.decode(code)
    cell = max(area.latitudeHi - area.latitudeLo, area.longitudeHi - area.longitudeLo)
    return make_place(area.longitudeCenter, area.latitudeCenter, "plus_code", cell_degrees=cell)
