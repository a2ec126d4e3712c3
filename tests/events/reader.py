"""Reads event columns as an API client does: the manifest, then every part, or the response for a
filter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.geo.event_columns import Columns, decode

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

COLUMNS = "/api/collections/events/columns"


def filtered(client: TestClient, **params: Any) -> Columns:
    """Returns the columns of the events that match a filter."""
    response = client.get(COLUMNS, params=params)
    assert response.status_code == 200, response.text
    return decode(response.content)


def manifest(client: TestClient) -> dict[str, Any]:
    response = client.get(f"{COLUMNS}/parts")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def parts(client: TestClient) -> list[Columns]:
    """Returns every part of the manifest."""
    loaded = []
    for part in manifest(client)["parts"]:
        response = client.get(part["url"])
        assert response.status_code == 200
        assert len(response.content) == part["decoded_bytes"]
        columns = decode(response.content)
        assert len(columns) == part["events"]
        loaded.append(columns)
    return loaded
