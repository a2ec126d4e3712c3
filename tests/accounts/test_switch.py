"""The incident switch: which requests each position allows, and that every process follows it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from app.access import switch
from app.access.form_token import SAFE_METHODS
from app.access.modes import Mode
from app.access.roles import Role
from app.access.switch import ALWAYS_OPEN, READS_BY_POST, Switch, refusal_of, set_mode
from app.database.session import Sessions
from tests.accounts.conftest import session_key, sign_in
from tests.accounts.test_matrix import address_of, member_routes, routes_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from tests.accounts.conftest import MakeMember, SignedInMember


@pytest.fixture(autouse=True)
def read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disables the half-second cache of the switch."""
    monkeypatch.setattr(switch, "REFRESH_SECONDS", -1)


@pytest.fixture
def admin(make_member: MakeMember) -> SignedInMember:
    return make_member(Role.ADMIN, "admin")


def put(admin: SignedInMember, mode: str) -> None:
    assert admin.post("/desk/switch", {"mode": mode}).headers["location"] == "/desk/switch?done=switched"


def test_read_only_refuses_every_write_with_a_message(app: FastAPI, web: TestClient, admin: SignedInMember) -> None:
    put(admin, "read_only")
    refused = 0
    for method, route in routes_of(app):
        address = address_of(route.path)
        if method in SAFE_METHODS or route.path in ALWAYS_OPEN | READS_BY_POST:
            continue
        for headers in ({}, admin.cookie | {"X-Form-Token": admin.token}):
            response = web.request(method, address, headers=headers)
            assert response.status_code == 503, (method, route.path)
            assert "can only be read" in response.json()["detail"]
            assert int(response.headers["retry-after"]) > 0
            refused += 1
    assert refused > 30
    for path in ("/", "/api/collections/events/items", "/desk", "/desk/switch"):
        assert admin.get(path).status_code == 200, path
    assert web.post("/track", data={"code": "x"}).status_code == 404
    put(admin, "normal")
    assert web.post("/api/submissions", json={}).status_code == 422


def test_closed_has_a_notice_and_lets_administrators_sign_in(
    app: FastAPI, web: TestClient, admin: SignedInMember, make_member: MakeMember
) -> None:
    analyst = make_member(name="analyst")
    put(admin, "closed")
    shut = 0
    for method, route in routes_of(app):
        if route.path in ALWAYS_OPEN or route.path == "/livez":
            continue
        for headers in ({}, admin.cookie):
            response = web.request(method, address_of(route.path), headers=headers)
            assert response.status_code == 503, (method, route.path)
            assert "set-cookie" not in response.headers
            shut += 1
    assert shut > 80
    for path in ("/api/openapi.json", "/nothing", "/.well-known/x"):
        assert web.get(path).status_code == 503
    assert web.get("/livez").status_code == 200
    assert web.get("/static/css/tokens.css").status_code == 200
    page = web.get("/", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 503
    assert "temporarily closed" in page.text
    assert "content-security-policy" in page.headers
    assert sign_in(web, "analyst").status_code == 503
    assert analyst.get("/desk/switch").status_code == 403
    opened = sign_in(web, "admin")
    assert opened.headers["location"] == "/desk/switch"
    assert session_key(opened)
    put(admin, "normal")
    assert web.get("/").status_code == 200


def test_allowed_routes_of_the_switch_exist(app: FastAPI) -> None:
    paths = {route.path for _, route in routes_of(app)}
    assert paths >= ALWAYS_OPEN | READS_BY_POST
    of_members = {route.partition(" ")[2] for route in member_routes(app)}
    assert of_members >= ALWAYS_OPEN - {"/sign-in"}


class Told(Switch):
    """A switch whose database a test plays."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answer: Mode | None = Mode.CLOSED
        super().__init__(Sessions.__new__(Sessions), clock=lambda: self.now)

    @override
    def _read(self) -> Mode:
        if self.answer is None:
            raise OperationalError("", {}, Exception())
        return self.answer


def test_last_position_holds_for_seconds_while_the_database_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "KNOWN_SECONDS", 5.0)

    async def run() -> None:
        known = Told()
        assert (await known.mode(), known.is_database_away()) == (Mode.CLOSED, False)
        known.answer = None
        for now, mode in ((1.0, Mode.CLOSED), (5.0, Mode.CLOSED), (5.1, None), (3600.0, None)):
            known.now = now
            assert (await known.mode(), known.is_database_away()) == (mode, True), now
        known.answer = Mode.NORMAL
        known.now += 1
        assert (await known.mode(), known.is_database_away()) == (Mode.NORMAL, False)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/readyz", True), ("/", False), ("/api/collections/events/items", False), ("/sign-in", False), ("/desk", False)],
)
def test_everything_with_data_is_closed_while_the_position_is_unknown(path: str, *, allowed: bool) -> None:
    refusal = refusal_of(None, "GET", path)
    assert (refusal is None) == allowed
    assert refusal is None or refusal.status == 503


def test_setting_it_twice_is_one_row(sessions: Sessions) -> None:
    with sessions.writing() as session, session.begin():
        for mode in (Mode.CLOSED, Mode.NORMAL, Mode.READ_ONLY):
            set_mode(session, mode)
        assert switch.read_mode(session) is Mode.READ_ONLY
