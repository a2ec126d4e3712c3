"""Tracking codes: 140 random bits that a person can read aloud. Only a keyed hash is stored."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uuid

    from app.secret import InstallationSecret

# Crockford's base 32, without I, L, O and U, which are easily misread or make words.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS: Final = 28
_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


class TrackingCodes:
    """Creates tracking codes and their hashes.

    A code with an idempotency key is derived from the key and the body. A retry gets the same code,
    although the code is not stored.
    """

    def __init__(self, secret: InstallationSecret) -> None:
        self._secret = secret

    def new(self) -> str:
        """Creates a random code."""
        return _format_code(int.from_bytes(secrets.token_bytes(32)))

    def of_retry(self, idempotency_key: str, body_digest: bytes) -> str:
        """Returns the code for a body that is sent with an idempotency key."""
        derived = self._secret.digest("tracking code of a retry", idempotency_key.encode(), body_digest)
        return _format_code(int.from_bytes(derived))

    def code_hash(self, code: str) -> bytes:
        """Returns the hash of a code."""
        return self._secret.digest("tracking code", code.encode())

    def member_hash(self, member_id: uuid.UUID) -> bytes:
        """Returns the hash of a member who sends a submission while signed in."""
        return self._secret.digest("member who submits", member_id.bytes)

    def key_hash(self, idempotency_key: str) -> bytes:
        """Returns the hash of an idempotency key."""
        return self._secret.digest("idempotency key", idempotency_key.encode())


def _format_code(number: int) -> str:
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LETTERS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))


def parse_code(text: str) -> str | None:
    """Parses a code as people type it: in any case, with spaces, dashes or neither, O for 0, I or L
    for 1.

    Returns:
        The code in its standard form; None if the text is not a code.
    """
    letters = re.sub(r"[\s\u2010-\u2015-]", "", text).upper().translate(_MISREAD)
    if len(letters) != LETTERS or any(letter not in ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))
