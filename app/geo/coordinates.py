"""Parses a position in any usual notation: degrees, MGRS, plus codes, links to maps."""

from __future__ import annotations

import re

from app.geo.degrees import parse_degrees
from app.geo.grid import parse_grid
from app.geo.map_links import parse_map_link
from app.geo.parsed_place import ParsedPlace, UnreadablePlace
from app.geo.plus_codes import parse_plus_code

__all__ = ["ParsedPlace", "UnreadablePlace", "parse_place"]

_THREE_WORDS = re.compile(r"(?:///)?[^\W\d_]{2,}\.[^\W\d_]{2,}\.[^\W\d_]{2,}")


def parse_place(text: str, near: tuple[float, float] | None = None) -> ParsedPlace:
    """Parses a position without a request to any service.

    Args:
        text: as somebody typed or pasted it.
        near: longitude and latitude in degrees of a reference position for short plus codes.

    Raises:
        UnreadablePlace: the text has no known notation; `reason` says why.
    """
    typed = " ".join(text.split())
    if typed.startswith("///") and _THREE_WORDS.fullmatch(typed):
        raise UnreadablePlace("words-code")
    found = parse_grid(typed) or parse_plus_code(typed, near) or parse_degrees(typed) or parse_map_link(typed, near)
    if found is None:
        raise UnreadablePlace("not-coordinates")
    return found
