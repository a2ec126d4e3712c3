"""Parses yes and no."""

from __future__ import annotations

from typing import Final

_TRUE: Final = frozenset(("true", "yes", "1"))
_FALSE: Final = frozenset(("false", "no", "0"))


def parse_boolean(text: str) -> bool:
    """Parses `true`, `yes`, `1`, `false`, `no` or `0`, in upper or lower case.

    Raises:
        ValueError: the text is none of these.
    """
    word = text.casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError("Must be true or false.")
