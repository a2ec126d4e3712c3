"""Tracking codes: 140 random bits that a person can read out, kept here as a keyed hash only."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uuid

    from app.secret import InstallationSecret

# Crockford's base 32: without I, L, O and U, which are misread or make words.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS: Final = 28
_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


class TrackingCodes:
    """Makes tracking codes and their hashes.

    A code for an idempotency key is derived from the key and the body: a retry gets the code that its first try
    got, though no code is stored.
    """

    def __init__(self, secret: InstallationSecret) -> None:
        self._secret = secret

    def new(self) -> str:
        """Make a random code."""
        return _written(int.from_bytes(secrets.token_bytes(32)))

    def of_retry(self, idempotency_key: str, body_digest: bytes) -> str:
        """Give the code of everyone who sends this body with this key."""
        derived = self._secret.digest("tracking code of a retry", idempotency_key.encode(), body_digest)
        return _written(int.from_bytes(derived))

    def code_hash(self, code: str) -> bytes:
        """Give what a code is stored as."""
        return self._secret.digest("tracking code", code.encode())

    def member_hash(self, member_id: uuid.UUID) -> bytes:
        """Give what is stored of a member who sends something in while signed in."""
        return self._secret.digest("member who submits", member_id.bytes)

    def key_hash(self, idempotency_key: str) -> bytes:
        """Give what an idempotency key is stored as."""
        return self._secret.digest("idempotency key", idempotency_key.encode())


def _written(number: int) -> str:
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LETTERS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))


def read_code(text: str) -> str | None:
    """Read a code as people type it: any case, blanks or dashes or none, O for 0, I or L for 1.

    Returns:
        The code as it was given out, or nothing when the text can be none.
    """
    letters = re.sub(r"[\s\u2010-\u2015-]", "", text).upper().translate(_MISREAD)
    if len(letters) != LETTERS or any(letter not in ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))
