"""Encodes and parses cursors: opaque texts that name the last row of a page."""

from __future__ import annotations

import base64
import binascii
import json


def encode_cursor(*parts: str) -> str:
    """Returns a cursor of the values by which a list is ordered."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(text: str, parts: int) -> list[str]:
    """Returns the values of a cursor.

    Raises:
        ValueError: the text is not a cursor of so many values.
    """
    try:
        decoded = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise invalid_cursor() from None
    if not isinstance(decoded, list) or len(decoded) != parts or not all(isinstance(part, str) for part in decoded):
        raise invalid_cursor()
    return decoded


def invalid_cursor() -> ValueError:
    """Returns the error for a text that is not a cursor of this list."""
    return ValueError("Must be the cursor of a page of this list, taken from its link or member `next`.")
