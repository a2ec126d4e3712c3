"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes if the
device is lost.

Its secret is derived from the installation's secret and a seed in the database. A copy of the
database alone is not enough to make codes.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import TYPE_CHECKING, Final

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

from app.accounts.random_codes import normalize_code, random_code
from app.parsing.numbers import is_digits

if TYPE_CHECKING:
    from app.secret import InstallationSecret

# A clock may be off by one step of 30 seconds.
CLOCK_SKEW_STEPS: Final = 1
SECRET_BYTES: Final = 20
DIGITS: Final = 6
RECOVERY_CODES: Final = 10


def new_seed() -> bytes:
    """Creates the seed of a second factor."""
    return secrets.token_bytes(32)


def secret_of(installation: InstallationSecret, seed: bytes) -> str:
    """Returns the secret for an authenticator app, in base 32."""
    return base64.b32encode(installation.digest("second factor", seed)[:SECRET_BYTES]).decode()


def step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """Returns the time step of a code; None if the code is not valid now."""
    try:
        return pyotp.TOTP(secret, digits=DIGITS).verify_and_get_timecode(
            normalize_code(code), for_time=now, valid_window=CLOCK_SKEW_STEPS
        )
    except OTPVerificationError:
        return None


def is_app_code(code: str) -> bool:
    """Tells whether a text looks like a code of an app and not like a recovery code."""
    typed = normalize_code(code)
    return len(typed) == DIGITS and is_digits(typed)


def address_of(secret: str, *, name: str, site: str) -> str:
    """Returns the `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=name, issuer_name=site)


def picture_of(address: str) -> str:
    """Returns a QR code as an SVG in a `data:` address, dark on white in every theme, so that
    cameras can read it.
    """
    return segno.make_qr(address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")


def new_recovery_codes() -> list[str]:
    """Creates recovery codes of 80 random bits each."""
    return [random_code(groups=4, length=4) for _ in range(RECOVERY_CODES)]


def recovery_hash(installation: InstallationSecret, code: str) -> bytes:
    """Returns the hash of a recovery code, independent of case, spaces and dashes."""
    return installation.digest("recovery code", normalize_code(code).encode("utf-8", "replace"))
