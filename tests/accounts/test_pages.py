"""The forms of member pages: account, second factor, members, audit log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import text

from app.access.roles import Role
from tests.accounts.conftest import PASSWORD, session_key, sign_in

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from tests.accounts.conftest import MakeMember

NEW = "four unrelated words here"


def id_of(sessions: Sessions, name: str) -> str:
    with sessions.writing() as session:
        return str(session.scalar(text("SELECT id FROM frontline.account WHERE name = :name"), {"name": name}))


def audit_actions(sessions: Sessions) -> list[str]:
    with sessions.writing() as session:
        return list(session.scalars(text("SELECT kind FROM frontline.account_act ORDER BY at, id")))


def test_new_password_must_be_valid_and_current_one_correct(make_member: MakeMember, web: TestClient) -> None:
    olena = make_member(name="olena")
    for wrong, message in (
        ({"again": "another"}, "do not match"),
        ({"new_password": "short", "again": "short"}, "12 characters"),
        ({"new_password": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"}, "easy to guess"),
        ({"new_password": "I am Olena of Kyiv", "again": "I am Olena of Kyiv"}, "easy to guess"),
        ({"new_password": PASSWORD, "again": PASSWORD}, "old one"),
        ({"password": "not the password"}, "Wrong password"),
    ):
        response = olena.post(
            "/desk/account/password", {"password": PASSWORD, "new_password": NEW, "again": NEW} | wrong
        )
        assert response.status_code == 422, wrong
        assert message in response.text
    changed = olena.post("/desk/account/password", {"password": PASSWORD, "new_password": NEW, "again": NEW})
    assert changed.status_code == 303
    assert olena.get("/desk").status_code == 401
    assert session_key(changed) not in {"", olena.key}
    assert sign_in(web, "olena").status_code == 401
    assert sign_in(web, "olena", NEW).status_code == 303


def test_password_guesses_in_a_session_are_limited(make_member: MakeMember) -> None:
    olena = make_member()
    statuses = [
        olena.post("/desk/account/second-factor", {"password": f"guess {number}"}).status_code for number in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_second_factor_from_qr_code_to_sign_in(make_member: MakeMember, web: TestClient, sessions: Sessions) -> None:
    olena = make_member(name="olena")
    page = olena.post("/desk/account/second-factor", {"password": PASSWORD})
    assert 'src="data:image/svg+xml' in page.text
    secret = re.search(r'desk-secret">([A-Z2-7 ]+)<', page.text)
    assert secret is not None
    totp = pyotp.TOTP(secret.group(1).replace(" ", ""))
    assert sign_in(web, "olena").status_code == 303, "not required before a code was confirmed"
    wrong = olena.post("/desk/account/second-factor/confirm", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret.group(1) in wrong.text
    confirmed = olena.post("/desk/account/second-factor/confirm", {"code": totp.now()})
    assert confirmed.status_code == 200
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", confirmed.text)
    assert len(set(codes)) == 10
    assert sign_in(web, "olena").status_code == 401
    assert sign_in(web, "olena", code=totp.now()).status_code == 401, "the code that enabled the second factor is used"
    assert sign_in(web, "olena", code=codes[0]).status_code == 303
    assert "Recovery codes left: 9." in olena.get("/desk/account").text
    renewed = olena.post("/desk/account/recovery-codes", {"password": PASSWORD})
    assert len(re.findall(r"<code>([a-z2-9-]{19})</code>", renewed.text)) == 10
    assert sign_in(web, "olena", code=codes[1]).status_code == 401
    assert olena.post("/desk/account/second-factor/remove", {"password": PASSWORD}).status_code == 303
    assert sign_in(web, "olena").status_code == 303
    done = ["second_factor_on", "recovery_codes_made", "recovery_code_used", "recovery_codes_made", "second_factor_off"]
    assert sorted(audit_actions(sessions)) == sorted(done)


def test_member_account_lifecycle(make_member: MakeMember, web: TestClient, sessions: Sessions) -> None:
    admin = make_member(Role.ADMIN, "admin")
    made = admin.post("/desk/members", {"name": "Taras", "role": "contributor"})
    given = re.search(r'id="temporary-password">([a-z2-9-]{23})<', made.text)
    assert given is not None
    assert "taras" in made.text
    assert given.group(1) not in admin.get("/desk/members").text
    assert sign_in(web, "taras", given.group(1)).headers["location"] == "/desk/account"
    taras = id_of(sessions, "taras")
    assert admin.post("/desk/members", {"name": "taras", "role": "admin"}).status_code == 422
    for bad in ("t", "ta ras", "тарас", "x" * 41, "-taras", "nul\0"):
        assert admin.post("/desk/members", {"name": bad, "role": "admin"}).status_code == 422, bad
    assert admin.post("/desk/members/role", {"chosen": taras, "role": "editor"}).status_code == 303
    reset = admin.post("/desk/members/reset", {"chosen": taras})
    again = re.search(r'id="temporary-password">([a-z2-9-]{23})<', reset.text)
    assert again is not None
    assert sign_in(web, "taras", given.group(1)).status_code == 401
    assert sign_in(web, "taras", again.group(1)).status_code == 303
    assert admin.post("/desk/members/disable", {"chosen": taras}).status_code == 303
    assert sign_in(web, "taras", again.group(1)).status_code == 401
    assert "failed sign-ins in 7 days: 2" in admin.get("/desk/members").text
    assert admin.post("/desk/members/enable", {"chosen": taras}).status_code == 303
    assert sorted(audit_actions(sessions)) == sorted(
        ["created", "role_changed", "password_reset", "disabled", "enabled"]
    )
    record = admin.get("/desk/acts").text
    for words in ("Contributor → Editor", "account created", "password reset", "account disabled", "admin"):
        assert words in record, words


def test_last_administrator_cannot_be_removed(make_member: MakeMember) -> None:
    admin = make_member(Role.ADMIN, "admin")
    for path, fields in (
        ("/desk/members/disable", {"chosen": str(admin.id)}),
        ("/desk/members/role", {"chosen": str(admin.id), "role": "editor"}),
    ):
        response = admin.post(path, fields)
        assert response.status_code == 422
        assert "last administrator" in response.text
    make_member(Role.ADMIN, "second")
    assert admin.post("/desk/members/role", {"chosen": str(admin.id), "role": "editor"}).status_code == 303


def test_pages_are_in_the_readers_language(make_member: MakeMember, web: TestClient) -> None:
    admin = make_member(Role.ADMIN, "admin")
    for name in ("", "/account", "/sessions", "/tokens", "/members", "/acts", "/switch"):
        path = f"/desk{name}"
        page = admin.get(f"{path}?lang=uk").text
        assert 'lang="uk"' in page
        assert f'href="{path}?lang=uk" aria-current="page"' in page
        assert re.search(r'action="/sign-out\?lang=uk"', page), path
    assert "Увійти" in web.get("/sign-in?lang=uk").text
    redirect = admin.post("/desk/sessions/end-others?lang=uk").headers["location"]
    assert redirect == "/desk/sessions?done=sessions&lang=uk"
    assert "Інші ваші сеанси завершено" in admin.get(redirect).text


def test_map_links_to_the_desk_and_sets_no_cookie(web: TestClient) -> None:
    page = web.get("/")
    assert 'href="/desk"' in page.text
    for path in ("/", "/about", "/submit", "/track", "/sign-in", "/api/docs", "/nothing"):
        assert "set-cookie" not in web.get(path, headers={"Accept": "text/html"}).headers, path
