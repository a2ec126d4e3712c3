"""A real server with a real database: parallel copies of one submission, and a full queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlalchemy import text

from tests.conftest import make_settings, serving
from tests.submissions.test_submit import body
from tests.waiting import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre
    from tests.conftest import Served


SENDERS = 8


@pytest.fixture
def served(database: DatabaseUrls, theatre: Theatre, tmp_path: Path) -> Iterator[Served]:
    settings = make_settings(
        tmp_path,
        submissions_per_minute=1000,
        submissions_per_hour=1000,
        submission_queue_cap=12,
        writing_connections=SENDERS,  # a connection for each sender, because waiting for connections is not tested here
    )
    with serving(database, theatre, settings) as served:
        yield served


def count(served: Served) -> int:
    with served.engines.writing.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM submission")) or 0


def test_concurrent_retries_are_one_submission(served: Served) -> None:
    with httpx2.Client(base_url=served.url, timeout=SECONDS) as client, ThreadPoolExecutor(SENDERS) as pool:
        responses = list(
            pool.map(
                lambda _: client.post("/api/submissions", json=body(idempotency_key="the same")),
                range(24),
            )
        )
    assert {response.status_code for response in responses} == {202}
    assert len({response.json()["tracking_code"] for response in responses}) == 1
    assert count(served) == 1


def test_concurrent_bodies_with_one_key_store_one_submission(served: Served) -> None:
    bodies = [body(idempotency_key="the same", description=f"Version {number % 2}") for number in range(16)]
    with httpx2.Client(base_url=served.url, timeout=SECONDS) as client, ThreadPoolExecutor(SENDERS) as pool:
        responses = list(
            pool.map(lambda sent: (sent["description"], client.post("/api/submissions", json=sent)), bodies)
        )
    taken = {description for description, response in responses if response.status_code == 202}
    refused = {description for description, response in responses if response.status_code == 409}
    assert len(taken) == 1
    assert len(refused) == 1
    assert taken.isdisjoint(refused)
    assert count(served) == 1


def test_full_queue_returns_retry_after(served: Served) -> None:
    with httpx2.Client(base_url=served.url, timeout=SECONDS) as client:
        statuses = [client.post("/api/submissions", json=body()).status_code for _ in range(12)]
        assert statuses == [202] * 12
        response = client.post("/api/submissions", json=body())
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) >= 60
    assert count(served) == 12
