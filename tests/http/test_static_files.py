"""Static files are compressed with an encoding that the client accepts, and have the same content
in every encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.main import STATIC_DIRECTORY

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

FILE = "js/state/url.js"


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
def test_file_is_compressed_as_the_client_accepts(client: TestClient, accepted: str, sent: str | None) -> None:
    response = client.get(f"/static/{FILE}", headers={"Accept-Encoding": accepted})
    assert response.status_code == 200
    assert response.headers.get("content-encoding") == sent
    assert "Accept-Encoding" in response.headers["vary"]
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.content == (STATIC_DIRECTORY / FILE).read_bytes()
    length = int(response.headers["content-length"])
    assert length < len(response.content) if sent else length == len(response.content)


def test_compressed_file_revalidates_and_answers_head(client: TestClient) -> None:
    first = client.get(f"/static/{FILE}", headers={"Accept-Encoding": "br"})
    again = client.get(f"/static/{FILE}", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(f"/static/{FILE}", headers={"Accept-Encoding": "br"})
    assert (head.status_code, head.content) == (200, b"")
