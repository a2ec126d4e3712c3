"""Fixtures of the desk: submissions, and members who decide on them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest
from sqlalchemy import select, text

from app.desk.schemas import TwinCode
from app.models import Submission
from tests.review.conftest import DRAFT, Desk, ann, bea, edi
from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.database.session import Sessions

__all__ = ["ann", "bea", "edi"]

SENT: Final = "/api/desk/submissions"
# Far from any front line, so one person may publish here.
EVENT: Final[dict[str, Any]] = DRAFT | {"title": "Infantry by the water tower"}
Send = Callable[..., "Sent"]


class Sent:
    """A submission: the tracking code of its sender, and its id at the desk."""

    def __init__(self, client: TestClient, code: str, submission_id: str) -> None:
        self.client = client
        self.code = code
        self.id = submission_id
        self.path = f"{SENT}/{submission_id}"

    def status(self) -> dict[str, Any]:
        """Returns the status that the sender reads."""
        body: dict[str, Any] = self.client.get(f"/api/submissions/{self.code}").json()
        return body

    def seen_by(self, desk: Desk) -> dict[str, Any]:
        body: dict[str, Any] = desk.ask("GET", self.path).json()
        return body

    def decide(self, desk: Desk, name: str, version: int | None = None, **body: Any) -> Any:
        """Decides on the submission, with the current version unless another version is passed."""
        version = self.seen_by(desk)["version"] if version is None else version
        if name == "accept":  # the examples are near to each other
            body = {"confirm": list(get_args(TwinCode))} | body
        return desk.ask("POST", f"{self.path}/{name}", body, version)


@pytest.fixture
def send(client: TestClient, sessions: Sessions) -> Send:
    """Returns a function that sends footage without signing in, or the report of a problem."""

    number = count(1)  # each has footage of its own

    def sent(headers: dict[str, str] | None = None, problem: str = "", **changes: Any) -> Sent:
        path, body = "/api/submissions", footage(**({"footage_urls": [f"https://t.me/sent/{next(number)}"]} | changes))
        if problem:
            path, body = f"{path}/problems", {"event_id": problem, "kind": "endangers", "text": "My street"} | changes
        with sessions.writing() as session:
            before = set(session.scalars(select(Submission.id)))
        response = client.post(path, json=body, headers=headers)
        assert response.status_code == 202, response.text
        with sessions.writing() as session:
            (made,) = set(session.scalars(select(Submission.id))) - before
        return Sent(client, response.json()["tracking_code"], str(made))

    return sent


def many(sessions: Sessions, count: int, **values: str) -> None:
    """Inserts submissions into the queue; values are SQL."""
    columns = {
        "id": "gen_random_uuid()",
        "kind": "'footage'",
        "tracking_hash": "sha256(number::text::bytea)",
        "footage_urls": "ARRAY['https://t.me/channel/' || number]",
        "spot": "ST_SetSRID(ST_MakePoint(37 + number / 10000.0, 48), 4326)",
        "happened_from": "'2025-07-21'",
        "happened_to": "'2025-07-22'",
        "time_precision": "'day'",
        "description": "'Submission ' || number",
        "created_at": "now() - number * interval '1 minute'",
    } | values
    statement = (
        f"INSERT INTO frontline.submission ({', '.join(columns)})"  # noqa: S608 - our own
        f" SELECT {', '.join(columns.values())} FROM generate_series(1, {count}) number"
    )
    with sessions.writing() as session:
        session.execute(text(statement))
        session.commit()
