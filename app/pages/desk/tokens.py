"""The page that lists, creates and revokes the API tokens of a member."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.access.members import CurrentMember, Member
from app.accounts import own_account, queries
from app.accounts.own_account import LONGEST_LABEL, TOKEN_DAYS, Refused
from app.accounts.services import account_services
from app.database.session import WritingSession
from app.models.account import TOKEN_SCOPES
from app.pages.desk.frame import Choice, Frame, build_frame, desk_words, go, show

router = APIRouter()

_DEFAULT_DAYS = 90


@dataclass(frozen=True)
class TokenShown:
    """A token in the list, without the token itself."""

    id: uuid.UUID
    label: str
    scope: str
    expires: str
    used: str


@dataclass(frozen=True)
class TokensPage:
    """The context of `desk/tokens.html`; `new_token` is a token, which is shown only once."""

    frame: Frame
    tokens: list[TokenShown]
    scopes: list[Choice]
    days: list[int]
    default_days: int
    max_label_length: int
    new_token: str = field(default="", repr=False)


def _render_tokens(
    request: Request, member: Member, session: WritingSession, *, new_token: str = "", error: str = ""
) -> Response:
    words = desk_words(request)
    context = TokensPage(
        frame=build_frame(request, member, error),
        tokens=[
            TokenShown(
                one.id, one.label, words.scopes[one.scope], words.day(one.expires_at.date()), words.day(one.used_on)
            )
            for one in queries.tokens_of(session, member.id)
        ],
        scopes=[Choice(scope, words.scopes[scope]) for scope in TOKEN_SCOPES],
        days=list(TOKEN_DAYS),
        default_days=_DEFAULT_DAYS,
        max_label_length=LONGEST_LABEL,
        new_token=new_token,
    )
    return show(request, "tokens.html", context)


@router.get("/desk/tokens")
def tokens_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the tokens of the member."""
    return _render_tokens(request, member, session)


@router.post("/desk/tokens")
def make_token(
    request: Request,
    member: CurrentMember,
    session: WritingSession,
    label: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = 0,
    password: Annotated[str, Form()] = "",
) -> Response:
    """Creates a token and shows it once."""
    try:
        new_token = own_account.make_token(
            account_services(request), session, member, password=password, label=label, scope=scope, days=days
        )
    except Refused as refused:
        return _render_tokens(request, member, session, error=refused.code)
    return _render_tokens(request, member, session, new_token=new_token)


@router.post("/desk/tokens/revoke")
def revoke_token(
    request: Request, member: CurrentMember, session: WritingSession, chosen: Annotated[uuid.UUID, Form()]
) -> Response:
    """Revokes one of the member's tokens."""
    own_account.revoke_token(session, member, chosen)
    return go(request, "/desk/tokens", "token")
