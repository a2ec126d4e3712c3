"""API tokens: shown once, stored hashed, with one scope and an expiry, only in the header."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from sqlalchemy import text, update

from app.access.roles import Role
from app.accounts import administration
from app.models import ApiToken
from tests.accounts.conftest import PASSWORD

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from tests.accounts.conftest import MakeMember, SignedInMember

ME = "/api/desk/me"


def make_token(member: SignedInMember, **others: str) -> str:
    fields = {"label": "A script", "scope": "read", "days": "7", "password": PASSWORD} | others
    response = member.post("/desk/tokens", fields)
    assert response.status_code == 200, response.text
    match = re.search(r"frontline_[\w-]{43}", response.text)
    assert match is not None
    return match.group()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_token_is_shown_once_and_stored_as_a_hash(web: TestClient, make_member: MakeMember, sessions: Sessions) -> None:
    olena = make_member(name="olena")
    token = make_token(olena)
    assert web.get(ME, headers=bearer(token)).json() == {"id": str(olena.id), "name": "olena", "role": "analyst"}
    page = olena.get("/desk/tokens").text
    assert token not in page
    assert "A script" in page
    with sessions.writing() as session:
        rows = session.execute(text("SELECT t::text FROM frontline.api_token t")).scalars().all()
    assert len(rows) == 1
    assert token.removeprefix("frontline_") not in rows[0]
    assert token.encode().hex() not in rows[0]


def test_token_is_accepted_only_in_the_header(web: TestClient, make_member: MakeMember) -> None:
    token = make_token(make_member())
    assert web.get(f"{ME}?token={token}&access_token={token}").status_code == 401
    for cookie in ("token", "__Host-frontline"):
        assert web.get(ME, headers={"Cookie": f"{cookie}={token}"}).status_code == 401
    refused = web.get(ME, headers=bearer(token + "A"))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert token not in refused.text
    assert web.get(ME, headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_token_ends_by_expiry_revocation_and_disabled_account(
    web: TestClient, make_member: MakeMember, sessions: Sessions
) -> None:
    olena, taras = make_member(), make_member(Role.ADMIN)
    late, revoked, theirs = (make_token(olena, label=label) for label in ("late", "revoked", "theirs"))
    with sessions.writing() as session, session.begin():
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        # A test is one transaction, in which now() does not change.
        session.execute(
            update(ApiToken).where(ApiToken.label == "late").values(expires_at=past - dt.timedelta(minutes=5))
        )
        chosen = session.scalar(text("SELECT id FROM frontline.api_token WHERE label = 'revoked'"))
    assert web.get(ME, headers=bearer(late)).status_code == 401
    taras.post("/desk/tokens/revoke", {"chosen": str(chosen)})
    assert web.get(ME, headers=bearer(revoked)).status_code == 200, "members cannot revoke tokens of others"
    olena.post("/desk/tokens/revoke", {"chosen": str(chosen)})
    assert web.get(ME, headers=bearer(revoked)).status_code == 401
    with sessions.writing() as session, session.begin():
        administration.disable(session, olena.id, by=None)
    assert web.get(ME, headers=bearer(theirs)).status_code == 401


def test_invalid_token_is_refused(make_member: MakeMember) -> None:
    olena = make_member()
    for wrong in (
        {"label": ""},
        {"label": "x" * 61},
        {"label": "nul\0"},
        {"scope": "admin"},
        {"days": "3650"},
        {"password": "not the password"},
    ):
        fields = {"label": "A script", "scope": "read", "days": "7", "password": PASSWORD} | wrong
        response = olena.post("/desk/tokens", fields)
        assert response.status_code == 422, wrong
        assert "frontline_" not in response.text
