"""Any usual form of a place in writing: degrees, the Military Grid, plus codes, links to maps."""

from __future__ import annotations

import re

from app.geo.degrees import read_degrees
from app.geo.grid import read_grid
from app.geo.map_links import read_map_link
from app.geo.plus_codes import read_plus_code
from app.geo.written import NotUnderstood, WrittenPlace

__all__ = ["NotUnderstood", "WrittenPlace", "read_place"]

_THREE_WORDS = re.compile(r"(?:///)?[^\W\d_]{2,}\.[^\W\d_]{2,}\.[^\W\d_]{2,}")


def read_place(text: str, near: tuple[float, float] | None = None) -> WrittenPlace:
    """Read a place from a text, without asking anybody.

    Args:
        text: what somebody typed or pasted.
        near: longitude and latitude in degrees of a place that a short plus code is counted from.

    Raises:
        NotUnderstood: it names no place in a form that can be read; the reason says why.
    """
    typed = " ".join(text.split())
    if typed.startswith("///") and _THREE_WORDS.fullmatch(typed):
        raise NotUnderstood("words-code")
    found = read_grid(typed) or read_plus_code(typed, near) or read_degrees(typed) or read_map_link(typed, near)
    if found is None:
        raise NotUnderstood("not-coordinates")
    return found
