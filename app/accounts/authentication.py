"""Authenticates a request by its session cookie or its token; reads the account from the database
each time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from app.access.form_token import SAFE_METHODS, sent_form_token
from app.access.members import Member
from app.access.roles import Role
from app.accounts import keys, queries
from app.accounts.services import AccountServices
from app.http.fetch_metadata import refuse_cross_site
from app.http.transport import is_secure
from app.problems import CrossSite, Forbidden, OwnPasswordNeeded, Unauthenticated

# Tokens work for the API only; the pages that change accounts, sessions and tokens need a session.
_API_PREFIX: Final = "/api/"
# The only paths that a member with a temporary password may use.
_TEMPORARY_PASSWORD_PATHS: Final = frozenset({"/desk/account", "/desk/account/password", "/sign-out"})


@dataclass(frozen=True)
class SignedIn:
    """The session of a request: its id, the key in the cookie, and whether the password is a
    temporary one.
    """

    session_id: uuid.UUID
    key: str = field(repr=False)
    temporary: bool


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
        return Member(found.account_id, found.name, Role(found.role))

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
        temporary = found.temporary_until is not None
        if temporary and request.scope["route"].path not in _TEMPORARY_PASSWORD_PATHS:
            raise OwnPasswordNeeded("Choose your own password first.")
        request.state.signed_in = SignedIn(found.id, key, temporary)
        return Member(found.account_id, found.name, Role(found.role))


def signed_in(request: Request) -> SignedIn:
    """Returns the session of a request.

    Raises:
        Unauthenticated: the request has no session.
    """
    found = getattr(request.state, "signed_in", None)
    if not isinstance(found, SignedIn):
        raise Unauthenticated("Sign in.")
    return found
