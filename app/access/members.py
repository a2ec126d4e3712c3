"""Members: authentication of a request, and the check against the table of rights."""

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
    """The account that makes a request."""

    id: uuid.UUID
    name: str
    role: Role


# Authenticates a request by session or token; returns None if nobody is signed in. Stored as
# `app.state.authenticate`.
Authenticate = Callable[[Request], Member | None]


def nobody(_: Request) -> Member | None:
    """Authenticates nobody; for an application without accounts."""
    return None


def current_member(request: Request, _: Annotated[None, Depends(read_form_token)]) -> Member:
    """Returns the member who makes the request, if the table of rights allows this route.

    Every response gets `no-store`, errors too (app/http/headers.py).

    Raises:
        Unauthenticated: nobody is signed in.
        CrossSite: the request has a session cookie without a valid form token.
        Forbidden: the role of the member is too low.
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
    """Returns the member, if any, who makes a request that is open to everybody.

    Members may not decide about their own submissions, so the submission records its member. That
    grants no right, so no form token is needed: the request is authenticated like a GET.
    """
    get_request = Request(dict(request.scope) | {"method": "GET"})
    try:
        authenticate: Authenticate = request.app.state.authenticate
        return authenticate(get_request)
    except Problem:
        return None


CurrentMember = Annotated[Member, Depends(current_member)]
