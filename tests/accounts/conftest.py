"""Fixtures of accounts: members with one password, sessions that are open without signing in, a
client over HTTPS.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from typing_extensions import override

from app.access.roles import Role
from app.accounts import keys, second_factor
from app.accounts.passwords import Passwords
from app.accounts.services import AccountServices
from app.accounts.sign_in import open_session
from app.models import Account

if TYPE_CHECKING:
    import httpx2
    from fastapi import FastAPI

    from app.database.session import Sessions

PASSWORD = "correct horse battery staple"


@cache
def stored_password() -> str:
    """The stored hash of the password; hashed once a run, at the real cost."""
    return Passwords().hash(PASSWORD)


@dataclass(frozen=True)
class SignedInMember:
    """A member with an open session."""

    client: TestClient
    services: AccountServices
    id: uuid.UUID
    name: str
    key: str

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{keys.SESSION_COOKIE}={self.key}"}

    @property
    def token(self) -> str:
        """Returns a form token of this session."""
        return keys.form_token(self.services.secret, self.key)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=self.cookie | headers, follow_redirects=False)

    def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> httpx2.Response:
        """Sends a form with its token."""
        sent = {"form_token": self.token} | (fields or {})
        return self.client.post(path, data=sent, headers=self.cookie | headers, follow_redirects=False)


MakeMember = Callable[..., SignedInMember]


@pytest.fixture
def services(app: FastAPI) -> AccountServices:
    services: AccountServices = app.state.account_services
    return services


@pytest.fixture
def web(app: FastAPI) -> Iterator[TestClient]:
    """An HTTPS client that sends only the cookies of a test."""
    with TestClient(app, base_url="https://localhost", raise_server_exceptions=False) as client:
        client.cookies.jar.set_policy(NoCookies())
        yield client


class NoCookies(DefaultCookiePolicy):
    """A cookie policy that stores and sends no cookies."""

    @override
    def set_ok(self, *_: object) -> bool:
        return False

    @override
    def return_ok(self, *_: object) -> bool:
        return False


@pytest.fixture
def make_member(web: TestClient, services: AccountServices, sessions: Sessions) -> MakeMember:
    """Returns a function that creates a member with an open session."""

    def make(role: Role | str = Role.ANALYST, name: str = "", **others: Any) -> SignedInMember:
        name = name or f"{role}-{uuid.uuid4().hex[:6]}"
        account = Account(id=uuid.uuid4(), name=name, role=role, password_hash=stored_password(), **others)
        with sessions.writing() as session, session.begin():
            session.add(account)
            session.flush()
            key = open_session(services, session, account.id)
            return SignedInMember(web, services, account.id, name, key)

    return make


def secret_of(services: AccountServices, seed: bytes) -> str:
    return second_factor.secret_of(services.secret, seed)


def sign_in(client: httpx2.Client, name: str, password: str = PASSWORD, **others: Any) -> httpx2.Response:
    """Sends the sign-in form; `headers` and the other form fields are optional."""
    headers = others.pop("headers", {})
    fields = {"name": name, "password": password, "code": ""} | others
    return client.post("/sign-in", data=fields, headers=headers, follow_redirects=False)


def session_key(response: httpx2.Response) -> str:
    """Returns the key of the session that a response opened; empty without a session."""
    for cookie in response.headers.get_list("set-cookie"):
        name, _, value = cookie.partition(";")[0].partition("=")
        if name == keys.SESSION_COOKIE:
            return value.strip('"')
    return ""
