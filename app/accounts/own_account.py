"""What members do to their own accounts: password, second factor, recovery codes, tokens.

Whatever opens or shuts a way in asks for the password again, so that a session that was left open is not enough.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from app.accounts import keys, queries, second_factor
from app.accounts.passwords import fault_of
from app.accounts.sign_in import check_password, open_session
from app.models import Account, ApiToken
from app.models.account import TOKEN_SCOPES

if TYPE_CHECKING:
    from app.access.members import Member
    from app.accounts.office import Office
    from app.database.session import ReadWriteSession

TOKEN_DAYS: Final = (7, 30, 90, 365)
MOST_TOKENS: Final = 20
LONGEST_LABEL: Final = 60


class Refused(Exception):
    """Something was not done; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def change_password(
    office: Office, session: ReadWriteSession, member: Member, password: str, new: str, again: str
) -> str:
    """Change a member's password, end all sessions, and give the key of a new one.

    Raises:
        Refused: the password is not right, or the new one will not do.
        TooManyRequests: too much was tried.
    """
    fault = "differ" if new != again else "same" if new == password else fault_of(new, member.name)
    if fault:
        raise Refused(fault)
    _know_password(office, member, password)
    hashed = office.passwords.hash(new)
    session.execute(update(Account).where(Account.id == member.id).values(password_hash=hashed, temporary_until=None))
    queries.end_sessions(session, member.id)
    queries.record(session, "password_changed", of=member.id, by=member.id)
    return open_session(office, session, member.id)


def offer_second_factor(office: Office, session: ReadWriteSession, member: Member, password: str) -> str:
    """Begin to set up a second factor, and give its secret; it is not asked for until a code of it was shown.

    Raises:
        Refused: the password is not right.
        TooManyRequests: too much was tried.
    """
    _know_password(office, member, password)
    seed = second_factor.new_seed()
    session.execute(update(Account).where(Account.id == member.id).values(factor_seed_offered=seed))
    return second_factor.secret_of(office.secret, seed)


def offered_secret(office: Office, session: ReadWriteSession, member: Member) -> str:
    """Give the secret of the second factor that is being set up.

    Raises:
        Refused: none is.
    """
    seed = session.get_one(Account, member.id).factor_seed_offered
    if seed is None:
        raise Refused("choice")
    return second_factor.secret_of(office.secret, seed)


def confirm_second_factor(office: Office, session: ReadWriteSession, member: Member, code: str) -> list[str]:
    """Turn the second factor on that is being set up, with a first code of it, and give new recovery codes.

    Raises:
        Refused: the code is not right, or nothing is being set up.
    """
    step = second_factor.step_of(offered_secret(office, session, member), code, dt.datetime.now(dt.UTC))
    if step is None:
        raise Refused("code")
    account = queries.account_of(session, member.id)
    if account is None or account.factor_seed_offered is None:
        raise Refused("choice")
    account.factor_seed, account.factor_seed_offered, account.factor_step = account.factor_seed_offered, None, step
    queries.record(session, "second_factor_on", of=member.id, by=member.id)
    return _new_codes(office, session, member)


def remove_second_factor(office: Office, session: ReadWriteSession, member: Member, password: str) -> None:
    """Turn the second factor off, and void its recovery codes.

    Raises:
        Refused: the password is not right.
        TooManyRequests: too much was tried.
    """
    _know_password(office, member, password)
    off = {"factor_seed": None, "factor_seed_offered": None}
    session.execute(update(Account).where(Account.id == member.id).values(off))
    queries.replace_recovery_codes(session, member.id, ())
    queries.record(session, "second_factor_off", of=member.id, by=member.id)


def new_recovery_codes(office: Office, session: ReadWriteSession, member: Member, password: str) -> list[str]:
    """Give new recovery codes in the place of the old ones.

    Raises:
        Refused: the password is not right, or there is no second factor.
        TooManyRequests: too much was tried.
    """
    _know_password(office, member, password)
    if session.get_one(Account, member.id).factor_seed is None:
        raise Refused("choice")
    return _new_codes(office, session, member)


def make_token(
    office: Office, session: ReadWriteSession, member: Member, *, password: str, label: str, scope: str, days: int
) -> str:
    """Make an API token and give it, the only time that it is told.

    Raises:
        Refused: the password is not right, or the label, scope or days are none of those that can be.
        TooManyRequests: too much was tried.
    """
    label = label.strip()
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise Refused("label")
    if scope not in TOKEN_SCOPES or days not in TOKEN_DAYS:
        raise Refused("choice")
    _know_password(office, member, password)
    if len(queries.tokens_of(session, member.id)) >= MOST_TOKENS:
        raise Refused("many")
    token = keys.new_token()
    session.add(
        ApiToken(
            id=uuid.uuid4(),
            token_hash=keys.token_hash(office.secret, token),
            account_id=member.id,
            label=label,
            scope=scope,
            expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=days),
        )
    )
    queries.record(session, "token_made", of=member.id, by=member.id, detail=f"{scope}, {days} days")
    return token


def revoke_token(session: ReadWriteSession, member: Member, token_id: uuid.UUID) -> None:
    """Revoke one of a member's tokens."""
    if queries.revoke_tokens(session, member.id, only=token_id):
        queries.record(session, "token_revoked", of=member.id, by=member.id)


def _know_password(office: Office, member: Member, password: str) -> None:
    if not check_password(office, member.id, password):
        raise Refused("password")


def _new_codes(office: Office, session: ReadWriteSession, member: Member) -> list[str]:
    codes = second_factor.new_recovery_codes()
    hashes = [second_factor.recovery_hash(office.secret, code) for code in codes]
    queries.replace_recovery_codes(session, member.id, hashes)
    queries.record(session, "recovery_codes_made", of=member.id, by=member.id)
    return codes
