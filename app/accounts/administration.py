"""Changes of accounts by an administrator or by a command. Each change is recorded in its
transaction.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from app.access.roles import Role
from app.accounts import queries
from app.accounts.passwords import new_password, password_error
from app.errors import UserError
from app.models import Account

if TYPE_CHECKING:
    from app.accounts.passwords import Passwords
    from app.database.session import ReadWriteSession

# How long a temporary password is valid.
TEMPORARY: Final = dt.timedelta(days=7)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class AccountRefused(UserError):
    """A change of an account is refused. `code` is stable; the message is for the command line."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def normalize_name(text: str) -> str:
    """Returns a name as it is stored: in lower case, without surrounding spaces."""
    return text.strip().lower()


def is_valid_name(name: str) -> bool:
    """Tells whether a name is valid for an account."""
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
    """Creates an account and returns its password: the given one, or a temporary one.

    Raises:
        AccountRefused: the name or the password is not allowed, or the name is taken.
    """
    name = normalize_name(name)
    if not is_valid_name(name):
        raise AccountRefused("name", "A name needs 2 to 40 characters: a-z, 0-9, dots, dashes or underscores.")
    if password is not None and password_error(password, name):
        raise AccountRefused(
            "password",
            "A password needs 12 to 256 characters, five different ones, and not the name.",
        )
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
        raise AccountRefused("taken", f"There is already an account {name}. Choose another name.") from error
    queries.record(session, "created", of=account.id, by=by, detail=role)
    return chosen


def find_account(session: ReadWriteSession, name: str) -> uuid.UUID:
    """Returns the id of the account with a name.

    Raises:
        AccountRefused: there is no such account.
    """
    found = queries.account_named(session, normalize_name(name))
    if found is None:
        raise AccountRefused("unknown", f"There is no account {normalize_name(name)}. Run: frontline account list")
    return found.id


def change_role(session: ReadWriteSession, account_id: uuid.UUID, role: Role, *, by: uuid.UUID | None) -> None:
    """Changes the role of an account.

    Raises:
        AccountRefused: there is no such account, or it is that of the last administrator.
    """
    _check_admin_left(session, account_id, leaves=role is not Role.ADMIN)
    account = _lock_account(session, account_id)
    if account.role != role:
        queries.record(session, "role_changed", of=account_id, by=by, detail=f"{account.role} → {role}")
        account.role = role


def disable(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Disables an account; its sessions and tokens end at once.

    Raises:
        AccountRefused: there is no such account, or it is that of the last administrator.
    """
    _check_admin_left(session, account_id, leaves=True)
    account = _lock_account(session, account_id)
    if account.disabled_at is None:
        account.disabled_at = dt.datetime.now(dt.UTC)
        queries.end_sessions(session, account_id)
        queries.revoke_tokens(session, account_id)
        queries.record(session, "disabled", of=account_id, by=by)


def enable(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Enables an account that was disabled.

    Raises:
        AccountRefused: there is no such account.
    """
    account = _lock_account(session, account_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        queries.record(session, "enabled", of=account_id, by=by)


def reset(session: ReadWriteSession, passwords: Passwords, account_id: uuid.UUID, *, by: uuid.UUID | None) -> str:
    """Sets and returns a temporary password; deletes the second factor, sessions and tokens of the
    account.

    Raises:
        AccountRefused: there is no such account.
    """
    chosen = new_password()
    hashed = passwords.hash(chosen)
    account = _lock_account(session, account_id)
    account.password_hash = hashed
    account.temporary_until = dt.datetime.now(dt.UTC) + TEMPORARY
    account.factor_seed = account.factor_seed_offered = None
    queries.replace_recovery_codes(session, account_id, ())
    queries.end_sessions(session, account_id)
    queries.revoke_tokens(session, account_id)
    queries.record(session, "password_reset", of=account_id, by=by)
    return chosen


def sign_out(session: ReadWriteSession, account_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Ends all sessions of an account.

    Raises:
        AccountRefused: there is no such account.
    """
    _lock_account(session, account_id)
    queries.end_sessions(session, account_id)
    queries.record(session, "signed_out", of=account_id, by=by)


def sign_everyone_out(session: ReadWriteSession, *, tokens: bool, by: uuid.UUID | None) -> int:
    """Ends the sessions of all accounts, and deletes all tokens if `tokens`; returns the number of
    sessions.
    """
    ended = queries.end_sessions(session)
    revoked = queries.revoke_tokens(session) if tokens else ()
    detail = f"{ended} sessions" + (f", {len(revoked)} tokens" if tokens else "")
    queries.record(session, "everyone_signed_out", of=None, by=by, detail=detail)
    return ended


def _lock_account(session: ReadWriteSession, account_id: uuid.UUID) -> Account:
    account = queries.account_of(session, account_id)
    if account is None:
        raise AccountRefused("unknown", "This account does not exist.")
    return account


def _check_admin_left(session: ReadWriteSession, account_id: uuid.UUID, *, leaves: bool) -> None:
    if leaves and list(queries.active_admins(session)) == [account_id]:
        raise AccountRefused("last-admin", "This is the last administrator. Give another account the role admin first.")
