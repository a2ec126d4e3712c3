"""The second factor: codes of an app on another device (TOTP, RFC 6238), and recovery codes for when it is lost.

Its secret is derived from the installation's secret and a seed in the database: who reads the database alone can make
no codes.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import TYPE_CHECKING, Final

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

from app.accounts.letters import bare, random_letters
from app.parsing.numbers import is_digits

if TYPE_CHECKING:
    from app.secret import InstallationSecret

# A clock may be a step of 30 seconds off, either way.
STEPS_OFF: Final = 1
SECRET_BYTES: Final = 20
DIGITS: Final = 6
RECOVERY_CODES: Final = 10


def new_seed() -> bytes:
    """Make the seed of a second factor."""
    return secrets.token_bytes(32)


def secret_of(installation: InstallationSecret, seed: bytes) -> str:
    """Give the secret that an app is told, in base 32."""
    return base64.b32encode(installation.digest("second factor", seed)[:SECRET_BYTES]).decode()


def step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """Give the time step that a code is of; none when it is no code of about now."""
    try:
        return pyotp.TOTP(secret, digits=DIGITS).verify_and_get_timecode(
            bare(code), for_time=now, valid_window=STEPS_OFF
        )
    except OTPVerificationError:
        return None


def is_app_code(code: str) -> bool:
    """Tell whether what was typed looks like a code of an app, as against a recovery code."""
    typed = bare(code)
    return len(typed) == DIGITS and is_digits(typed)


def address_of(secret: str, *, name: str, site: str) -> str:
    """Give the `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=name, issuer_name=site)


def picture_of(address: str) -> str:
    """Draw an address as a QR code: an SVG as a `data:` address, dark on white in either theme, as cameras want it."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")


def new_recovery_codes() -> list[str]:
    """Make recovery codes, 80 random bits each."""
    return [random_letters(groups=4, length=4) for _ in range(RECOVERY_CODES)]


def recovery_hash(installation: InstallationSecret, code: str) -> bytes:
    """Give what a recovery code is stored as, however it was typed."""
    return installation.digest("recovery code", bare(code).encode("utf-8", "replace"))
