"""Keys of sessions, form tokens, marks of known browsers, and API tokens.

The database stores only keyed hashes, made with the installation's secret. So a key of another
installation is not valid here, nor is a hash that somebody else wrote into the database.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.secret import InstallationSecret

# The prefix `__Host-` makes browsers accept the cookie from this host only, over HTTPS, for all
# paths.
SESSION_COOKIE: Final = "__Host-frontline"
KNOWN_COOKIE: Final = "__Host-frontline-known"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 16
# The prefix lets secret scanners recognise a leaked token.
_TOKEN: Final = re.compile(r"frontline_[A-Za-z0-9_-]{43}")


def new_session_key() -> str:
    """Creates the key of a session, 256 random bits, for the cookie."""
    return secrets.token_urlsafe(_KEY_BYTES)


def session_hash(secret: InstallationSecret, key: str) -> bytes:
    """Returns the hash of a session key."""
    return secret.digest("session", key.encode("utf-8", "replace"))


def new_token() -> str:
    """Creates an API token of 256 random bits."""
    return f"frontline_{secrets.token_urlsafe(_KEY_BYTES)}"


def is_token(text: str) -> bool:
    """Tells whether a text has the format of an API token."""
    return _TOKEN.fullmatch(text) is not None


def token_hash(secret: InstallationSecret, token: str) -> bytes:
    """Returns the hash of an API token."""
    return secret.digest("API token", token.encode("utf-8", "replace"))


def form_token(secret: InstallationSecret, key: str) -> str:
    """Creates the token for the forms of a session; it is different each time, to prevent
    compression attacks.
    """
    nonce = secrets.token_bytes(_KEY_BYTES)
    return base64.urlsafe_b64encode(nonce + _xor(nonce, _form_key(secret, key))).decode()


def is_form_token(secret: InstallationSecret, key: str, sent: str) -> bool:
    """Tells whether a form token belongs to a session."""
    try:
        raw = base64.urlsafe_b64decode(sent.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return False
    if len(raw) != 2 * _KEY_BYTES:
        return False
    return hmac.compare_digest(_xor(raw[:_KEY_BYTES], raw[_KEY_BYTES:]), _form_key(secret, key))


def _form_key(secret: InstallationSecret, key: str) -> bytes:
    return secret.digest("form of a session", key.encode("utf-8", "replace"))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def new_known_mark(secret: InstallationSecret, name: str) -> str:
    """Creates the mark of a browser that was signed in to an account. The mark does not contain the
    name.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _known_key(secret, nonce, name)).decode()


def known_browser(secret: InstallationSecret, name: str, mark: str) -> str | None:
    """Returns the id of a known browser of an account for the rate limits; None if the mark is not
    valid.
    """
    try:
        raw = base64.urlsafe_b64decode(mark.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return None
    nonce, key = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return nonce.hex() if hmac.compare_digest(key, _known_key(secret, nonce, name)) else None


def _known_key(secret: InstallationSecret, nonce: bytes, name: str) -> bytes:
    return secret.digest("known browser", nonce, name.encode("utf-8", "replace"))
