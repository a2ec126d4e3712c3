"""The services for accounts in one process: the secret, the password hasher, and the rate
limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.access.roles import Role
from app.accounts.passwords import Passwords
from app.database.session import Sessions
from app.http.rate_limits import HOUR_SECONDS, MINUTE_SECONDS
from app.http.shared_limits import Limit, SharedLimits
from app.secret import InstallationSecret, installation_secret

if TYPE_CHECKING:
    from fastapi import Request

    from app.settings import Settings

QUARTER_SECONDS: Final = 15 * MINUTE_SECONDS


@dataclass(frozen=True)
class AccountServices:
    """The services for accounts in one process.

    Attributes:
        secret: the key of the hashes of sessions, tokens and codes, and the source of second
            factors.
        passwords: the password hasher.
        limits: the rate limits that all processes share.
        sessions: opens database sessions outside the transaction of the request.
        network_limits: how often one network may attempt to sign in.
        factor_roles: the roles that require a second factor.
    """

    secret: InstallationSecret
    passwords: Passwords
    limits: SharedLimits
    sessions: Sessions
    network_limits: tuple[Limit, ...]
    factor_roles: frozenset[Role]


def make_account_services(settings: Settings, sessions: Sessions, limits: SharedLimits) -> AccountServices:
    """Creates the services of one process, and the installation's secret if there is none.

    Raises:
        SecretError: the secret cannot be written or read.
    """
    return AccountServices(
        secret=installation_secret(settings.data_dir),
        passwords=Passwords(),
        limits=limits,
        sessions=sessions,
        network_limits=(
            Limit(settings.sign_ins_per_minute, MINUTE_SECONDS),
            Limit(settings.sign_ins_per_hour, HOUR_SECONDS),
        ),
        factor_roles=frozenset(Role(role) for role in settings.second_factor_roles),
    )


def account_services(request: Request) -> AccountServices:
    """Returns the services of this process."""
    services: AccountServices = request.app.state.account_services
    return services
