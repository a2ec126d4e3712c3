"""Sessions: they end on time and on request, and their keys are valid nowhere else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from app.access.roles import Role
from app.accounts import administration, keys
from app.main import create_app
from app.models import MemberSession
from tests.accounts.conftest import NoCookies
from tests.conftest import make_settings

if TYPE_CHECKING:
    from pathlib import Path

    from app.accounts.services import AccountServices
    from app.database.session import Sessions
    from app.theatre import Theatre
    from tests.accounts.conftest import MakeMember, SignedInMember

ME = "/api/desk/me"


def make_older(sessions: Sessions, member: SignedInMember, **ago: dt.timedelta) -> None:
    moments = {name: dt.datetime.now(dt.UTC) - past for name, past in ago.items()}
    with sessions.writing() as session, session.begin():
        session.execute(update(MemberSession).where(MemberSession.account_id == member.id).values(moments))


@pytest.mark.parametrize(
    ("started_min", "seen_min", "status"),
    [(0, 0, 200), (118, 118, 200), (121, 121, 401), (718, 1, 200), (721, 1, 401)],
)
def test_session_expires(
    make_member: MakeMember, sessions: Sessions, started_min: int, seen_min: int, status: int
) -> None:
    olena = make_member()
    make_older(sessions, olena, started_at=dt.timedelta(minutes=started_min), seen_at=dt.timedelta(minutes=seen_min))
    assert olena.get(ME).status_code == status


def test_use_extends_a_session_up_to_its_maximum_age(make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member()
    for _ in range(3):
        make_older(sessions, olena, seen_at=dt.timedelta(minutes=100))
        assert olena.get(ME).status_code == 200
    with sessions.writing() as session:
        seen = session.scalar(select(MemberSession.seen_at).where(MemberSession.account_id == olena.id))
    assert seen is not None
    assert dt.datetime.now(dt.UTC) - seen < dt.timedelta(minutes=2)


def test_copied_cookie_is_invalid_after_sign_out(make_member: MakeMember) -> None:
    olena = make_member()
    token = olena.token
    response = olena.post("/sign-out")
    assert response.status_code == 303
    gone = response.headers.get_list("set-cookie")
    assert sorted(cookie.partition("=")[0] for cookie in gone) == [keys.SESSION_COOKIE, keys.KNOWN_COOKIE]
    assert all("Max-Age=0" in cookie and "Secure" in cookie for cookie in gone)
    assert olena.get(ME).status_code == 401
    assert olena.post("/desk/sessions/end-others", {"form_token": token}).status_code == 401


def test_disabling_ends_sessions_and_tokens_permanently(make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member()
    with sessions.writing() as session, session.begin():
        administration.disable(session, olena.id, by=None)
    assert olena.get(ME).status_code == 401
    with sessions.writing() as session, session.begin():
        administration.enable(session, olena.id, by=None)
    assert olena.get(ME).status_code == 401


def test_new_role_applies_at_the_next_request(make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member(Role.ADMIN, "olena")
    make_member(Role.ADMIN)
    assert olena.get("/desk/members").status_code == 200
    with sessions.writing() as session, session.begin():
        administration.change_role(session, olena.id, Role.ANALYST, by=None)
    assert olena.get("/desk/members").status_code == 403


def test_cookie_of_another_installation_is_invalid(
    make_member: MakeMember, theatre: Theatre, sessions: Sessions, tmp_path: Path
) -> None:
    """Even over a copy of the same database."""
    olena = make_member()
    other = create_app(make_settings(tmp_path / "other"), theatre, sessions)
    client = TestClient(other, base_url="https://localhost", raise_server_exceptions=False)
    client.cookies.jar.set_policy(NoCookies())
    assert olena.get(ME).status_code == 200
    assert client.get(ME, headers=olena.cookie).status_code == 401


def test_stored_hash_is_not_a_valid_key(make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member()
    with sessions.writing() as session:
        stored = session.scalar(text("SELECT encode(session_hash, 'base64') FROM frontline.member_session"))
    for key in (stored, "", "x" * 5000, "\N{GRINNING FACE}".encode().decode("latin-1")):
        cookie = f"{keys.SESSION_COOKIE}={key}".encode("latin-1")
        assert olena.client.get(ME, headers={b"Cookie": cookie}).status_code == 401


def test_members_end_only_their_own_sessions(
    make_member: MakeMember, services: AccountServices, sessions: Sessions
) -> None:
    from app.accounts.sign_in import open_session

    olena, taras = make_member(), make_member()
    with sessions.writing() as session, session.begin():
        second = open_session(services, session, olena.id)
        (mine, other) = (
            session.scalar(
                select(MemberSession.id).where(MemberSession.session_hash == keys.session_hash(services.secret, key))
            )
            for key in (second, taras.key)
        )
    page = olena.get("/desk/sessions")
    assert str(mine) in page.text
    assert str(other) not in page.text
    olena.post("/desk/sessions/end", {"chosen": str(other)})
    assert taras.get(ME).status_code == 200
    assert olena.post("/desk/sessions/end", {"chosen": str(mine)}).headers["location"] == "/desk/sessions?done=session"
    cookie = {"Cookie": f"{keys.SESSION_COOKIE}={second}"}
    assert olena.client.get(ME, headers=cookie).status_code == 401
    assert olena.get(ME).status_code == 200
    assert olena.post("/desk/sessions/end", {"chosen": str(uuid.UUID(int=3))}).status_code == 303


def test_all_members_are_signed_out_at_once(make_member: MakeMember, sessions: Sessions) -> None:
    admin, olena = make_member(Role.ADMIN), make_member()
    response = admin.post("/desk/switch/sign-everyone-out", {"tokens": "true"})
    assert response.headers["location"] == "/sign-in"
    assert admin.get(ME).status_code == olena.get(ME).status_code == 401
    with sessions.writing() as session:
        acts = session.execute(text("SELECT kind, detail FROM frontline.account_act")).all()
    assert [tuple(act) for act in acts] == [("everyone_signed_out", "2 sessions, 0 tokens")]
