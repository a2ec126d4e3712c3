"""The headers of every response."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.main import create_app
from tests.conftest import make_settings

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from app.theatre import Theatre

PATHS = ["/", "/nothing", "/api/nothing", "/livez", "/api/openapi.json", "/api/docs", "/static/css/tokens.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "set-cookie" not in headers
    assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])


def test_nonce_is_new_and_matches_the_page(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        response = client.get("/")
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', response.text))
        assert f"'nonce-{nonce}'" in response.headers["content-security-policy"]
        nonces.add(nonce)
    assert len(nonces) == 2


def test_policy_lists_tile_hosts_unless_setting_is_empty(tmp_path: Path, theatre: Theatre, sessions: Sessions) -> None:
    from fastapi.testclient import TestClient

    for tiles, listed in (("https://{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"), ("", None)):
        app = create_app(make_settings(tmp_path, tiles_url=tiles), theatre, sessions)
        with TestClient(app, base_url="http://localhost") as client:
            policy = client.get("/").headers["content-security-policy"]
        images = re.search(r"img-src ([^;]*)", policy)
        assert images is not None
        assert images.group(1).split() == ["'self'", "data:", *([listed] if listed else [])]


def test_static_files_with_content_hash_are_immutable(client: TestClient) -> None:
    page = client.get("/about").text
    (address,) = set(re.findall(r'href="(/static/[0-9a-f]{12}/icons/favicon\.svg)"', page))
    versioned = client.get(address)
    assert versioned.status_code == 200
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/tokens.css").headers["cache-control"] == "no-cache"
