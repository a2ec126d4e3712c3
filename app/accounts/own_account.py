"""Changes that members make to their own accounts: password, second factor, recovery codes, tokens.

Each change of a way to sign in needs the password again, so that an open session is not enough.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from app.accounts import keys, queries, second_factor
from app.accounts.passwords import password_error
from app.accounts.sign_in import check_password, open_session
from app.models import Account, ApiToken
from app.models.account import TOKEN_SCOPES

if TYPE_CHECKING:
    from app.access.members import Member
    from app.accounts.services import AccountServices
    from app.database.session import ReadWriteSession

TOKEN_DAYS: Final = (7, 30, 90, 365)
MOST_TOKENS: Final = 20
LONGEST_LABEL: Final = 60


class Refused(Exception):
    """A change is refused; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def change_password(
    services: AccountServices, session: ReadWriteSession, member: Member, password: str, new: str, again: str
) -> str:
    """Changes a member's password, ends all sessions, and returns the key of a new session.

    Raises:
        Refused: the password is wrong, or the new one is not allowed.
        TooManyRequests: there were too many attempts.
    """
    error = "differ" if new != again else "same" if new == password else password_error(new, member.name)
    if error:
        raise Refused(error)
    _require_password(services, member, password)
    hashed = services.passwords.hash(new)
    session.execute(update(Account).where(Account.id == member.id).values(password_hash=hashed, temporary_until=None))
    queries.end_sessions(session, member.id)
    queries.record(session, "password_changed", of=member.id, by=member.id)
    return open_session(services, session, member.id)


def offer_second_factor(services: AccountServices, session: ReadWriteSession, member: Member, password: str) -> str:
    """Starts the setup of a second factor and returns its secret. It is required only after it is
    confirmed, and then replaces an earlier one.

    Raises:
        Refused: the password is wrong.
        TooManyRequests: there were too many attempts.
    """
    _require_password(services, member, password)
    seed = second_factor.new_seed()
    session.execute(update(Account).where(Account.id == member.id).values(factor_seed_offered=seed))
    return second_factor.secret_of(services.secret, seed)


def offered_secret(services: AccountServices, session: ReadWriteSession, member: Member) -> str:
    """Returns the secret of the second factor that is being set up.

    Raises:
        Refused: no second factor is being set up.
    """
    seed = session.get_one(Account, member.id).factor_seed_offered
    if seed is None:
        raise Refused("choice")
    return second_factor.secret_of(services.secret, seed)


def confirm_second_factor(services: AccountServices, session: ReadWriteSession, member: Member, code: str) -> list[str]:
    """Turns on the second factor with its first code, and returns new recovery codes.

    Raises:
        Refused: the code is wrong, or no second factor is being set up.
    """
    step = second_factor.step_of(offered_secret(services, session, member), code, dt.datetime.now(dt.UTC))
    if step is None:
        raise Refused("code")
    account = queries.account_of(session, member.id)
    if account is None or account.factor_seed_offered is None:
        raise Refused("choice")
    account.factor_seed, account.factor_seed_offered, account.factor_step = account.factor_seed_offered, None, step
    queries.record(session, "second_factor_on", of=member.id, by=member.id)
    return _replace_codes(services, session, member)


def remove_second_factor(services: AccountServices, session: ReadWriteSession, member: Member, password: str) -> None:
    """Turns off the second factor and deletes its recovery codes.

    Raises:
        Refused: the password is wrong, or the role of the member requires a second factor.
        TooManyRequests: there were too many attempts.
    """
    if member.role in services.factor_roles:
        raise Refused("factor-required")
    _require_password(services, member, password)
    off = {"factor_seed": None, "factor_seed_offered": None}
    session.execute(update(Account).where(Account.id == member.id).values(off))
    queries.replace_recovery_codes(session, member.id, ())
    queries.record(session, "second_factor_off", of=member.id, by=member.id)


def new_recovery_codes(
    services: AccountServices, session: ReadWriteSession, member: Member, password: str
) -> list[str]:
    """Replaces the recovery codes and returns the new ones.

    Raises:
        Refused: the password is wrong, or there is no second factor.
        TooManyRequests: there were too many attempts.
    """
    _require_password(services, member, password)
    if session.get_one(Account, member.id).factor_seed is None:
        raise Refused("choice")
    return _replace_codes(services, session, member)


def make_token(
    services: AccountServices,
    session: ReadWriteSession,
    member: Member,
    *,
    password: str,
    label: str,
    scope: str,
    days: int,
) -> str:
    """Creates an API token and returns it; only its hash is stored.

    Raises:
        Refused: the password is wrong, or the label, scope or number of days is not allowed.
        TooManyRequests: there were too many attempts.
    """
    label = label.strip()
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise Refused("label")
    if scope not in TOKEN_SCOPES or days not in TOKEN_DAYS:
        raise Refused("choice")
    _require_password(services, member, password)
    if len(queries.tokens_of(session, member.id)) >= MOST_TOKENS:
        raise Refused("many")
    token = keys.new_token()
    session.add(
        ApiToken(
            id=uuid.uuid4(),
            token_hash=keys.token_hash(services.secret, token),
            account_id=member.id,
            label=label,
            scope=scope,
            expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=days),
        )
    )
    queries.record(session, "token_made", of=member.id, by=member.id, detail=f"{scope}, {days} days")
    return token


def revoke_token(session: ReadWriteSession, member: Member, token_id: uuid.UUID) -> None:
    """Revokes one of a member's tokens."""
    if queries.revoke_tokens(session, member.id, only=token_id):
        queries.record(session, "token_revoked", of=member.id, by=member.id)


def _require_password(services: AccountServices, member: Member, password: str) -> None:
    if not check_password(services, member.id, password):
        raise Refused("password")


def _replace_codes(services: AccountServices, session: ReadWriteSession, member: Member) -> list[str]:
    codes = second_factor.new_recovery_codes()
    hashes = [second_factor.recovery_hash(services.secret, code) for code in codes]
    queries.replace_recovery_codes(session, member.id, hashes)
    queries.record(session, "recovery_codes_made", of=member.id, by=member.id)
    return codes
