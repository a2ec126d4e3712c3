"""Who is asking: the member of a session's cookie, or of a token in the header. Read from the database each time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from app.access.form_token import SAFE_METHODS, sent_form_token
from app.access.members import Member
from app.access.roles import Role
from app.accounts import keys, queries
from app.accounts.office import Office
from app.http.fetch_metadata import refuse_cross_site
from app.http.transport import is_secure
from app.problems import CrossSite, Forbidden, OwnPasswordNeeded, Unauthenticated

# Tokens are for the interface; the pages where accounts, sessions and tokens are changed take a session alone.
_FOR_TOKENS: Final = "/api/"
# All that a temporary password opens.
_OWN_PASSWORD: Final = frozenset({"/desk/account", "/desk/account/password", "/sign-out"})


@dataclass(frozen=True)
class SignedIn:
    """The session of a request: its id, the key in the browser's cookie, whether a password of one's own is lacking."""

    session_id: uuid.UUID
    key: str = field(repr=False)
    temporary: bool


@dataclass(frozen=True)
class Authentication:
    """Tells who asks; `app.state.authenticate` of a real application."""

    office: Office

    def __call__(self, request: Request) -> Member | None:
        """Give the member who asks; none for a stranger.

        Raises:
            Unauthenticated: a token opens nothing.
            CrossSite: a session's cookie came without the token of its forms, or from another site.
            Forbidden: a token to read is used to write.
            OwnPasswordNeeded: the member must choose a password first.
        """
        header = request.headers.get("authorization")
        # With the header, a cookie counts for nothing: a request is a program's or a browser's, never both.
        return self._by_session(request) if header is None else self._by_token(request, header)

    def _by_token(self, request: Request, header: str) -> Member | None:
        scheme, _, token = header.partition(" ")
        if not request.scope["route"].path.startswith(_FOR_TOKENS):
            return None
        found = None
        if scheme.lower() == "bearer" and keys.is_token(token) and is_secure(request):
            with self.office.sessions.writing() as session, session.begin():
                found = queries.live_token(session, keys.token_hash(self.office.secret, token))
        if found is None:
            raise Unauthenticated(
                "This token opens nothing: it is unknown, has expired or was revoked, or came without HTTPS.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        if found.scope != "write" and request.method not in SAFE_METHODS:
            raise Forbidden("This token may read, but not write.")
        return Member(found.account_id, found.name, Role(found.role))

    def _by_session(self, request: Request) -> Member | None:
        key = request.cookies.get(keys.SESSION_COOKIE)
        if not key or not is_secure(request):
            return None
        with self.office.sessions.writing() as session, session.begin():
            found = queries.live_session(session, keys.session_hash(self.office.secret, key))
        if found is None:
            return None
        if request.method not in SAFE_METHODS:
            refuse_cross_site(request)
            if not keys.is_form_token(self.office.secret, key, sent_form_token(request)):
                raise CrossSite("This form is of another session. Open the page again and send it once more.")
        temporary = found.temporary_until is not None
        if temporary and request.scope["route"].path not in _OWN_PASSWORD:
            raise OwnPasswordNeeded("Choose a password of your own first.")
        request.state.signed_in = SignedIn(found.id, key, temporary)
        return Member(found.account_id, found.name, Role(found.role))


def signed_in(request: Request) -> SignedIn:
    """Give the session of a request that a member made.

    Raises:
        Unauthenticated: it was made without one.
    """
    found = getattr(request.state, "signed_in", None)
    if not isinstance(found, SignedIn):
        raise Unauthenticated("Sign in.")
    return found
