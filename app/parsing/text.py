"""Checks that text can be stored, and escapes text for SQL's LIKE."""

from __future__ import annotations

import re
from typing import Final

from app.messages import Translatable

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LIKE_SPECIAL: Final = re.compile(r"[\\%_]")


def check_characters(text: str) -> str:
    """Returns the text. PostgreSQL stores no NUL, and UTF-8 encodes no lone surrogate.

    Raises:
        ValueError: the text contains one of these characters.
    """
    if "\x00" in text or (not text.isascii() and _SURROGATE.search(text)):
        raise ValueError(Translatable("Contains an invalid character (NUL or a lone surrogate)."))
    return text


def escape_like(text: str) -> str:
    """Returns a pattern for LIKE that matches exactly this text."""
    return _LIKE_SPECIAL.sub(r"\\\g<0>", text)
