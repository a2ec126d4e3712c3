"""Permissions: every role at every route and method, compared with the table of rights."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import update

from app.access.members import CurrentMember, current_member
from app.access.rights import RIGHTS
from app.access.roles import Role
from app.accounts import keys
from app.models import Account, ApiToken, MemberSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.accounts.services import AccountServices
    from app.database.session import Sessions
    from tests.accounts.conftest import MakeMember

NONCE = re.compile(r'nonce="[^"]+"|[0-9a-f]{16}|idempotency_key" value="[^"]+"')
SAFE = {"GET", "HEAD", "OPTIONS"}


def routes_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Yields every method and route of the application."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield method, route


def depends_on_member(dependant: Dependant) -> bool:
    return any(one.call is current_member or depends_on_member(one) for one in dependant.dependencies)


def member_routes(app: FastAPI) -> set[str]:
    return {f"{method} {route.path}" for method, route in routes_of(app) if depends_on_member(route.dependant)}


def address_of(template: str) -> str:
    """Returns a URL of a route with ids that do not exist; only members with the right get a
    404.
    """
    while "{" in template:
        before, _, rest = template.partition("{")
        template = f"{before}{uuid.UUID(int=7)}{rest.partition('}')[2]}"
    return template


def test_rights_table_lists_the_routes_of_the_application(app: FastAPI) -> None:
    assert member_routes(app) == set(RIGHTS)


def test_desk_routes_require_a_member(app: FastAPI) -> None:
    under = {
        f"{method} {route.path}"
        for method, route in routes_of(app)
        if route.path == "/desk" or route.path.startswith(("/desk/", "/api/desk"))
    }
    assert len(under) > 20
    assert under <= set(RIGHTS)


@pytest.fixture
def app_with_probe(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The application with an extra API route that writes."""

    @app.post("/api/desk/probe")
    def probe(member: CurrentMember) -> str:
        return member.name

    @app.delete("/api/desk/probe/{one}")
    def delete_probe(member: CurrentMember, one: str) -> str:
        return one

    monkeypatch.setitem(RIGHTS, "POST /api/desk/probe", Role.ANALYST)
    monkeypatch.setitem(RIGHTS, "DELETE /api/desk/probe/{one}", Role.EDITOR)
    return app


@pytest.fixture
def clients(
    make_member: MakeMember, services: AccountServices, sessions: Sessions
) -> dict[str, tuple[Role | None, dict[str, str], dict[str, str]]]:
    """Returns every kind of client: the effective role (none for strangers), and the headers of
    safe and unsafe requests.
    """
    by_name: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]] = {"anonymous": (None, {}, {})}
    for role in Role:
        member = make_member(role)
        by_name[role] = (role, member.cookie, member.cookie | {"X-Form-Token": member.token})
    ended = {
        "disabled": (Account.id, update(Account), {"disabled_at": dt.timedelta(0)}),
        "idle session": (MemberSession.account_id, update(MemberSession), {"seen_at": dt.timedelta(minutes=121)}),
        "old session": (
            MemberSession.account_id,
            update(MemberSession),
            {"started_at": dt.timedelta(hours=12, minutes=1)},
        ),
    }
    for name, (column, statement, ago) in ended.items():
        member = make_member(Role.ADMIN)
        by_name[name] = (None, member.cookie, member.cookie | {"X-Form-Token": member.token})
        moments = {changed: dt.datetime.now(dt.UTC) - past for changed, past in ago.items()}
        with sessions.writing() as session, session.begin():
            session.execute(statement.where(column == member.id).values(moments))
    admin = make_member(Role.ADMIN)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    for scope in ("read", "write"):
        token = keys.new_token()
        with sessions.writing() as session, session.begin():
            hashed = keys.token_hash(services.secret, token)
            session.add(ApiToken(account_id=admin.id, token_hash=hashed, label=scope, scope=scope, expires_at=later))
        sent = {"Authorization": f"Bearer {token}"}
        by_name[f"{scope} token"] = (Role.ADMIN, sent, sent)
    return by_name


def is_allowed(client_kind: str, role: Role | None, method: str, path: str) -> bool:
    """Returns whether the table of rights allows a request, and the scope of the token as well."""
    if role is None or (client_kind.endswith("token") and not path.startswith("/api/")):
        return False
    return role.reaches(RIGHTS[f"{method} {path}"]) and (client_kind != "read token" or method in SAFE)


def test_member_routes_follow_the_rights_table(
    app_with_probe: FastAPI,
    web: TestClient,
    connection: Connection,
    clients: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]],
) -> None:
    request_count = 0
    for route in sorted(member_routes(app_with_probe)):
        method, _, path = route.partition(" ")
        for client_kind, (role, for_safe, for_unsafe) in clients.items():
            before = connection.begin_nested()
            response = web.request(
                method,
                address_of(path),
                headers={"Accept": "application/json"} | (for_safe if method in SAFE else for_unsafe),
                follow_redirects=False,
            )
            before.rollback()
            details = (client_kind, route, response.status_code, response.text[:200])
            stranger = role is None or (client_kind.endswith("token") and not path.startswith("/api/"))
            if is_allowed(client_kind, role, method, path):
                assert response.status_code not in {401, 403}, details
                assert response.status_code < 500, details
            else:
                assert response.status_code == (401 if stranger else 403), details
            assert response.headers["cache-control"] == "no-store", details
            if client_kind == "anonymous":
                assert "set-cookie" not in response.headers
            request_count += 1
    assert request_count >= 250


def test_public_routes_are_the_same_for_everyone_and_set_no_cookie(
    app: FastAPI,
    web: TestClient,
    clients: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]],
) -> None:
    """Includes derived data: counts, columns, history, files, and their ETags."""
    of_members = member_routes(app)
    request_count = 0
    for method, route in routes_of(app):
        if method != "GET" or f"{method} {route.path}" in of_members or route.path == "/sign-in":
            continue
        answers = set()
        for _, for_safe, _ in clients.values():
            response = web.get(address_of(route.path), headers=for_safe)
            assert "set-cookie" not in response.headers, route.path
            details = response.headers.get("etag") or len(NONCE.sub("", response.text))
            answers.add((response.status_code, details))
            request_count += 1
        assert len(answers) == 1, (route.path, answers)
    assert request_count >= 100


def test_member_page_redirects_strangers_to_sign_in_and_back(web: TestClient) -> None:
    response = web.get("/desk/tokens?lang=uk", headers={"Accept": "text/html"}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?to=%2Fdesk%2Ftokens&lang=uk"
    assert 'name="to" value="/desk/tokens"' in web.get(response.headers["location"]).text
    for elsewhere in ("//evil.example", "https://evil.example/desk", "/desk//evil.example", "/about", "/desk/../x"):
        assert 'name="to" value=""' in web.get("/sign-in", params={"to": elsewhere}).text
