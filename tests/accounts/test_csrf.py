"""Requests that another site made a member's browser send: at every route that changes something,
nothing changes.
"""

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
    from tests.accounts.conftest import MakeMember, Somebody

OTHER = str(uuid.UUID(int=9))
# Forms that would do something, were they sent from our own pages. `{other}` is another member,
# `{session}` a session.
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
# Those that change rows when they are sent as they should be, in the state that this test makes.
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
# Of our own origin, as far as can be seen, but without what only our pages know.
FORGERIES = ("no token", "a token of another session", "a token of another installation", "nonsense")


@pytest.fixture
def victim(make_member: MakeMember) -> Somebody:
    return make_member(Role.ADMIN, "victim")


def state_of(connection: Connection) -> list[tuple[str, int, int]]:
    """Every table, how many rows it has, and what all of them hold."""
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


def test_no_attack_changes_a_row_at_any_unsafe_route(
    app: FastAPI, web: TestClient, victim: Somebody, make_member: MakeMember, connection: Connection
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
        # With the right token even: the browser's word that another site asks is enough.
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


def test_the_same_forms_do_something_when_they_are_ours(
    app: FastAPI, victim: Somebody, make_member: MakeMember, services: AccountServices, connection: Connection
) -> None:
    """Or the test above would prove nothing."""
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


def test_a_token_needs_no_form_token_and_never_rides_on_a_cookie(
    web: TestClient, victim: Somebody, services: AccountServices
) -> None:
    bad = {"Authorization": "Bearer frontline_" + "A" * 43}
    assert web.get("/api/desk/me", headers=victim.cookie).status_code == 200
    for header in (bad, {"Authorization": "Basic dmljdGltOng="}, {"Authorization": ""}, {"Authorization": "Bearer"}):
        assert web.get("/api/desk/me", headers=victim.cookie | header).status_code == 401
    refused = victim.post("/desk/switch", {"mode": "closed"}, **bad)
    assert refused.status_code == 401


def test_form_tokens_differ_each_time_and_all_hold(services: AccountServices, victim: Somebody) -> None:
    tokens = {victim.token for _ in range(20)}
    assert len(tokens) == 20
    assert all(keys.is_form_token(services.secret, victim.key, token) for token in tokens)
    assert not any(keys.is_form_token(services.secret, "another", token) for token in tokens)
    for nonsense in ("", "é", "AAAA", "=" * 88, victim.token[:-4]):
        assert not keys.is_form_token(services.secret, victim.key, nonsense)
