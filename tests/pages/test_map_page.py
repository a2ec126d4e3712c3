"""The map page as it is sent: what its scripts are told, from a real database."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

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
