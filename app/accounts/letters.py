"""Random letters that people read out and type: passwords that are given, recovery codes."""

from __future__ import annotations

import re
import secrets
from typing import Final

# Each stands for five bits; none is taken for another.
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"


def random_letters(groups: int, length: int) -> str:
    """Make groups of random letters, joined by dashes."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(groups))


def bare(text: str) -> str:
    """Give what was typed without case, blanks and dashes."""
    return re.sub(r"[\s\u2010-\u2015-]", "", text).lower()
