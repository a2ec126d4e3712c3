"""Signing in: limits first, then name, password and code as one question with one answer, then a session that is new.

Who knows less than all of it learns nothing: a name that no account has is answered as a wrong password is, in the
same words and the same time, and so are a wrong code, a disabled account and a temporary password that ran out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.access.roles import Role
from app.accounts import keys, queries, second_factor
from app.accounts.administration import is_name, read_name
from app.accounts.office import QUARTER_SECONDS
from app.accounts.passwords import LONGEST
from app.http.rate_limits import HOUR_SECONDS
from app.http.shared_limits import DAY_SECONDS, Limit
from app.models import Account, MemberSession
from app.problems import TooManyRequests

if TYPE_CHECKING:
    from app.accounts.office import Office
    from app.database.session import ReadWriteSession

# Of one network for one account; and once so many tries of an hour have failed for an account from wherever, fewer.
PAIR: Final = Limit(5, QUARTER_SECONDS)
PAIR_UNDER_ATTACK: Final = Limit(1, QUARTER_SECONDS)
ATTACK: Final = Limit(50, HOUR_SECONDS)
# Of a browser from which the account was signed in before: nobody else can use these up.
KNOWN: Final = Limit(10, QUARTER_SECONDS)
# Of codes after the right password: only who has it can use these up.
CODES: Final = (Limit(5, QUARTER_SECONDS), Limit(20, DAY_SECONDS))
LONGEST_CODE: Final = 100
# Stands for all that can be no name.
_NOBODY: Final = "-"


class WrongSignIn(Exception):
    """Name, password and code do not belong together; which of them is wrong is not told."""


class ClosedForMembers(Exception):
    """The installation is closed, and lets in administrators alone."""


@dataclass(frozen=True)
class Attempt:
    """What somebody sends to sign in.

    Attributes:
        name: as typed.
        password: as typed.
        code: of the second factor, or a recovery code; empty without one.
        network: where it comes from, as limits tell networks apart.
        known_mark: what the browser kept of an earlier session; empty without.
        old_key: the key of the session that the browser has already; it is ended.
    """

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    network: str = "unknown"
    known_mark: str = field(default="", repr=False)
    old_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Opened:
    """A session that was opened: the key for its cookie, and the mark by which the browser is known again."""

    key: str = field(repr=False)
    known_mark: str = field(repr=False)
    role: Role
    temporary: bool


def sign_in(office: Office, attempt: Attempt, *, admins_only: Callable[[], bool] = lambda: False) -> Opened:
    """Open a session for who knows name, password and, where there is one, the second factor.

    No database connection is held while a password is hashed.

    Raises:
        WrongSignIn: they do not belong together.
        ClosedForMembers: they do, but only administrators are let in.
        TooManyRequests: too much was tried.
        Unavailable: too many are signing in.
    """
    typed = read_name(attempt.name)
    name = typed if is_name(typed) else _NOBODY
    names = _take_a_try(office, name, attempt)
    with office.sessions.writing() as session:
        account = queries.account_named(session, name)
        if account is not None:
            session.expunge(account)
    too_long = len(attempt.password) > LONGEST or len(attempt.code) > LONGEST_CODE
    fits = office.passwords.fits(account.password_hash if account else None, "" if too_long else attempt.password)
    if account is None or not fits or too_long or not _is_open(account) or not _has_factor(office, account, attempt):
        _count_failure(office, account, name)
        raise WrongSignIn
    office.limits.give_back(names)
    if Role(account.role) is not Role.ADMIN and admins_only():
        raise ClosedForMembers
    rehashed = office.passwords.hash(attempt.password) if office.passwords.is_dated(account.password_hash) else None
    with office.sessions.writing() as session, session.begin():
        key = open_session(office, session, account.id, old_key=attempt.old_key)
        queries.count_sign_in(session, account.id, succeeded=True)
        if rehashed is not None and (kept := queries.account_of(session, account.id)) is not None:
            kept.password_hash = rehashed
    return Opened(
        key=key,
        known_mark=keys.new_known_mark(office.secret, name),
        role=Role(account.role),
        temporary=account.temporary_until is not None,
    )


def open_session(office: Office, session: ReadWriteSession, account_id: uuid.UUID, *, old_key: str = "") -> str:
    """Open a session with a key that is new, whatever the browser held, and end the one that it held."""
    queries.sweep_sessions(session)
    if old_key and (held := queries.live_session(session, keys.session_hash(office.secret, old_key))) is not None:
        queries.end_sessions(session, only=held.id)
    key = keys.new_session_key()
    session.add(
        MemberSession(id=uuid.uuid4(), session_hash=keys.session_hash(office.secret, key), account_id=account_id)
    )
    session.flush()
    return key


def check_password(office: Office, account_id: uuid.UUID, password: str) -> bool:
    """Tell whether a member who is signed in knows the account's password; a stolen session must not guess it.

    Raises:
        TooManyRequests: too much was tried.
    """
    name = f"password again {account_id}"
    _refuse_after(office.limits.take({name: (KNOWN,)}))
    with office.sessions.writing() as session:
        account = session.get(Account, account_id)
        stored = account.password_hash if account else None
    fits = len(password) <= LONGEST and office.passwords.fits(stored, password)
    if fits:
        office.limits.give_back([name])
    return fits


def _take_a_try(office: Office, name: str, attempt: Attempt) -> list[str]:
    """Count a try before it is looked at, so that many at once are not more than allowed; gives the names counted."""
    browser = keys.known_browser(office.secret, name, attempt.known_mark)
    if browser is not None:
        limits: dict[str, tuple[Limit, ...]] = {f"known browser {browser}": (KNOWN,)}
    else:
        attacked = office.limits.count(f"failed for {name}", ATTACK.seconds) >= ATTACK.most
        limits = {
            f"sign in {attempt.network}": office.of_network,
            f"sign in {attempt.network} as {name}": (PAIR_UNDER_ATTACK if attacked else PAIR,),
        }
    _refuse_after(office.limits.take(limits))
    # What a network may try in all counts those who succeed, too: each costs a hash.
    return [counted for counted in limits if counted != f"sign in {attempt.network}"]


def _refuse_after(wait_seconds: int) -> None:
    if wait_seconds:
        raise TooManyRequests(
            "Too many tries. Wait a while, then try again; nothing has been locked.", retry_after_seconds=wait_seconds
        )


def _is_open(account: Account) -> bool:
    ran_out = account.temporary_until is not None and account.temporary_until <= dt.datetime.now(dt.UTC)
    return account.disabled_at is None and not ran_out


def _has_factor(office: Office, account: Account, attempt: Attempt) -> bool:
    """Tell whether the code is right, and use it up; for an account without a second factor none is asked."""
    if account.factor_seed is None:
        return True
    if not attempt.code.strip():
        return False
    name = f"codes of {account.id}"
    _refuse_after(office.limits.take({name: CODES}))
    if not _take_code(office, account, account.factor_seed, attempt.code):
        return False
    office.limits.give_back([name])
    return True


def _take_code(office: Office, account: Account, seed: bytes, code: str) -> bool:
    if second_factor.is_app_code(code):
        step = second_factor.step_of(second_factor.secret_of(office.secret, seed), code, dt.datetime.now(dt.UTC))
        with office.sessions.writing() as session, session.begin():
            return step is not None and queries.take_step(session, account.id, step)
    with office.sessions.writing() as session, session.begin():
        taken = queries.take_recovery_code(session, account.id, second_factor.recovery_hash(office.secret, code))
        if taken:
            queries.record(session, "recovery_code_used", of=account.id, by=account.id)
    return taken


def _count_failure(office: Office, account: Account | None, name: str) -> None:
    """Count a failure, by the same statements whether there is an account or not."""
    office.limits.take({f"failed for {name}": (Limit(10 * ATTACK.most, ATTACK.seconds),)})
    with office.sessions.writing() as session, session.begin():
        queries.count_sign_in(session, account.id if account else None, succeeded=False)
