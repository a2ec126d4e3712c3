"""Cross-site requests with a member's cookies: no route that changes data accepts them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.access.form_token import SAFE_METHODS
from app.access.roles import Role
from app.accounts import keys
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_matrix import address_of, member_routes, routes_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Connection

    from app.accounts.services import AccountServices
    from tests.accounts.conftest import MakeMember, SignedInMember

OTHER = str(uuid.UUID(int=9))
# Forms that succeed if our own pages send them. `{other}` is another member, `{session}` a session.
FORMS: dict[str, dict[str, Any]] = {
    "/desk/account/password": {
        "password": PASSWORD,
        "new_password": "a new one of some length",
        "again": "a new one of some length",
    },
    "/desk/account/second-factor": {"password": PASSWORD},
    "/desk/account/second-factor/confirm": {"code": "000000"},
    "/desk/account/second-factor/remove": {"password": PASSWORD},
    "/desk/account/recovery-codes": {"password": PASSWORD},
    "/desk/sessions/end": {"chosen": "{session}"},
    "/desk/tokens": {"label": "evil", "scope": "write", "days": "365", "password": PASSWORD},
    "/desk/tokens/revoke": {"chosen": OTHER},
    "/desk/members": {"name": "evil", "role": "admin"},
    "/desk/members/role": {"chosen": "{other}", "role": "admin"},
    "/desk/members/reset": {"chosen": "{other}"},
    "/desk/members/disable": {"chosen": "{other}"},
    "/desk/members/enable": {"chosen": "{other}"},
    "/desk/members/sign-out": {"chosen": "{other}"},
    "/desk/switch": {"mode": "closed"},
    "/sign-in": {"name": "{name}", "password": PASSWORD},
}
# Forms that change rows in the state of this test if they are sent correctly.
DO_SOMETHING = set(FORMS) - {
    "/desk/account/second-factor/confirm",
    "/desk/account/recovery-codes",
    "/desk/tokens/revoke",
    "/desk/members/enable",
} | {"/desk/sessions/end-others", "/desk/switch/sign-everyone-out", "/sign-out"}

ATTACKS: dict[str, dict[str, str]] = {
    "a form of another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "a form of a neighbour": {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.localhost"},
    "an old browser": {"Origin": "https://evil.example"},
    "a frame without an origin": {"Origin": "null"},
}
# Headers that look like our own origin, but without the form token.
FORGERIES = ("no token", "a token of another session", "a token of another installation", "nonsense")


@pytest.fixture
def victim(make_member: MakeMember) -> SignedInMember:
    return make_member(Role.ADMIN, "victim")


def state_of(connection: Connection) -> list[tuple[str, int, int]]:
    """Returns every table with its number of rows and a digest of their content."""
    names = connection.scalars(
        text("SELECT relname FROM pg_class WHERE relnamespace = 'frontline'::regnamespace AND relkind = 'r' ORDER BY 1")
    ).all()
    question = " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM frontline.{name} t"  # noqa: S608 - names of the catalogue
        for name in names
        if not name.startswith("place")
    )
    connection.execute(text("SET ROLE postgres"))
    return [(row[0], row[1], row[2]) for row in connection.execute(text(question))]


def unsafe(app: FastAPI) -> list[tuple[str, str]]:
    return sorted({(method, route.path) for method, route in routes_of(app) if method not in SAFE_METHODS})


def filled(path: str, **values: str) -> dict[str, str]:
    return {name: value.format(**values) for name, value in FORMS.get(path, {}).items()}


def test_cross_site_requests_change_no_row(
    app: FastAPI, web: TestClient, victim: SignedInMember, make_member: MakeMember, connection: Connection
) -> None:
    other = make_member(Role.CONTRIBUTOR, "other")
    values = {"other": str(other.id), "session": OTHER, "name": "victim"}
    before = state_of(connection)
    of_members = member_routes(app)
    tokens = {
        "no token": "",
        "a token of another session": other.token,
        "a token of another installation": "A" * len(other.token),
        "nonsense": "\N{GRINNING FACE} ' --",
    }
    tried = 0
    for method, path in unsafe(app):
        attempts = [(name, headers, "") for name, headers in ATTACKS.items()]
        # A request with a valid token is refused too if the browser says that another site sent it.
        attempts += [(f"{name}, token stolen", headers, victim.token) for name, headers in ATTACKS.items()]
        if f"{method} {path}" in of_members:
            ours = {"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost"}
            attempts += [(name, ours, tokens[name]) for name in FORGERIES]
            attempts += [(f"{name}, old browser", {}, tokens[name]) for name in FORGERIES]
        for attack, headers, token in attempts:
            fields = filled(path, **values) | ({"form_token": token} if token else {})
            response = web.request(
                method, address_of(path), data=fields, headers=victim.cookie | headers, follow_redirects=False
            )
            assert response.status_code == 403, (method, path, attack, response.status_code)
            tried += 1
    assert tried > 250
    assert state_of(connection) == before


def test_same_forms_from_own_pages_change_rows(
    app: FastAPI, victim: SignedInMember, make_member: MakeMember, services: AccountServices, connection: Connection
) -> None:
    """This test shows that the test above can fail."""
    other = make_member(Role.CONTRIBUTOR, "other")
    with services.sessions.writing() as session, session.begin():
        from app.accounts.sign_in import open_session

        open_session(services, session, victim.id)
    second = str(
        connection.scalar(
            text("SELECT id FROM frontline.member_session WHERE account_id = :id AND session_hash <> :h"),
            {"id": victim.id, "h": keys.session_hash(services.secret, victim.key)},
        )
    )
    paths = {path for _, path in unsafe(app)}
    assert paths >= DO_SOMETHING
    for path in sorted(DO_SOMETHING):
        saved = connection.begin_nested()
        before = state_of(connection)
        response = victim.post(path, filled(path, other=str(other.id), session=second, name="victim"))
        assert response.status_code in {200, 303}, (path, response.status_code, response.text[-600:])
        assert state_of(connection) != before, path
        saved.rollback()


def test_api_token_needs_no_form_token_and_no_cookie(
    web: TestClient, victim: SignedInMember, services: AccountServices
) -> None:
    bad = {"Authorization": "Bearer frontline_" + "A" * 43}
    assert web.get("/api/desk/me", headers=victim.cookie).status_code == 200
    for header in (bad, {"Authorization": "Basic dmljdGltOng="}, {"Authorization": ""}, {"Authorization": "Bearer"}):
        assert web.get("/api/desk/me", headers=victim.cookie | header).status_code == 401
    refused = victim.post("/desk/switch", {"mode": "closed"}, **bad)
    assert refused.status_code == 401


def test_form_tokens_differ_and_all_are_valid(services: AccountServices, victim: SignedInMember) -> None:
    tokens = {victim.token for _ in range(20)}
    assert len(tokens) == 20
    assert all(keys.is_form_token(services.secret, victim.key, token) for token in tokens)
    assert not any(keys.is_form_token(services.secret, "another", token) for token in tokens)
    for nonsense in ("", "é", "AAAA", "=" * 88, victim.token[:-4]):
        assert not keys.is_form_token(services.secret, victim.key, nonsense)
