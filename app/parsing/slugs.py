"""Checks slugs of origins and assessors."""

from __future__ import annotations

import re
from typing import Final

# As a regular expression of Python, PostgreSQL and JSON Schema.
SLUG_PATTERN: Final = "^[a-z][a-z0-9_-]*$"
_SLUG: Final = re.compile(SLUG_PATTERN.strip("^$"))


def is_slug(text: str, longest: int) -> bool:
    """Returns whether a text is a slug of at most so many characters."""
    return len(text) <= longest and _SLUG.fullmatch(text) is not None


def check_slug(text: str, longest: int) -> str:
    """Returns the slug.

    Raises:
        ValueError: the text is not a slug of at most so many characters.
    """
    if not is_slug(text, longest):
        raise ValueError(
            f"{text[:longest]!r} is not a slug. Must be a letter from a to z, then letters a to z, digits, '-' or '_';"
            f" at most {longest} characters."
        )
    return text
