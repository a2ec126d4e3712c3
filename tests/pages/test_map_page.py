"""The map page as it is sent: what its scripts are told, from a real database."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from app.derived.event_columns import bring_up_to_date
from app.events.columns import PARTS_URL

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.theatre import Theatre
    from tests.builders import Builder

PAGE = {"accept": "text/html,application/xhtml+xml"}


def config_of(client: TestClient) -> dict[str, Any]:
    found = re.search(r'<script[^>]*id="config"[^>]*>(.*?)</script>', client.get("/", headers=PAGE).text, re.S)
    assert found is not None
    told: dict[str, Any] = json.loads(unescape(found.group(1)))
    return told


@pytest.mark.parametrize(
    ("happened", "precision"), [(("2025-07-20", "2025-08-14"), "day"), (("2025-07-01", "2025-08-01"), "month")]
)
def test_what_goes_on_for_long_does_not_open_the_map_on_days_to_come(
    client: TestClient, build: Builder, happened: tuple[str, str], precision: str
) -> None:
    build.event(happened=("2025-07-19", "2025-07-22"))
    build.event(happened=happened, time_precision=precision)
    build.session.commit()
    assert config_of(client)["opening"] == {"from": "2025-07-15", "to": "2025-07-21"}


def named_early(client: TestClient, path: str = "/") -> list[str]:
    """What a browser is told to fetch while it reads the page."""
    return re.findall(
        r'<link rel="preload" as="fetch" crossorigin href="([^"]+)">', client.get(path, headers=PAGE).text
    )


def test_it_names_what_its_scripts_will_ask_for_first(client: TestClient, build: Builder, theatre: Theatre) -> None:
    assert named_early(client) == [PARTS_URL]
    for day in ("2024-01-10", "2025-03-03", "2025-05-20", "2025-07-21"):
        build.event(happened=(day, f"{day[:-2]}{int(day[-2:]) + 1:02}"))
    build.event(happened=("2025-06-10", "2025-09-15"))
    build.session.commit()
    bring_up_to_date(build.session, theatre)
    build.session.commit()
    parts = client.get(PARTS_URL).json()["parts"]
    first = [part["url"] for part in parts if part["last_day"] >= "2025-04-23"]
    assert len(first) < len(parts)
    assert any(part["spans"] for part in parts if part["url"] in first)
    assert named_early(client) == [PARTS_URL, *first]
    assert named_early(client, "/?from=2024-01-01&to=2024-02-01") == [PARTS_URL, *first]
    assert named_early(client, "/?q=E50") == [], "words in the address are another question"
