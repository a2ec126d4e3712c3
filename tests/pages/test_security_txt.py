"""security.txt (RFC 9116) names the operator's contact, and nothing is served without one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.main import create_app
from tests.conftest import make_settings

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.session import Sessions
    from app.theatre import Theatre

PATH = "/.well-known/security.txt"


@pytest.mark.parametrize(
    ("given", "contact"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        (" https://example.org/report ", "https://example.org/report"),
    ],
)
def test_contact_is_served_with_a_date_until_which_it_is_valid(
    tmp_path: Path, theatre: Theatre, sessions: Sessions, given: str, contact: str
) -> None:
    client = TestClient(create_app(make_settings(tmp_path, security_contact=given), theatre, sessions))
    client.base_url = "http://localhost"
    response = client.get(PATH)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    first, second = response.text.splitlines()
    assert first == f"Contact: {contact}"
    expires = dt.datetime.fromisoformat(second.removeprefix("Expires: "))
    assert dt.timedelta(days=28) < expires - dt.datetime.now(dt.UTC) < dt.timedelta(days=31)
    assert f'href="{contact}"' in client.get("/about").text


def test_without_a_contact_there_is_no_file(client: TestClient) -> None:
    assert client.get(PATH).status_code == 404
    assert "Report a security problem" not in client.get("/about").text


@pytest.mark.parametrize(
    "given", ["http://example.org/", "javascript:alert(1)", "a@b", "us", "https://a\nExpires: x", "https://é.org/"]
)
def test_setting_refuses_what_is_no_contact(tmp_path: Path, given: str) -> None:
    with pytest.raises(ValidationError, match="Must be an e-mail address"):
        make_settings(tmp_path, security_contact=given)
