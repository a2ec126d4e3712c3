"""Signing in: checks the rate limits, then name, password and code, and opens a new session.

A failed attempt reveals nothing. An unknown name, a wrong password, a wrong code, a disabled
account and an expired temporary password all get the same response after the same time.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.access.roles import Role
from app.accounts import keys, queries, second_factor
from app.accounts.administration import is_valid_name, normalize_name
from app.accounts.passwords import LONGEST
from app.accounts.services import QUARTER_SECONDS
from app.http.rate_limits import HOUR_SECONDS
from app.http.shared_limits import DAY_SECONDS, Limit
from app.models import Account, MemberSession
from app.problems import TooManyRequests

if TYPE_CHECKING:
    from app.accounts.services import AccountServices
    from app.database.session import ReadWriteSession

# Attempts of one network for one account; fewer once ATTACK attempts for the account have failed
# within an hour.
PAIR: Final = Limit(5, QUARTER_SECONDS)
PAIR_UNDER_ATTACK: Final = Limit(1, QUARTER_SECONDS)
ATTACK: Final = Limit(50, HOUR_SECONDS)
# Attempts of a browser that was signed in to the account before; nobody else can use these up.
KNOWN: Final = Limit(10, QUARTER_SECONDS)
# Attempts of codes after the right password; only somebody with the password can use these up.
CODES: Final = (Limit(5, QUARTER_SECONDS), Limit(20, DAY_SECONDS))
LONGEST_CODE: Final = 100
# The name for counting attempts with invalid names.
_NOBODY: Final = "-"


class WrongSignIn(Exception):
    """Name, password or code is wrong; the error does not say which."""


class ClosedForMembers(Exception):
    """The installation is closed; only administrators may sign in."""


@dataclass(frozen=True)
class Attempt:
    """The data of one attempt to sign in.

    Attributes:
        name: as typed.
        password: as typed.
        code: a code of the second factor or a recovery code; may be empty.
        network: the network of the client, as the rate limits group clients.
        known_mark: the cookie of a known browser; may be empty.
        old_key: the key of the session that the browser has; the session is ended.
    """

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    network: str = "unknown"
    known_mark: str = field(default="", repr=False)
    old_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Opened:
    """A new session: the key for its cookie, and the mark that makes the browser a known one."""

    key: str = field(repr=False)
    known_mark: str = field(repr=False)
    role: Role
    temporary: bool


def sign_in(services: AccountServices, attempt: Attempt, *, admins_only: Callable[[], bool] = lambda: False) -> Opened:
    """Opens a session if name, password and, if there is one, the second factor are right.

    It holds no database connection while it hashes a password.

    Raises:
        WrongSignIn: one of them is wrong.
        ClosedForMembers: they are right, but only administrators may sign in now.
        TooManyRequests: there were too many attempts.
        Unavailable: too many people are signing in.
    """
    typed = normalize_name(attempt.name)
    name = typed if is_valid_name(typed) else _NOBODY
    names = _count_attempt(services, name, attempt)
    with services.sessions.writing() as session:
        account = queries.account_named(session, name)
        if account is not None:
            session.expunge(account)
    too_long = len(attempt.password) > LONGEST or len(attempt.code) > LONGEST_CODE
    is_right = services.passwords.verify(
        account.password_hash if account else None, "" if too_long else attempt.password
    )
    if (
        account is None
        or not is_right
        or too_long
        or not _is_open(account)
        or not _check_second_factor(services, account, attempt)
    ):
        _count_failure(services, account, name)
        raise WrongSignIn
    services.limits.give_back(names)
    if Role(account.role) is not Role.ADMIN and admins_only():
        raise ClosedForMembers
    rehashed = (
        services.passwords.hash(attempt.password) if services.passwords.needs_rehash(account.password_hash) else None
    )
    with services.sessions.writing() as session, session.begin():
        key = open_session(services, session, account.id, old_key=attempt.old_key)
        queries.count_sign_in(session, account.id, succeeded=True)
        if rehashed is not None and (row := queries.account_of(session, account.id)) is not None:
            row.password_hash = rehashed
    return Opened(
        key=key,
        known_mark=keys.new_known_mark(services.secret, name),
        role=Role(account.role),
        temporary=account.temporary_until is not None,
    )


def open_session(
    services: AccountServices, session: ReadWriteSession, account_id: uuid.UUID, *, old_key: str = ""
) -> str:
    """Opens a session with a new key, and ends the session that the browser had."""
    queries.delete_expired_sessions(session)
    if old_key and (held := queries.live_session(session, keys.session_hash(services.secret, old_key))) is not None:
        queries.end_sessions(session, only=held.id)
    key = keys.new_session_key()
    session.add(
        MemberSession(id=uuid.uuid4(), session_hash=keys.session_hash(services.secret, key), account_id=account_id)
    )
    session.flush()
    return key


def check_password(services: AccountServices, account_id: uuid.UUID, password: str) -> bool:
    """Tells whether the password is that of a signed-in member; limited, so that a stolen session
    cannot guess it.

    Raises:
        TooManyRequests: there were too many attempts.
    """
    name = f"password again {account_id}"
    _check_limit(services.limits.take({name: (KNOWN,)}))
    with services.sessions.writing() as session:
        account = session.get(Account, account_id)
        stored = account.password_hash if account else None
    is_right = len(password) <= LONGEST and services.passwords.verify(stored, password)
    if is_right:
        services.limits.give_back([name])
    return is_right


def _count_attempt(services: AccountServices, name: str, attempt: Attempt) -> list[str]:
    """Counts an attempt before it is checked, so that parallel attempts do not exceed a limit.

    Returns:
        The names of the counters to decrement if the attempt succeeds.
    """
    browser = keys.known_browser(services.secret, name, attempt.known_mark)
    if browser is not None:
        limits: dict[str, tuple[Limit, ...]] = {f"known browser {browser}": (KNOWN,)}
    else:
        attacked = services.limits.count(f"failed for {name}", ATTACK.seconds) >= ATTACK.most
        limits = {
            f"sign in {attempt.network}": services.network_limits,
            f"sign in {attempt.network} as {name}": (PAIR_UNDER_ATTACK if attacked else PAIR,),
        }
    _check_limit(services.limits.take(limits))
    # The counter of the network includes successful attempts, because each costs a hash.
    return [counted for counted in limits if counted != f"sign in {attempt.network}"]


def _check_limit(wait_seconds: int) -> None:
    if wait_seconds:
        raise TooManyRequests(
            "Too many attempts. Wait a few minutes, then try again. The account is not locked.",
            retry_after_seconds=wait_seconds,
        )


def _is_open(account: Account) -> bool:
    expired = account.temporary_until is not None and account.temporary_until <= dt.datetime.now(dt.UTC)
    return account.disabled_at is None and not expired


def _check_second_factor(services: AccountServices, account: Account, attempt: Attempt) -> bool:
    """Tells whether the code is right, and marks it as used; True for an account without a second
    factor.
    """
    if account.factor_seed is None:
        return True
    if not attempt.code.strip():
        return False
    name = f"codes of {account.id}"
    _check_limit(services.limits.take({name: CODES}))
    if not _use_code(services, account, account.factor_seed, attempt.code):
        return False
    services.limits.give_back([name])
    return True


def _use_code(services: AccountServices, account: Account, seed: bytes, code: str) -> bool:
    if second_factor.is_app_code(code):
        step = second_factor.step_of(second_factor.secret_of(services.secret, seed), code, dt.datetime.now(dt.UTC))
        with services.sessions.writing() as session, session.begin():
            return step is not None and queries.record_code_step(session, account.id, step)
    with services.sessions.writing() as session, session.begin():
        taken = queries.take_recovery_code(session, account.id, second_factor.recovery_hash(services.secret, code))
        if taken:
            queries.record(session, "recovery_code_used", of=account.id, by=account.id)
    return taken


def _count_failure(services: AccountServices, account: Account | None, name: str) -> None:
    """Counts a failed attempt, with the same statements whether the account exists or not."""
    services.limits.take({f"failed for {name}": (Limit(10 * ATTACK.most, ATTACK.seconds),)})
    with services.sessions.writing() as session, session.begin():
        queries.count_sign_in(session, account.id if account else None, succeeded=False)
