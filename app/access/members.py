"""Members: who is asking, and whether the table of rights lets them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.access.form_token import read_form_token
from app.access.rights import least_role
from app.access.roles import Role
from app.problems import Forbidden, Problem, Unauthenticated


@dataclass(frozen=True)
class Member:
    """Somebody with an account, as a request knows them."""

    id: uuid.UUID
    name: str
    role: Role


# Tells who is asking, from a session or a token; None: a stranger. `app.state.authenticate` holds one.
Authenticate = Callable[[Request], Member | None]


def nobody(_: Request) -> Member | None:
    """Know no member: what an application without accounts answers."""
    return None


def current_member(request: Request, _: Annotated[None, Depends(read_form_token)]) -> Member:
    """Give the member who is asking, when the table of rights lets them use this route.

    Whoever authenticates finds what the form sent along in `sent_form_token`; the answer, whatever it is, is kept
    nowhere (`no-store`, see app/http/headers.py).

    Raises:
        Unauthenticated: nobody is signed in.
        CrossSite: a session's cookie came without the token of its forms.
        Forbidden: the member's role does not reach.
    """
    request.state.members_only = True
    authenticate: Authenticate = request.app.state.authenticate
    member = authenticate(request)
    if member is None:
        raise Unauthenticated(
            "Sign in, or send a token in the header Authorization.", headers={"WWW-Authenticate": "Bearer"}
        )
    least = least_role(request.method, request.scope["route"].path)
    if least is None or not member.role.reaches(least):
        raise Forbidden("Your role does not allow this.")
    return member


def known_member(request: Request) -> Member | None:
    """Give the member who makes a request that is open to everybody, so that they do not decide about it later.

    It gives no right to anything, and so no form's token is asked for; whoever is not known is a stranger.
    """
    as_read = Request(dict(request.scope) | {"method": "GET"})
    try:
        authenticate: Authenticate = request.app.state.authenticate
        return authenticate(as_read)
    except Problem:
        return None


CurrentMember = Annotated[Member, Depends(current_member)]
