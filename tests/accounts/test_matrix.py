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
    """An address of a route; nothing is there, which only those learn who may use it."""
    while "{" in template:
        before, _, rest = template.partition("{")
        template = f"{before}{uuid.UUID(int=7)}{rest.partition('}')[2]}"
    return template


def test_the_table_and_the_application_name_the_same_routes(app: FastAPI) -> None:
    assert member_routes(app) == set(RIGHTS)


def test_what_lies_under_the_desk_is_for_members(app: FastAPI) -> None:
    under = {
        f"{method} {route.path}"
        for method, route in routes_of(app)
        if route.path == "/desk" or route.path.startswith(("/desk/", "/api/desk"))
    }
    assert len(under) > 20
    assert under <= set(RIGHTS)


@pytest.fixture
def probed(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
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
def askers(
    make_member: MakeMember, services: AccountServices, sessions: Sessions
) -> dict[str, tuple[Role | None, dict[str, str], dict[str, str]]]:
    """Everyone who may ask: the role that counts (none: a stranger), what is sent to safe and to
    unsafe routes.
    """
    found: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]] = {"anonymous": (None, {}, {})}
    for role in Role:
        member = make_member(role)
        found[role] = (role, member.cookie, member.cookie | {"X-Form-Token": member.token})
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
        found[name] = (None, member.cookie, member.cookie | {"X-Form-Token": member.token})
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
        found[f"{scope} token"] = (Role.ADMIN, sent, sent)
    return found


def may(asker: str, role: Role | None, method: str, path: str) -> bool:
    """What the table says, and what tokens are for."""
    if role is None or (asker.endswith("token") and not path.startswith("/api/")):
        return False
    return role.reaches(RIGHTS[f"{method} {path}"]) and (asker != "read token" or method in SAFE)


def test_every_asker_at_every_route_of_members(
    probed: FastAPI,
    web: TestClient,
    connection: Connection,
    askers: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]],
) -> None:
    asked = 0
    for route in sorted(member_routes(probed)):
        method, _, path = route.partition(" ")
        for asker, (role, for_safe, for_unsafe) in askers.items():
            before = connection.begin_nested()
            response = web.request(
                method,
                address_of(path),
                headers={"Accept": "application/json"} | (for_safe if method in SAFE else for_unsafe),
                follow_redirects=False,
            )
            before.rollback()
            told = (asker, route, response.status_code, response.text[:200])
            stranger = role is None or (asker.endswith("token") and not path.startswith("/api/"))
            if may(asker, role, method, path):
                assert response.status_code not in {401, 403}, told
                assert response.status_code < 500, told
            else:
                assert response.status_code == (401 if stranger else 403), told
            assert response.headers["cache-control"] == "no-store", told
            if asker == "anonymous":
                assert "set-cookie" not in response.headers
            asked += 1
    assert asked >= 250


def test_what_is_public_is_the_same_for_everyone_and_sets_no_cookie(
    app: FastAPI,
    web: TestClient,
    askers: dict[str, tuple[Role | None, dict[str, str], dict[str, str]]],
) -> None:
    """Derived data included: counts, columns, history, files, and their ETags."""
    of_members = member_routes(app)
    asked = 0
    for method, route in routes_of(app):
        if method != "GET" or f"{method} {route.path}" in of_members or route.path == "/sign-in":
            continue
        answers = set()
        for _, for_safe, _ in askers.values():
            response = web.get(address_of(route.path), headers=for_safe)
            assert "set-cookie" not in response.headers, route.path
            told = response.headers.get("etag") or len(NONCE.sub("", response.text))
            answers.add((response.status_code, told))
            asked += 1
        assert len(answers) == 1, (route.path, answers)
    assert asked >= 100


def test_a_page_of_members_sends_strangers_to_the_sign_in_page_and_back(web: TestClient) -> None:
    response = web.get("/desk/tokens?lang=uk", headers={"Accept": "text/html"}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?to=%2Fdesk%2Ftokens&lang=uk"
    assert 'name="to" value="/desk/tokens"' in web.get(response.headers["location"]).text
    for elsewhere in ("//evil.example", "https://evil.example/desk", "/desk//evil.example", "/about", "/desk/../x"):
        assert 'name="to" value=""' in web.get("/sign-in", params={"to": elsewhere}).text
