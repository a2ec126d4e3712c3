"""Authenticates a request by its session cookie or its token; reads the account from the database
each time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from fastapi import Request

from app.access.entry import OWN_PASSWORD_PATHS, SECOND_FACTOR_PATHS
from app.access.form_token import SAFE_METHODS, sent_form_token
from app.access.members import Member
from app.access.roles import Role
from app.accounts import keys, queries
from app.accounts.services import AccountServices
from app.http.fetch_metadata import refuse_cross_site
from app.http.transport import is_secure
from app.problems import CrossSite, Forbidden, OwnPasswordNeeded, SecondFactorNeeded, Unauthenticated

# Tokens work for the API only; the pages that change accounts, sessions and tokens need a session.
_API_PREFIX: Final = "/api/"


@dataclass(frozen=True)
class SignedIn:
    """The session of a request: its id, and the key in the cookie.

    Attributes:
        missing: what the member must set up first: an own `password`, a second `factor`, or
            nothing.
    """

    session_id: uuid.UUID
    key: str = field(repr=False)
    missing: Literal["", "password", "factor"] = ""


@dataclass(frozen=True)
class Authentication:
    """Authenticates requests; a real application has it as `app.state.authenticate`."""

    services: AccountServices

    def __call__(self, request: Request) -> Member | None:
        """Returns the member who makes a request; None if nobody is signed in.

        Raises:
            Unauthenticated: the token is not valid.
            CrossSite: the request has no valid form token, or comes from another site.
            Forbidden: the token is read-only, and the request writes.
            OwnPasswordNeeded: the member must choose a password first.
            SecondFactorNeeded: the member must set up a second factor first.
        """
        header = request.headers.get("authorization")
        # A request with this header comes from a program, so its cookies are ignored.
        return self._by_session(request) if header is None else self._by_token(request, header)

    def _by_token(self, request: Request, header: str) -> Member | None:
        scheme, _, token = header.partition(" ")
        if not request.scope["route"].path.startswith(_API_PREFIX):
            return None
        found = None
        if scheme.lower() == "bearer" and keys.is_token(token) and is_secure(request):
            with self.services.sessions.writing() as session, session.begin():
                found = queries.live_token(session, keys.token_hash(self.services.secret, token))
        if found is None:
            raise Unauthenticated(
                "Token not valid: it is unknown, expired or revoked, or was sent without HTTPS.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        if found.scope != "write" and request.method not in SAFE_METHODS:
            raise Forbidden("This token is read-only. Use a token with the scope write.")
        member = Member(found.account_id, found.name, Role(found.role))
        if self._lacks_factor(member, has_factor=found.has_factor):
            raise SecondFactorNeeded(
                "This token belongs to a member who must set up two-factor authentication first. It works afterwards."
            )
        return member

    def _by_session(self, request: Request) -> Member | None:
        key = request.cookies.get(keys.SESSION_COOKIE)
        if not key or not is_secure(request):
            return None
        with self.services.sessions.writing() as session, session.begin():
            found = queries.live_session(session, keys.session_hash(self.services.secret, key))
        if found is None:
            return None
        if request.method not in SAFE_METHODS:
            refuse_cross_site(request)
            if not keys.is_form_token(self.services.secret, key, sent_form_token(request)):
                raise CrossSite("This form belongs to another session. Reload the page and send it again.")
        member = Member(found.account_id, found.name, Role(found.role))
        path = request.scope["route"].path
        signed_in = SignedIn(found.id, key)
        if found.temporary_until is not None:
            if path not in OWN_PASSWORD_PATHS:
                raise OwnPasswordNeeded("Choose your own password first.")
            signed_in = replace(signed_in, missing="password")
        elif self._lacks_factor(member, has_factor=found.has_factor):
            if path not in SECOND_FACTOR_PATHS:
                raise SecondFactorNeeded("Your role requires two-factor authentication. Set it up first.")
            signed_in = replace(signed_in, missing="factor")
        request.state.signed_in = signed_in
        return member

    def _lacks_factor(self, member: Member, *, has_factor: bool) -> bool:
        return member.role in self.services.factor_roles and not has_factor


def signed_in(request: Request) -> SignedIn:
    """Returns the session of a request.

    Raises:
        Unauthenticated: the request has no session.
    """
    found = getattr(request.state, "signed_in", None)
    if not isinstance(found, SignedIn):
        raise Unauthenticated("Sign in.")
    return found
