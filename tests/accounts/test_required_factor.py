"""A second factor that roles require: who must set it up, what they reach before, and that nobody
is locked out.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, get_args

import pyotp
import pytest
from pydantic import ValidationError
from sqlalchemy import update

from app.access.entry import SECOND_FACTOR_PATHS
from app.access.modes import Mode
from app.access.rights import RIGHTS
from app.access.roles import Role
from app.access.switch import set_mode
from app.accounts import administration, keys, second_factor
from app.models import Account, ApiToken
from app.settings import Settings
from tests.accounts.conftest import PASSWORD, session_key, sign_in
from tests.accounts.test_matrix import address_of, is_allowed
from tests.conftest import make_settings
from tests.sampling import IS_LONG

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.accounts.services import AccountServices
    from app.database.session import Sessions
    from tests.accounts.conftest import MakeMember, SignedInMember

REQUIRED = (Role.EDITOR, Role.ADMIN)
NEEDED = "/problems/second-factor-needed"
HTML = {"Accept": "text/html"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path, second_factor_roles="editor, admin")


def make_token(sessions: Sessions, services: AccountServices, member: SignedInMember) -> dict[str, str]:
    token = keys.new_token()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with sessions.writing() as session, session.begin():
        hashed = keys.token_hash(services.secret, token)
        session.add(ApiToken(account_id=member.id, token_hash=hashed, label="x", scope="write", expires_at=later))
    return {"Authorization": f"Bearer {token}"}


def enrol(member: SignedInMember) -> pyotp.TOTP:
    """Sets up the second factor in the member's session, as on the pages."""
    page = member.post("/desk/account/second-factor", {"password": PASSWORD}).text
    secret = re.search(r'desk-secret">([A-Z2-7 ]+)<', page)
    assert secret is not None
    totp = pyotp.TOTP(secret.group(1).replace(" ", ""))
    confirmed = member.post("/desk/account/second-factor/confirm", {"code": totp.now()})
    assert len(re.findall(r"<code>([a-z2-9-]{19})</code>", confirmed.text)) == 10
    return totp


@pytest.mark.sampled
def test_every_role_at_every_route_with_and_without_a_factor(
    app: FastAPI,
    web: TestClient,
    connection: Connection,
    make_member: MakeMember,
    services: AccountServices,
    sessions: Sessions,
) -> None:
    """Without the required factor, only the routes of the setup answer, and no route to a token.

    `make test` tries one session and one token without the factor.
    """
    clients: list[tuple[str, Role, bool, dict[str, str], dict[str, str]]] = []
    for role in Role:
        for seed in (None, second_factor.new_seed()):
            member = make_member(role, factor_seed=seed)
            lacking = role in REQUIRED and seed is None
            by_token = make_token(sessions, services, member)
            clients += [
                ("session", role, lacking, member.cookie, member.cookie | {"X-Form-Token": member.token}),
                ("write token", role, lacking, by_token, by_token),
            ]
    if not IS_LONG:
        clients = [one for one in clients if one[2] and (one[0] == "session") is (one[1] is Role.EDITOR)]
        assert len(clients) == 2
    for route in sorted(RIGHTS):
        method, _, path = route.partition(" ")
        for kind, role, lacking, for_safe, for_unsafe in clients:
            before = connection.begin_nested()
            headers = {"Accept": "application/json"} | (for_safe if method == "GET" else for_unsafe)
            response = web.request(method, address_of(path), headers=headers, follow_redirects=False)
            before.rollback()
            details = (kind, role, lacking, route, response.status_code, response.text[:200])
            if kind == "write token" and not path.startswith("/api/"):
                assert response.status_code == 401, details
            elif lacking and (kind == "write token" or path not in SECOND_FACTOR_PATHS):
                assert response.status_code == 403, details
                assert response.json()["type"] == NEEDED, details
            else:
                refused = response.status_code in {401, 403}
                assert refused is not is_allowed(kind, role, method, path), details
                assert response.status_code < 500, details


def test_sign_in_leads_to_the_setup_and_ends_there(
    web: TestClient, make_member: MakeMember, services: AccountServices, sessions: Sessions
) -> None:
    """The session that was open before the setting is led there as well."""
    olena = make_member(Role.EDITOR, "olena")
    token = make_token(sessions, services, olena)
    opened = sign_in(web, "olena", to="/desk/queue")
    cookie = {"Cookie": f"{keys.SESSION_COOKIE}={session_key(opened)}"}
    for headers in (cookie, olena.cookie):
        sent = web.get(opened.headers["location"], headers=headers | HTML, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/desk/account")
    page = olena.get("/desk/account").text
    assert "Your role requires two-factor authentication" in page
    assert 'action="/desk/account/second-factor"' in page
    assert 'action="/desk/account/password"' not in page
    assert 'href="/desk/queue"' not in page
    assert web.get("/api/desk/me", headers=token).status_code == 403
    totp = enrol(olena)
    assert olena.get("/desk/queue").status_code == 200
    assert web.get("/desk/queue", headers=cookie).status_code == 200
    assert web.get("/api/desk/me", headers=token).status_code == 200, "the same token works afterwards"
    assert sign_in(web, "olena").status_code == 401
    # The factor cannot be turned off, but moved to another device.
    page = olena.get("/desk/account").text
    assert "/desk/account/second-factor/remove" not in page
    refused = olena.post("/desk/account/second-factor/remove", {"password": PASSWORD})
    assert refused.status_code == 422
    assert enrol(olena).secret != totp.secret
    assert olena.post("/sign-out").status_code == 303


def test_temporary_password_comes_before_the_factor(
    web: TestClient, make_member: MakeMember, sessions: Sessions, services: AccountServices
) -> None:
    """After `frontline account reset` a member who has lost everything is back in two steps."""
    make_member(Role.ADMIN, "olena", factor_seed=second_factor.new_seed())
    with sessions.writing() as session, session.begin():
        account = administration.find_account(session, "olena")
        temporary = administration.reset(session, services.passwords, account, by=None)
    key = session_key(sign_in(web, "olena", temporary))

    def ask(method: str, path: str, **fields: Any) -> Any:
        sent = {"form_token": keys.form_token(services.secret, key)} | fields if method == "POST" else None
        headers = {"Cookie": f"{keys.SESSION_COOKIE}={key}"} | HTML
        return web.request(method, path, data=sent, headers=headers, follow_redirects=False)

    assert ask("POST", "/desk/account/second-factor", password=temporary).status_code == 403
    assert "Someone else has seen your temporary password" in ask("GET", "/desk/account").text
    changed = ask("POST", "/desk/account/password", password=temporary, new_password=PASSWORD, again=PASSWORD)
    key = session_key(changed)
    assert "Your role requires two-factor authentication" in ask("GET", "/desk/account").text
    assert ask("GET", "/desk").headers["location"] == "/desk/account"


@pytest.mark.parametrize("mode", [Mode.READ_ONLY, Mode.CLOSED])
def test_incident_switch_locks_no_administrator_out(
    app: FastAPI, make_member: MakeMember, sessions: Sessions, mode: Mode
) -> None:
    olena = make_member(Role.ADMIN, "olena")
    with sessions.writing() as session, session.begin():
        set_mode(session, mode)
    app.state.switch.expire()
    assert olena.get("/desk/switch", **HTML).headers["location"] == "/desk/account"
    enrol(olena)
    assert olena.post("/desk/switch", {"mode": "normal"}).status_code == 303


def test_promotion_requires_the_factor_from_the_next_request(make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member(Role.ANALYST)
    assert olena.get("/api/desk/me").status_code == 200
    with sessions.writing() as session, session.begin():
        session.execute(update(Account).where(Account.id == olena.id).values(role="editor"))
    assert olena.get("/api/desk/me").json()["type"] == NEEDED


def test_setting_knows_the_roles(tmp_path: Path) -> None:
    annotation = Settings.model_fields["second_factor_roles"].annotation
    assert set(get_args(get_args(annotation)[0])) == set(Role)
    with pytest.raises(ValidationError, match="second_factor_roles"):
        make_settings(tmp_path, second_factor_roles="administrator")
