"""Members at the desk: a request header names the member."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest

from app.access.members import Member
from app.access.roles import Role

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.testclient import TestClient

MEMBERS: Final = {
    name: Member(uuid.uuid5(uuid.NAMESPACE_URL, name), name, role)
    for name, role in {
        "Ann": Role.ANALYST,
        "Bea": Role.ANALYST,
        "Edi": Role.EDITOR,
        "Eva": Role.EDITOR,
        "Con": Role.CONTRIBUTOR,
    }.items()
}
EVENTS: Final = "/api/desk/events"
DRAFT: Final[dict[str, Any]] = {
    "title": "Clashes on the highway",
    "category": "clash",
    "geometry": {"type": "Point", "coordinates": [37.12966, 48.24819]},
    "precision_m": 100,
    "happened_from": "2025-07-21T00:00:00Z",
    "happened_to": "2025-07-22T00:00:00Z",
    "time_precision": "day",
    "verification": "geolocated",
}


def member_from_header(request: Request) -> Member | None:
    """Returns the member that a request names."""
    return MEMBERS.get(request.headers.get("X-Test-Member", ""))


class Desk:
    """The desk as one member uses it; each change sends the version of the last read."""

    def __init__(self, client: TestClient, name: str) -> None:
        self.client = client
        self.name = name

    def ask(self, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {"X-Test-Member": self.name}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.request(method, path, json=body, headers=headers)

    def draft(self, **changes: Any) -> dict[str, Any]:
        response = self.ask("POST", EVENTS, DRAFT | changes)
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()
        return made

    def step(self, event: dict[str, Any], name: str, **body: Any) -> Any:
        version = self.ask("GET", f"{EVENTS}/{event['id']}").json()["version"]
        return self.ask("POST", f"{EVENTS}/{event['id']}/{name}", body, version)

    def published(self, **changes: Any) -> dict[str, Any]:
        """Creates an event that this member wrote and submitted and that Bea published."""
        event = self.draft(**changes)
        assert self.step(event, "submit").status_code == 200
        response = Desk(self.client, "Bea").step(event, "publish")
        assert response.status_code == 200, response.text
        made: dict[str, Any] = response.json()
        return made


@pytest.fixture
def ann(app: FastAPI, client: TestClient) -> Desk:
    app.state.authenticate = member_from_header
    return Desk(client, "Ann")


@pytest.fixture
def bea(ann: Desk) -> Desk:
    return Desk(ann.client, "Bea")


@pytest.fixture
def edi(ann: Desk) -> Desk:
    return Desk(ann.client, "Edi")
