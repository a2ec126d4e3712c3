"""Database queries for accounts, sessions, tokens, and the record of changes of accounts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.models import Account, AccountAct, ApiToken, MemberSession, RecoveryCode, SignInCount

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

IDLE: Final = dt.timedelta(minutes=120)
ABSOLUTE: Final = dt.timedelta(hours=12)
# The time of the last use of a session is written at most this often.
SEEN_EVERY: Final = dt.timedelta(minutes=1)
# Attempts to sign in with unknown names are counted under this id.
NO_ACCOUNT: Final = uuid.UUID(int=0)

_LIVE: Final = and_(
    Account.disabled_at.is_(None),
    MemberSession.started_at > func.now() - ABSOLUTE,
    MemberSession.seen_at > func.now() - IDLE,
)


def account_named(session: ReadWriteSession, name: str) -> Account | None:
    """Returns the account with a name in lower case; None if there is none."""
    return session.scalar(select(Account).where(Account.name == name))


def account_of(session: ReadWriteSession, account_id: uuid.UUID) -> Account | None:
    """Returns an account, locked until the transaction ends; None if there is none."""
    return session.scalar(select(Account).where(Account.id == account_id).with_for_update())


def accounts(session: ReadWriteSession) -> Sequence[Account]:
    """Returns all accounts, sorted by name."""
    return session.scalars(select(Account).order_by(Account.name)).all()


def active_admins(session: ReadWriteSession) -> Sequence[uuid.UUID]:
    """Returns the ids of the active administrators, locked, so that two cannot resign at the same
    time.
    """
    return session.scalars(
        select(Account.id)
        .where(Account.role == "admin", Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    ).all()


def live_session(session: ReadWriteSession, session_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Returns a valid session of an enabled account, and records its use.

    Returns:
        `id`, `account_id`, `name`, `role`, `temporary_until`, `has_factor`; or None.
    """
    row = session.execute(
        select(
            MemberSession.id,
            MemberSession.account_id,
            Account.name,
            Account.role,
            Account.temporary_until,
            Account.factor_seed.is_not(None).label("has_factor"),
            (MemberSession.seen_at < func.now() - SEEN_EVERY).label("to_note"),
        )
        .join(Account, Account.id == MemberSession.account_id)
        .where(MemberSession.session_hash == session_hash, _LIVE)
    ).one_or_none()
    if row is not None and row.to_note:
        session.execute(update(MemberSession).where(MemberSession.id == row.id).values(seen_at=func.now()))
    return row


def sessions_of(session: ReadWriteSession, account_id: uuid.UUID) -> Sequence[MemberSession]:
    """Returns the valid sessions of an account, most recently used first."""
    return session.scalars(
        select(MemberSession)
        .join(Account, Account.id == MemberSession.account_id)
        .where(MemberSession.account_id == account_id, _LIVE)
        .order_by(MemberSession.seen_at.desc(), MemberSession.started_at.desc())
    ).all()


def end_sessions(
    session: ReadWriteSession,
    account_id: uuid.UUID | None = None,
    *,
    only: uuid.UUID | None = None,
    but: uuid.UUID | None = None,
) -> int:
    """Ends sessions of one account or of all, only one or all except one; returns how many."""
    statement = delete(MemberSession)
    if account_id is not None:
        statement = statement.where(MemberSession.account_id == account_id)
    if only is not None:
        statement = statement.where(MemberSession.id == only)
    if but is not None:
        statement = statement.where(MemberSession.id != but)
    return session.execute(statement).rowcount  # type: ignore[attr-defined,no-any-return] # of a DELETE it is there


def delete_expired_sessions(session: ReadWriteSession) -> None:
    """Deletes expired sessions."""
    ended = or_(MemberSession.started_at <= func.now() - ABSOLUTE, MemberSession.seen_at <= func.now() - IDLE)
    stale = select(MemberSession.id).where(ended).with_for_update(skip_locked=True)
    session.execute(delete(MemberSession).where(MemberSession.id.in_(stale.scalar_subquery())))


def live_token(session: ReadWriteSession, token_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Returns a valid token of an enabled account, and records the day of its use.

    Returns:
        `id`, `scope`, `account_id`, `name`, `role`, `has_factor`; or None.
    """
    today = func.current_date()
    row = session.execute(
        select(
            ApiToken.id,
            ApiToken.scope,
            ApiToken.account_id,
            Account.name,
            Account.role,
            Account.factor_seed.is_not(None).label("has_factor"),
            (ApiToken.used_on.is_distinct_from(today)).label("to_note"),
        )
        .join(Account, Account.id == ApiToken.account_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.expires_at > func.now(), Account.disabled_at.is_(None))
    ).one_or_none()
    if row is not None and row.to_note:
        session.execute(update(ApiToken).where(ApiToken.id == row.id).values(used_on=today))
    return row


def tokens_of(session: ReadWriteSession, account_id: uuid.UUID) -> Sequence[ApiToken]:
    """Returns the tokens of an account, newest first."""
    return session.scalars(
        select(ApiToken).where(ApiToken.account_id == account_id).order_by(ApiToken.created_at.desc(), ApiToken.id)
    ).all()


def revoke_tokens(
    session: ReadWriteSession, account_id: uuid.UUID | None = None, *, only: uuid.UUID | None = None
) -> Sequence[str]:
    """Deletes tokens of one account or of all, or a single token; returns their labels."""
    statement = delete(ApiToken).returning(ApiToken.label)
    if account_id is not None:
        statement = statement.where(ApiToken.account_id == account_id)
    if only is not None:
        statement = statement.where(ApiToken.id == only)
    return session.scalars(statement).all()


def record_code_step(session: ReadWriteSession, account_id: uuid.UUID, step: int) -> bool:
    """Records the time step of a code; returns False if a code of this step or a later one was used
    before.
    """
    taken = session.execute(
        update(Account)
        .where(Account.id == account_id, Account.factor_step < step)
        .values(factor_step=step)
        .returning(Account.id)
    )
    return taken.one_or_none() is not None


def take_recovery_code(session: ReadWriteSession, account_id: uuid.UUID, code_hash: bytes) -> bool:
    """Deletes a recovery code; returns False if there is no such code."""
    taken = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == code_hash)
        .returning(RecoveryCode.account_id)
    )
    return taken.one_or_none() is not None


def recovery_codes_left(session: ReadWriteSession, account_id: uuid.UUID) -> int:
    """Returns the number of recovery codes that are left."""
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return session.scalar(counted) or 0


def replace_recovery_codes(session: ReadWriteSession, account_id: uuid.UUID, hashes: Sequence[bytes]) -> None:
    """Replaces the recovery codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all([RecoveryCode(account_id=account_id, code_hash=code_hash) for code_hash in hashes])
    session.flush()


def count_sign_in(session: ReadWriteSession, account_id: uuid.UUID | None, *, succeeded: bool) -> None:
    """Counts one attempt to sign in."""
    one = {"succeeded": int(succeeded), "failed": int(not succeeded)}
    statement = insert(SignInCount).values(day=func.current_date(), account_id=account_id or NO_ACCOUNT, **one)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInCount.day, SignInCount.account_id],
            set_={
                "succeeded": SignInCount.succeeded + statement.excluded.succeeded,
                "failed": SignInCount.failed + statement.excluded.failed,
            },
        )
    )


def sign_in_counts(session: ReadWriteSession, *, days: int) -> dict[uuid.UUID, Row[*tuple[Any, ...]]]:
    """Returns `succeeded` and `failed` attempts to sign in of the last days, and `last_day`, by
    account.
    """
    recent = SignInCount.day > func.current_date() - days
    rows = session.execute(
        select(
            SignInCount.account_id,
            func.coalesce(func.sum(SignInCount.succeeded).filter(recent), 0).label("succeeded"),
            func.coalesce(func.sum(SignInCount.failed).filter(recent), 0).label("failed"),
            func.max(SignInCount.day).filter(SignInCount.succeeded > 0).label("last_day"),
        ).group_by(SignInCount.account_id)
    )
    return {row.account_id: row for row in rows}


def record(
    session: ReadWriteSession, kind: str, *, of: uuid.UUID | None, by: uuid.UUID | None, detail: str = ""
) -> None:
    """Records a change of an account or of the installation.

    Args:
        session: the session whose transaction makes the change.
        kind: one of `ACCOUNT_ACTS`.
        of: the id of the changed account; None for the installation.
        by: the id of the member who made the change; None for the command line.
        detail: a few words, never a secret.
    """
    session.add(AccountAct(kind=kind, account_id=of, by_account_id=by, detail=detail))
    session.flush()


def acts(session: ReadWriteSession, *, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the recorded changes, newest first: `at`, `kind`, `detail`, `name`, `by_name`. The
    names are None for the installation and for the command line.
    """
    by = aliased(Account)
    return session.execute(
        select(AccountAct.at, AccountAct.kind, AccountAct.detail, Account.name, by.name.label("by_name"))
        .outerjoin(Account, Account.id == AccountAct.account_id)
        .outerjoin(by, by.id == AccountAct.by_account_id)
        .order_by(AccountAct.at.desc(), AccountAct.id)
        .limit(most)
    ).all()
