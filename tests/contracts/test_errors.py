"""Every error response is problem details, whatever failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.database.engines import Engines
from app.database.session import Sessions
from app.main import create_app
from app.problem_responses import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.settings import Settings
    from app.theatre import Theatre


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/static/nothing.js", 404, "not-found"),
        ("GET", "/static/../pyproject.toml", 404, "not-found"),
        ("GET", "/static/%2e%2e/pyproject.toml", 404, "not-found"),
        ("DELETE", "/api/collections/events/items", 405, "method-not-allowed"),
        ("GET", "/api/collections/events/items/1", 400, "invalid-parameter"),
    ],
)
def test_error_is_problem_details(client: TestClient, method: str, path: str, status: int, slug: str) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert body["title"]


def test_browser_gets_an_error_page(client: TestClient) -> None:
    response = client.get("/nothing", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Page not found" in response.text


def test_api_never_answers_with_html(client: TestClient) -> None:
    response = client.get("/api/nothing", headers={"Accept": "text/html"})
    assert response.headers["content-type"] == MEDIA_TYPE


def test_internal_error_has_no_details_and_all_headers(app: FastAPI) -> None:
    @app.get("/api/broken")
    def broken() -> None:
        raise ValueError("the password is hunter2")

    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        response = client.get("/api/broken")
    assert response.status_code == 500
    assert response.json() == {
        "type": "/problems/internal-error",
        "title": "Something went wrong on our side",
        "status": 500,
    }
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_unavailable_database_returns_503_with_retry_after(settings: Settings, theatre: Theatre) -> None:
    away = create_engine("postgresql+psycopg://nobody@/none?host=/nonexistent", connect_args={"connect_timeout": 1})
    app = create_app(settings, theatre, Sessions(Engines(public=away, writing=away, importing=away, control=away)))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        items = client.get("/api/collections/events/items")
        page = client.get("/", headers={"Accept": "text/html"})
        assert client.get("/livez").status_code == 200
        ready = client.get("/readyz")
    for response in (items, page, ready):
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) >= 1
    assert "database is not available" in items.json()["detail"]
    assert "database is not available" in page.text
    assert "nonexistent" not in items.text + page.text


def test_unknown_host_is_refused(app: FastAPI) -> None:
    with TestClient(app, base_url="http://evil.example") as client:
        response = client.get("/livez")
    assert response.status_code == 400
    assert response.headers["content-type"] == MEDIA_TYPE


def test_body_size_is_limited_while_streaming(client: TestClient) -> None:
    def endless() -> object:
        for _ in range(100):
            yield b"x" * 1024

    for content in (b"x" * 70_000, endless()):
        response = client.post("/api/submissions", content=content, headers={"Content-Type": "application/json"})  # type: ignore[arg-type] # an iterator of bytes
        assert response.status_code == 413
        assert response.json()["type"] == "/problems/too-large"
