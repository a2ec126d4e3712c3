"""What is done to accounts, by an administrator or from the command line; each is recorded in its transaction."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from app.access.roles import Role
from app.accounts import queries
from app.accounts.passwords import fault_of, new_password
from app.errors import UserError
from app.models import Account

if TYPE_CHECKING:
    from app.accounts.passwords import Passwords
    from app.database.session import ReadWriteSession

# A password that somebody else gave must be replaced by then.
TEMPORARY: Final = dt.timedelta(days=7)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class AccountRefused(UserError):
    """Something cannot be done to an account. `code` is stable, the message for whoever has the command line."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_name(text: str) -> str:
    """Give a name as it is kept: lower case, without blanks around it."""
    return text.strip().lower()


def is_name(name: str) -> bool:
    """Tell whether an account can have a name."""
    return _NAME.fullmatch(name) is not None


def create(
    session: ReadWriteSession,
    passwords: Passwords,
    name: str,
    role: Role,
    *,
    by: uuid.UUID | None,
    password: str | None = None,
) -> str:
    """Make an account, and give its password: the one that was chosen, or a temporary one.

    Raises:
        AccountRefused: the name or the password will not do, or the name is taken.
    """
    name = read_name(name)
    if not is_name(name):
        raise AccountRefused("name", "Invalid name. Use 2 to 40 letters (a-z), digits, dots, dashes or underscores.")
    if password is not None and fault_of(password, name):
        raise AccountRefused("password", "A password has 12 to 256 letters, at least five different, and not the name.")
    chosen = password or new_password()
    account = Account(
        id=uuid.uuid4(),
        name=name,
        role=role,
        password_hash=passwords.hash(chosen),
        temporary_until=None if password else dt.datetime.now(dt.UTC) + TEMPORARY,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise AccountRefused("taken", f"There is an account {name} already.") from error
    queries.record(session, "created", of=account.id, by=by, detail=role)
    return chosen


def known(session: ReadWriteSession, name: str) -> uuid.UUID:
    """Give the id of the account of a name.

    Raises:
        AccountRefused: there is none.
    """
    found = queries.account_named(session, read_name(name))
    if found is None:
        raise AccountRefused("unknown", f"There is no account {read_name(name)}.")
    return found.id


def change_role(session: ReadWriteSession, account_id: uuid.UUID, role: Role, *, by: uuid.UUID | None) -> None:
    """Give an account another role.

    Raises:
        AccountRefused: there is none, or it is the last administrator's.
    """
    _keep_an_admin(session, account_id, leaves=role is not Role.ADMIN)
    account = _locked(session, account_id)
    if account.role != role:
        queries.record(session, "role_changed", of=account_id, by=by, detail=f"{account.role} → {role}")
        account.role = role


def disable(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Shut an account: its sessions and tokens end at once, nothing opens it until it is enabled.

    Raises:
        AccountRefused: there is none, or it is the last administrator's.
    """
    _keep_an_admin(session, account_id, leaves=True)
    account = _locked(session, account_id)
    if account.disabled_at is None:
        account.disabled_at = dt.datetime.now(dt.UTC)
        queries.end_sessions(session, account_id)
        queries.revoke_tokens(session, account_id)
        queries.record(session, "disabled", of=account_id, by=by)


def enable(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Open an account again.

    Raises:
        AccountRefused: there is none.
    """
    account = _locked(session, account_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        queries.record(session, "enabled", of=account_id, by=by)


def reset(session: ReadWriteSession, passwords: Passwords, account_id: uuid.UUID, *, by: uuid.UUID | None) -> str:
    """Give an account a temporary password; its second factor, sessions and tokens are gone.

    Raises:
        AccountRefused: there is no such account.
    """
    chosen = new_password()
    hashed = passwords.hash(chosen)
    account = _locked(session, account_id)
    account.password_hash = hashed
    account.temporary_until = dt.datetime.now(dt.UTC) + TEMPORARY
    account.factor_seed = account.factor_seed_offered = None
    queries.replace_recovery_codes(session, account_id, ())
    queries.end_sessions(session, account_id)
    queries.revoke_tokens(session, account_id)
    queries.record(session, "password_reset", of=account_id, by=by)
    return chosen


def sign_out(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """End all sessions of an account.

    Raises:
        AccountRefused: there is no such account.
    """
    _locked(session, account_id)
    queries.end_sessions(session, account_id)
    queries.record(session, "signed_out", of=account_id, by=by)


def sign_everyone_out(session: ReadWriteSession, *, tokens: bool, by: uuid.UUID | None) -> int:
    """End all sessions of all accounts, and on demand all tokens; tells how many sessions there were."""
    ended = queries.end_sessions(session)
    revoked = queries.revoke_tokens(session) if tokens else ()
    detail = f"{ended} sessions" + (f", {len(revoked)} tokens" if tokens else "")
    queries.record(session, "everyone_signed_out", of=None, by=by, detail=detail)
    return ended


def _locked(session: ReadWriteSession, account_id: uuid.UUID) -> Account:
    account = queries.account_of(session, account_id)
    if account is None:
        raise AccountRefused("unknown", "This account does not exist.")
    return account


def _keep_an_admin(session: ReadWriteSession, account_id: uuid.UUID, *, leaves: bool) -> None:
    if leaves and list(queries.active_admins(session)) == [account_id]:
        raise AccountRefused("last-admin", "It is the last administrator's. Make another one first.")
