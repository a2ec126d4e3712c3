"""Random codes that people read aloud and type: temporary passwords and recovery codes."""

from __future__ import annotations

import re
import secrets
from typing import Final

# Each character is five bits; no two of them look alike.
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"


def random_code(groups: int, length: int) -> str:
    """Returns groups of random characters, joined by dashes."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(groups))


def normalize_code(text: str) -> str:
    """Returns a typed code in lower case, without spaces and dashes."""
    return re.sub(r"[\s\u2010-\u2015-]", "", text).lower()
