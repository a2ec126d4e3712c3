"""Signing in: all failures get the same response, limits do not lock members out, and each session
is new.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text, update

from app.access import switch
from app.access.roles import Role
from app.accounts import keys, queries, second_factor
from app.accounts import sign_in as sign_in_module
from app.accounts.passwords import Passwords
from app.accounts.sign_in import PAIR
from app.http.shared_limits import Limit
from app.main import create_app
from app.models import Account, MemberSession
from tests.accounts.conftest import PASSWORD, NoCookies, session_key, sign_in
from tests.conftest import make_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.accounts.services import AccountServices
    from app.database.session import Sessions
    from app.theatre import Theatre
    from tests.accounts.conftest import MakeMember

WRONG = "wrong but long enough"


def cookies_of(response: Any) -> list[str]:
    cookies: list[str] = response.headers.get_list("set-cookie")
    return cookies


def test_sign_in_cookie_is_for_this_host_only(web: TestClient, make_member: MakeMember) -> None:
    make_member(name="olena")
    response = sign_in(web, " Olena ")
    assert response.status_code == 303
    assert response.headers["location"] == "/desk"
    assert response.headers["cache-control"] == "no-store"
    (cookie,) = [one for one in cookies_of(response) if one.startswith(f"{keys.SESSION_COOKIE}=")]
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert "max-age" not in cookie.lower()
    key = session_key(response)
    assert len(key) == 43
    page = web.get("/desk", headers={"Cookie": f"{keys.SESSION_COOKIE}={key}"})
    assert page.status_code == 200
    assert "olena" in page.text


def test_session_key_is_stored_as_a_hash(web: TestClient, make_member: MakeMember, sessions: Sessions) -> None:
    make_member(name="olena")
    key = session_key(sign_in(web, "olena"))
    with sessions.writing() as session:
        rows = session.execute(text("SELECT t::text FROM frontline.member_session t")).scalars().all()
        assert rows
        assert not any(key in row or key.encode().hex() in row for row in rows)
        stored = session.execute(text("SELECT password_hash FROM frontline.account")).scalars().all()
        assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in stored)


def test_session_fixation_is_prevented(web: TestClient, make_member: MakeMember, services: AccountServices) -> None:
    """Session fixation: the key is always new, and the session in the browser is ended."""
    mallory = make_member(name="mallory")
    make_member(name="olena")
    for planted in (mallory.key, "A" * 43, "chosen-by-mallory"):
        response = sign_in(web, "olena", headers={"Cookie": f"{keys.SESSION_COOKIE}={planted}"})
        assert session_key(response) not in {"", planted}
        assert web.get("/api/desk/me", headers={"Cookie": f"{keys.SESSION_COOKIE}={planted}"}).status_code == 401


def test_all_failures_get_the_same_response(
    web: TestClient, make_member: MakeMember, services: AccountServices
) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    seed = second_factor.new_seed()
    make_member(name="olena")
    make_member(name="disabled", disabled_at=past)
    make_member(name="ran-out", temporary_until=past)
    make_member(name="factored", factor_seed=seed)
    tries = [
        ("olena", WRONG, ""),
        ("nobody", PASSWORD, ""),
        ("disabled", PASSWORD, ""),
        ("ran-out", PASSWORD, ""),
        ("factored", PASSWORD, ""),
        ("factored", PASSWORD, "000000"),
        ("nul\0name", PASSWORD, ""),
        ("olena", "with\0nul", ""),
    ]
    answers = set()
    for name, password, code in tries:
        response = sign_in(web, name, password, code=code)
        assert response.status_code == 401, name
        assert cookies_of(response) == []
        body = re.sub(r'nonce="[^"]+"|value="[^"]*"', "", response.text)
        answers.add(body)
    assert len(answers) == 1
    assert "Wrong name, password or code." in answers.pop()


def test_unknown_and_known_accounts_cost_the_same_work(
    web: TestClient, make_member: MakeMember, services: AccountServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make bench ARGS=accounts` measures the time itself."""
    make_member(name="olena")
    sign_in(web, "unknown", WRONG)  # the first attempt also does work that is done only now and then
    monkeypatch.setattr(switch, "REFRESH_SECONDS", 60)
    checked: list[bool] = []
    statements: list[int] = []
    really = Passwords.verify

    def fits(self: Passwords, stored: str | None, password: str) -> bool:
        checked.append(stored is None)
        parameters = re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", stored or self._dummy_hash)
        assert parameters is not None
        return really(self, stored, password)

    monkeypatch.setattr(Passwords, "verify", fits)
    counting = services.sessions.writing

    def counted() -> Any:
        statements[-1] += 1
        return counting()

    monkeypatch.setattr(services.sessions, "writing", counted)
    for name in ("olena", "nobody"):
        statements.append(0)
        assert sign_in(web, name, WRONG).status_code == 401
    assert checked == [False, True]
    assert statements[0] == statements[1]


def test_too_long_password_is_refused_without_hashing(
    web: TestClient, make_member: MakeMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member(name="olena")
    hashed: list[int] = []
    really = Passwords.verify

    def fits(self: Passwords, stored: str | None, password: str) -> bool:
        hashed.append(len(password))
        return really(self, stored, password)

    monkeypatch.setattr(Passwords, "verify", fits)
    assert sign_in(web, "olena", "x" * 1_000_000).status_code == 413
    assert hashed == []
    assert sign_in(web, "olena", "x" * 50_000).status_code == 401
    assert sign_in(web, "o" * 50_000, PASSWORD).status_code == 401
    assert all(length <= 256 for length in hashed)


@pytest.fixture
def proxied_client(theatre: Theatre, sessions: Sessions, tmp_path: Path) -> Iterator[TestClient]:
    """The application behind a trusted proxy: requests come from many networks."""
    settings = make_settings(tmp_path, trusted_proxies="10.0.0.1")
    app = create_app(settings, theatre, sessions)
    # Dozens of attempts: at the real cost they would take half a minute.
    app.state.account_services = replace(app.state.account_services, passwords=Passwords(memory_kib=64, time_cost=1))
    client = TestClient(app, base_url="http://localhost", client=("10.0.0.1", 1), raise_server_exceptions=False)
    with client:
        client.cookies.jar.set_policy(NoCookies())
        yield client


@pytest.fixture
def attack_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """Lowers the number of attempts that count as an attack from fifty an hour to eight."""
    assert sign_in_module.ATTACK.most == 50
    monkeypatch.setattr(sign_in_module, "ATTACK", Limit(8, 3600))
    return 8


def from_network(address: str, **others: str) -> dict[str, str]:
    return {"X-Forwarded-For": address, "X-Forwarded-Proto": "https"} | others


def test_stranger_cannot_lock_out_an_analyst(
    proxied_client: TestClient, make_member: MakeMember, attack_limit: int
) -> None:
    """The attempts come from many networks, and from the analyst's own."""
    make_member(name="olena")
    home = from_network("198.51.100.7")
    known = [cookie.partition(";")[0] for cookie in cookies_of(sign_in(proxied_client, "olena", headers=home))]
    (mark,) = [cookie for cookie in known if cookie.startswith(keys.KNOWN_COOKIE)]
    for number in range(attack_limit + 5):
        sign_in(proxied_client, "olena", WRONG, headers=from_network(f"203.0.113.{number}"))
    # From a network that was never seen before, while the account is under attack.
    assert sign_in(proxied_client, "olena", headers=from_network("192.0.2.1")).status_code == 303
    # A stranger in the analyst's own network uses up its attempts; the analyst's browser is known.
    statuses = [sign_in(proxied_client, "olena", WRONG, headers=home).status_code for _ in range(12)]
    assert statuses[-1] == 429
    assert sign_in(proxied_client, "olena", headers=home).status_code == 429
    assert sign_in(proxied_client, "olena", headers=home | {"Cookie": mark}).status_code == 303


def test_attempts_are_limited_while_an_account_is_under_attack(
    proxied_client: TestClient, make_member: MakeMember, attack_limit: int
) -> None:
    make_member(name="olena")
    network = from_network("198.51.100.7")
    assert [sign_in(proxied_client, "olena", WRONG, headers=network).status_code for _ in range(6)] == [
        401
    ] * PAIR.most + [429]
    for number in range(attack_limit):
        sign_in(proxied_client, "olena", WRONG, headers=from_network(f"203.0.113.{number}"))
    late = from_network("192.0.2.9")
    assert [sign_in(proxied_client, "olena", WRONG, headers=late).status_code for _ in range(2)] == [401, 429]
    # Other accounts are not affected.
    assert sign_in(proxied_client, "unknown", WRONG, headers=from_network("192.0.2.10")).status_code == 401


def test_known_browser_cookie_is_for_one_account_and_installation(
    proxied_client: TestClient, make_member: MakeMember, services: AccountServices
) -> None:
    make_member(name="olena")
    for mark in (
        keys.new_known_mark(services.secret, "mallory"),
        keys.new_known_mark(type(services.secret)(b"another installation".ljust(32)), "olena"),
        "AAAA",
        "é",
    ):
        assert keys.known_browser(services.secret, "olena", mark) is None
    assert keys.known_browser(services.secret, "olena", keys.new_known_mark(services.secret, "olena")) is not None


def test_rotating_forwarded_addresses_are_limited(web: TestClient, make_member: MakeMember) -> None:
    """`X-Forwarded-For` of an untrusted client is ignored."""
    statuses = [
        sign_in(web, f"name-{number}", WRONG, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
    response = sign_in(web, "olena", WRONG, headers={"X-Forwarded-For": "203.0.113.99"})
    assert int(response.headers["retry-after"]) >= 1
    assert "Too many attempts" in response.text


def test_unknown_host_is_refused(web: TestClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", ""):
        assert sign_in(web, "olena", headers={"Host": host}).status_code == 400


def test_accounts_require_https_or_localhost(
    theatre: Theatre, sessions: Sessions, tmp_path: Path, make_member: MakeMember, services: AccountServices
) -> None:
    member = make_member(name="olena")
    app = create_app(
        make_settings(tmp_path, trusted_proxies="10.0.0.1", allowed_hosts="map.example"), theatre, sessions
    )
    ways = [
        ("http://map.example", "203.0.113.5", {}, False),
        ("http://map.example", "203.0.113.5", {"X-Forwarded-Proto": "https"}, False),
        ("http://localhost", "203.0.113.5", {}, False),
        ("http://localhost", "127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, False),
        ("http://map.example", "127.0.0.1", {}, False),
        ("http://map.example", "10.0.0.1", {}, False),
        ("http://map.example", "10.0.0.1", {"X-Forwarded-Proto": "https, http"}, False),
        ("http://map.example", "10.0.0.1", {"X-Forwarded-Proto": "https"}, True),
        ("https://map.example", "203.0.113.5", {}, True),
        ("http://localhost", "127.0.0.1", {}, True),
        ("http://[::1]", "::1", {}, True),
    ]
    for base, peer, headers, safe in ways:
        client = TestClient(app, base_url=base, client=(peer, 1), raise_server_exceptions=False)
        page = client.get("/sign-in", headers=headers)
        assert ("This connection is not secure" in page.text) is not safe, (base, peer)
        assert ('name="password"' in page.text) is safe
        assert sign_in(client, "olena", WRONG, headers=headers).status_code == (401 if safe else 403), (base, peer)
        response = client.get("/api/desk/me", headers=headers | member.cookie)
        assert response.status_code == (200 if safe else 401), (base, peer)


def test_second_factor_is_required_and_each_code_works_once(
    web: TestClient, make_member: MakeMember, services: AccountServices
) -> None:
    import pyotp

    seed = second_factor.new_seed()
    make_member(name="olena", factor_seed=seed)
    code = pyotp.TOTP(second_factor.secret_of(services.secret, seed)).now()
    assert sign_in(web, "olena").status_code == 401
    assert sign_in(web, "olena", WRONG, code=code).status_code == 401
    assert sign_in(web, "olena", code=f"{code[:3]} {code[3:]}").status_code == 303
    assert sign_in(web, "olena", code=code).status_code == 401


def test_expired_and_future_codes_are_refused(services: AccountServices) -> None:
    import pyotp

    now = dt.datetime(2025, 7, 21, 12, 0, 10, tzinfo=dt.UTC)
    secret = second_factor.secret_of(services.secret, b"s" * 32)
    totp = pyotp.TOTP(secret)
    for steps, taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        step = second_factor.step_of(secret, totp.at(now, counter_offset=steps), now)
        assert (step == totp.timecode(now) + steps) is taken


def test_code_attempts_are_limited(web: TestClient, make_member: MakeMember, services: AccountServices) -> None:
    olena = make_member(name="olena", factor_seed=second_factor.new_seed())
    mark = {"Cookie": f"{keys.KNOWN_COOKIE}={keys.new_known_mark(services.secret, 'olena')}"}
    statuses = [sign_in(web, "olena", code="000000", headers=mark).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert olena.get("/api/desk/me").status_code == 200, "open sessions stay valid"


def test_recovery_code_works_once(
    web: TestClient, make_member: MakeMember, services: AccountServices, sessions: Sessions
) -> None:
    olena = make_member(name="olena", factor_seed=second_factor.new_seed())
    codes = second_factor.new_recovery_codes()
    with sessions.writing() as session, session.begin():
        hashes = [second_factor.recovery_hash(services.secret, code) for code in codes]
        queries.replace_recovery_codes(session, olena.id, hashes)
    assert sign_in(web, "olena", code=codes[3].upper().replace("-", " ")).status_code == 303
    assert sign_in(web, "olena", code=codes[3]).status_code == 401
    assert sign_in(web, "olena", code=codes[4]).status_code == 303
    with sessions.writing() as session:
        assert queries.recovery_codes_left(session, olena.id) == 8
        stored = session.execute(text("SELECT t::text FROM frontline.recovery_code t")).scalars().all()
    assert not any(code.replace("-", "") in row for code in codes for row in stored)


def test_temporary_password_allows_only_choosing_a_new_one(web: TestClient, make_member: MakeMember) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    make_member(Role.ADMIN, "olena", temporary_until=later)
    response = sign_in(web, "olena", to="/desk/members")
    assert response.headers["location"] == "/desk/account"
    cookie = {"Cookie": f"{keys.SESSION_COOKIE}={session_key(response)}"}
    page = web.get("/desk/account", headers=cookie)
    assert page.status_code == 200
    assert "/desk/members" not in page.text
    sent = web.get("/desk/members", headers=cookie | {"Accept": "text/html"}, follow_redirects=False)
    assert sent.headers["location"] == "/desk/account"
    assert web.get("/api/desk/me", headers=cookie).json()["type"] == "/problems/own-password-needed"
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token is not None
    new = "quite another password"
    fields = {"form_token": token.group(1), "password": PASSWORD, "new_password": new, "again": new}
    changed = web.post("/desk/account/password", data=fields, headers=cookie, follow_redirects=False)
    assert changed.status_code == 303, changed.text
    assert web.get("/api/desk/me", headers=cookie).status_code == 401, "the old session has ended"
    cookie = {"Cookie": f"{keys.SESSION_COOKIE}={session_key(changed)}"}
    assert web.get("/desk/members", headers=cookie).status_code == 200
    assert sign_in(web, "olena", PASSWORD).status_code == 401
    assert sign_in(web, "olena", new).status_code == 303


def test_password_with_old_parameters_is_rehashed(web: TestClient, make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member(name="olena")
    weak = Passwords(memory_kib=1024, time_cost=1).hash(PASSWORD)
    with sessions.writing() as session, session.begin():
        session.execute(update(Account).where(Account.id == olena.id).values(password_hash=weak))
    assert sign_in(web, "olena").status_code == 303
    with sessions.writing() as session:
        assert session.get_one(Account, olena.id).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_sign_in_counts_store_no_addresses(web: TestClient, make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member(name="olena")
    sign_in(web, "olena", WRONG)
    sign_in(web, "nobody", WRONG)
    sign_in(web, "olena")
    with sessions.writing() as session:
        counts = queries.sign_in_counts(session, days=7)
        columns = session.execute(text("SELECT * FROM frontline.sign_in_count")).keys()
    assert (counts[olena.id].succeeded, counts[olena.id].failed) == (1, 1)
    assert counts[queries.NO_ACCOUNT].failed == 1
    assert set(columns) == {"day", "account_id", "succeeded", "failed"}


def test_ended_sessions_are_deleted(web: TestClient, make_member: MakeMember, sessions: Sessions) -> None:
    old = make_member(name="olena")
    with sessions.writing() as session, session.begin():
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=13)
        session.execute(update(MemberSession).where(MemberSession.account_id == old.id).values(started_at=long_ago))
    sign_in(web, "olena")
    with sessions.writing() as session:
        assert session.execute(text("SELECT count(*) FROM frontline.member_session")).scalar() == 1
