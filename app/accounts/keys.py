"""What browsers and programs hold, and what is kept of it here: sessions, form tokens, known browsers, API tokens.

All are random or derived from the installation's secret, and are kept as keyed hashes: what another installation gave
out, or somebody who can write the database made up, opens nothing here.
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

# `__Host-`: from this host alone, over HTTPS alone, for all of its paths.
SESSION_COOKIE: Final = "__Host-frontline"
KNOWN_COOKIE: Final = "__Host-frontline-known"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 16
# The prefix lets programs that look for leaked secrets recognise one.
_TOKEN: Final = re.compile(r"frontline_[A-Za-z0-9_-]{43}")


def new_session_key() -> str:
    """Make what a browser holds for a session: 256 random bits."""
    return secrets.token_urlsafe(_KEY_BYTES)


def session_hash(secret: InstallationSecret, key: str) -> bytes:
    """Give what a session's key is stored as."""
    return secret.digest("session", key.encode("utf-8", "replace"))


def new_token() -> str:
    """Make an API token: 256 random bits."""
    return f"frontline_{secrets.token_urlsafe(_KEY_BYTES)}"


def is_token(text: str) -> bool:
    """Tell whether a text has the form of an API token."""
    return _TOKEN.fullmatch(text) is not None


def token_hash(secret: InstallationSecret, token: str) -> bytes:
    """Give what an API token is stored as."""
    return secret.digest("API token", token.encode("utf-8", "replace"))


def form_token(secret: InstallationSecret, key: str) -> str:
    """Make the token of a session's forms; it differs every time, so that compression gives nothing of it away."""
    nonce = secrets.token_bytes(_KEY_BYTES)
    return base64.urlsafe_b64encode(nonce + _xor(nonce, _form_key(secret, key))).decode()


def is_form_token(secret: InstallationSecret, key: str, sent: str) -> bool:
    """Tell whether a token was made for the forms of a session."""
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
    """Make what a browser shows later as a sign that an account was signed in from it. It does not hold the name."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _known_key(secret, nonce, name)).decode()


def known_browser(secret: InstallationSecret, name: str, mark: str) -> str | None:
    """Give the name in limits of a browser that an account was signed in from; none for a stranger's."""
    try:
        raw = base64.urlsafe_b64decode(mark.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return None
    nonce, shown = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return nonce.hex() if hmac.compare_digest(shown, _known_key(secret, nonce, name)) else None


def _known_key(secret: InstallationSecret, nonce: bytes, name: str) -> bytes:
    return secret.digest("known browser", nonce, name.encode("utf-8", "replace"))
