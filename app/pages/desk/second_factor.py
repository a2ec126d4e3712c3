"""The pages that set up and turn off the second factor, and show recovery codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember, Member
from app.accounts import own_account, second_factor
from app.accounts.own_account import Refused
from app.accounts.services import account_services
from app.database.session import WritingSession
from app.pages.desk.account import render_account
from app.pages.desk.frame import Frame, build_frame, go, show

router = APIRouter(prefix="/desk/account")


@dataclass(frozen=True)
class FactorPage:
    """The context of `desk/second-factor.html`: the secret as a QR code (a `data:` URL) and as
    text.
    """

    frame: Frame
    picture: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class CodesPage:
    """The context of `desk/recovery-codes.html`: codes that are shown only once."""

    frame: Frame
    codes: list[str] = field(repr=False)


def _render_factor(request: Request, member: Member, secret: str, error: str = "") -> Response:
    site = f"Frontline {request.url.hostname}"  # an allowed host: app/http/hosts.py refuses others
    address = second_factor.address_of(secret, name=member.name, site=site)
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = FactorPage(build_frame(request, member, error), second_factor.picture_of(address), grouped)
    return show(request, "second-factor.html", context)


@router.post("/second-factor")
def offer(
    request: Request, member: CurrentMember, session: WritingSession, password: Annotated[str, Form()] = ""
) -> Response:
    """Renders the secret of a new second factor as a QR code."""
    try:
        secret = own_account.offer_second_factor(account_services(request), session, member, password)
    except Refused as refused:
        return render_account(request, member, session, refused.code)
    return _render_factor(request, member, secret)


@router.post("/second-factor/confirm")
def confirm(
    request: Request, member: CurrentMember, session: WritingSession, code: Annotated[str, Form()] = ""
) -> Response:
    """Turns on the second factor with its first code, and shows the recovery codes."""
    services = account_services(request)
    try:
        codes = own_account.confirm_second_factor(services, session, member, code)
    except Refused as refused:
        if refused.code != "code":
            return render_account(request, member, session, refused.code)
        return _render_factor(request, member, own_account.offered_secret(services, session, member), refused.code)
    return show(request, "recovery-codes.html", CodesPage(build_frame(request, member), codes))


@router.post("/second-factor/remove")
def remove(
    request: Request, member: CurrentMember, session: WritingSession, password: Annotated[str, Form()] = ""
) -> Response:
    """Turns off the second factor."""
    try:
        own_account.remove_second_factor(account_services(request), session, member, password)
    except Refused as refused:
        return render_account(request, member, session, refused.code)
    return go(request, "/desk/account", "factor-off")


@router.post("/recovery-codes")
def renew_codes(
    request: Request, member: CurrentMember, session: WritingSession, password: Annotated[str, Form()] = ""
) -> Response:
    """Creates new recovery codes and shows them once; the old ones stop working."""
    try:
        codes = own_account.new_recovery_codes(account_services(request), session, member, password)
    except Refused as refused:
        return render_account(request, member, session, refused.code)
    return show(request, "recovery-codes.html", CodesPage(build_frame(request, member), codes))
