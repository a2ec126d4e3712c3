"""Accounts of members: sessions, API tokens, recovery codes, and a log of actions."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base
from app.models.columns import Made, Moment, RandomId, one_of

ROLES = ("contributor", "analyst", "editor", "admin")
TOKEN_SCOPES = ("read", "write")
ACCOUNT_ACTS = (
    "created",
    "role_changed",
    "disabled",
    "enabled",
    "password_reset",
    "password_changed",
    "second_factor_on",
    "second_factor_off",
    "recovery_codes_made",
    "recovery_code_used",
    "token_made",
    "token_revoked",
    "signed_out",
    "everyone_signed_out",
    "switched",
)


class Account(Base):
    """An account of a member.

    No secret can be read from it. The password is an argon2id hash. The secret of the second factor
    is derived from `factor_seed` and the installation's secret, which is not in the database.
    """

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'", name="name"),
        # Names are stored in lower case, so they are unique regardless of case.
        Index(None, "name", unique=True),
    )

    id: Mapped[RandomId]
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    # Somebody else set the password: the member must choose another one first.
    temporary_until: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    factor_seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # A second factor that is being set up and is not required yet.
    factor_seed_offered: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The time step of the last accepted code: a code works once.
    factor_step: Mapped[int] = mapped_column(BigInteger, server_default="0", default=0)
    created_at: Mapped[Made]
    disabled_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class MemberSession(Base):
    """A session of a member, stored under the keyed hash of its cookie."""

    __tablename__ = "member_session"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[RandomId]
    session_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    started_at: Mapped[Made]
    seen_at: Mapped[Made]


class ApiToken(Base):
    """A token that a member's program sends in the header `Authorization`, stored as a keyed
    hash.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        one_of("scope", TOKEN_SCOPES),
        CheckConstraint("label <> ''", name="label"),
        Index(None, "account_id"),
    )

    id: Mapped[RandomId]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Made]
    expires_at: Mapped[Moment]
    # Only the day, to protect the privacy of members.
    used_on: Mapped[dt.date | None] = mapped_column(Date)


class RecoveryCode(Base):
    """A code that replaces the second factor once, stored as a keyed hash. It is deleted when it is
    used.
    """

    __tablename__ = "recovery_code"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class SignInCount(Base):
    """The number of successful and failed sign-ins on a UTC day; addresses are not stored.

    Attempts under unknown names are counted under an id of zeros. They cost the same write as
    others, so that the response time does not reveal which accounts exist.
    """

    __tablename__ = "sign_in_count"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    succeeded: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    failed: Mapped[int] = mapped_column(Integer, server_default="0", default=0)


class AccountAct(Base):
    """An action on an account or on the installation: who, what, when. Rows are never changed."""

    __tablename__ = "account_act"
    __table_args__ = (one_of("kind", ACCOUNT_ACTS), Index(None, "at"))

    id: Mapped[RandomId]
    at: Mapped[Made]
    kind: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Account.id))
    # None: the command line.
    by_account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Account.id))
    detail: Mapped[str] = mapped_column(Text, server_default="", default="")
