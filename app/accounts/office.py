"""What one process keeps for accounts: the installation's secret, the hasher of passwords, the shared limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.accounts.passwords import Passwords
from app.database.session import Sessions
from app.http.rate_limits import HOUR_SECONDS, MINUTE_SECONDS, DailySalt
from app.http.shared_limits import Limit, SharedLimits
from app.secret import InstallationSecret, installation_secret

if TYPE_CHECKING:
    from fastapi import Request

    from app.settings import Settings

QUARTER_SECONDS: Final = 15 * MINUTE_SECONDS


@dataclass(frozen=True)
class Office:
    """What one process keeps for accounts.

    Attributes:
        secret: what sessions, tokens and codes are hashed with, and second factors derived from.
        passwords: the hasher.
        limits: what all processes count together.
        sessions: where a database session is opened that is not the request's own.
        of_network: how often one network may try to sign in.
    """

    secret: InstallationSecret
    passwords: Passwords
    limits: SharedLimits
    sessions: Sessions
    of_network: tuple[Limit, ...]


def make_office(settings: Settings, sessions: Sessions, limits: SharedLimits) -> Office:
    """Make the office of one process; the installation's secret is made when there is none.

    Raises:
        SecretError: the secret cannot be written or read.
    """
    return Office(
        secret=installation_secret(settings.data_dir),
        passwords=Passwords(),
        limits=limits,
        sessions=sessions,
        of_network=(
            Limit(settings.sign_ins_per_minute, MINUTE_SECONDS),
            Limit(settings.sign_ins_per_hour, HOUR_SECONDS),
        ),
    )


def make_limits(settings: Settings, sessions: Sessions) -> SharedLimits:
    """Make the limits that all processes of an installation share."""
    return SharedLimits(sessions, DailySalt(settings.data_dir))


def office_of(request: Request) -> Office:
    """Give the office of this process."""
    office: Office = request.app.state.office
    return office
