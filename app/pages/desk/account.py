"""The page of a member's own account: the password, and the state of the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember, Member
from app.accounts import own_account, queries
from app.accounts.authentication import signed_in
from app.accounts.own_account import Refused
from app.accounts.services import account_services
from app.database.session import WritingSession
from app.models import Account
from app.pages.desk.frame import Frame, build_frame, go, set_session_cookie, show

router = APIRouter()


@dataclass(frozen=True)
class AccountPage:
    """The context of `desk/account.html`; `missing` is what the member must set up first, as in
    `SignedIn`.
    """

    frame: Frame
    missing: str
    factor_on: bool
    factor_required: bool
    codes_left: int


def render_account(request: Request, member: Member, session: WritingSession, error: str = "") -> Response:
    """Renders a member's account."""
    account = session.get_one(Account, member.id)
    context = AccountPage(
        frame=build_frame(request, member, error),
        missing=signed_in(request).missing,
        factor_on=account.factor_seed is not None,
        factor_required=member.role in account_services(request).factor_roles,
        codes_left=queries.recovery_codes_left(session, member.id),
    )
    return show(request, "account.html", context)


@router.get("/desk/account")
def account_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the page."""
    return render_account(request, member, session)


@router.post("/desk/account/password")
def change_password(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    password: Annotated[str, Form()] = "",
    new_password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Changes the password, ends all sessions, and starts a new session for this browser."""
    try:
        key = own_account.change_password(account_services(request), session, member, password, new_password, again)
    except Refused as refused:
        return render_account(request, member, session, refused.code)
    response = go(request, "/desk/account", "password")
    set_session_cookie(response, key)
    return response
