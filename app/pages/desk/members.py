"""The page of all members, for administrators: creates, resets and disables accounts, and changes
roles.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember, Member
from app.access.roles import Role
from app.accounts import administration, queries
from app.accounts.administration import AccountRefused
from app.accounts.services import account_services
from app.database.session import ReadWriteSession, WritingSession
from app.models import Account
from app.pages.desk.frame import Choice, Frame, build_frame, desk_words, go, show

if TYPE_CHECKING:
    from app.pages.desk.words import DeskWords

router = APIRouter(prefix="/desk/members")

COUNTED_DAYS = 7


@dataclass(frozen=True)
class MemberShown:
    """A member as administrators see them, with the last day of signing in and recent failed
    attempts.
    """

    id: uuid.UUID
    name: str
    role: str
    roles: list[Choice]
    disabled: bool
    temporary: bool
    factor_on: bool
    last_day: str
    failed: int


@dataclass(frozen=True)
class MembersPage:
    """The context of `desk/members.html`; `temporary_password` is new, and `temporary_name` the
    name of its account.
    """

    frame: Frame
    members: list[MemberShown]
    roles: list[Choice]
    counted_days: int
    failed_elsewhere: int
    temporary_name: str = ""
    temporary_password: str = field(default="", repr=False)


def _member_row(account: Account, words: DeskWords, counts: dict[uuid.UUID, object]) -> MemberShown:
    counted = counts.get(account.id)
    return MemberShown(
        id=account.id,
        name=account.name,
        role=words.roles[account.role],
        roles=[Choice(role, words.roles[role], role == account.role) for role in Role],
        disabled=account.disabled_at is not None,
        temporary=account.temporary_until is not None,
        factor_on=account.factor_seed is not None,
        last_day=words.day(getattr(counted, "last_day", None)),
        failed=getattr(counted, "failed", 0),
    )


def _render_members(
    request: Request, member: Member, session: WritingSession, *, error: str = "", temporary: tuple[str, str] = ("", "")
) -> Response:
    words = desk_words(request)
    counts: dict[uuid.UUID, object] = {**queries.sign_in_counts(session, days=COUNTED_DAYS)}
    context = MembersPage(
        frame=build_frame(request, member, error),
        members=[_member_row(account, words, counts) for account in queries.accounts(session)],
        roles=[Choice(role, words.roles[role], role is Role.ANALYST) for role in Role],
        counted_days=COUNTED_DAYS,
        failed_elsewhere=getattr(counts.get(queries.NO_ACCOUNT), "failed", 0),
        temporary_name=temporary[0],
        temporary_password=temporary[1],
    )
    return show(request, "members.html", context)


def _change_and_redirect(
    request: Request, member: Member, session: ReadWriteSession, act: Callable[[], object], done: str
) -> Response:
    try:
        act()
    except AccountRefused as refused:
        return _render_members(request, member, session, error=refused.code)
    return go(request, "/desk/members", done)


@router.get("")
def members_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders all members."""
    return _render_members(request, member, session)


@router.post("")
def make_account(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.ANALYST,
) -> Response:
    """Creates an account and shows its temporary password once."""
    try:
        password = administration.create(session, account_services(request).passwords, name, role, by=member.id)
    except AccountRefused as refused:
        return _render_members(request, member, session, error=refused.code)
    return _render_members(request, member, session, temporary=(administration.normalize_name(name), password))


@router.post("/reset")
def reset(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Resets a password and shows the temporary one once. Ends sessions, tokens and the second
    factor.
    """
    try:
        password = administration.reset(session, account_services(request).passwords, chosen, by=member.id)
    except AccountRefused as refused:
        return _render_members(request, member, session, error=refused.code)
    return _render_members(request, member, session, temporary=(session.get_one(Account, chosen).name, password))


@router.post("/role")
def change_role(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    chosen: Annotated[uuid.UUID, Form()],
    role: Annotated[Role, Form()],
) -> Response:
    """Changes the role of a member."""
    act = lambda: administration.change_role(session, chosen, role, by=member.id)  # noqa: E731 - read where it is used
    return _change_and_redirect(request, member, session, act, "role")


@router.post("/disable")
def disable(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Disables an account."""
    return _change_and_redirect(
        request, member, session, lambda: administration.disable(session, chosen, by=member.id), "disabled"
    )


@router.post("/enable")
def enable(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Enables an account."""
    return _change_and_redirect(
        request, member, session, lambda: administration.enable(session, chosen, by=member.id), "enabled"
    )


@router.post("/sign-out")
def sign_out(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Ends all sessions of a member."""
    return _change_and_redirect(
        request, member, session, lambda: administration.sign_out(session, chosen, by=member.id), "signed-out"
    )
