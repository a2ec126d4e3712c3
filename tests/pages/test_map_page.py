"""The HTML of the map page and its configuration for the scripts, from a real database."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.derived.event_columns import rebuild_stale_parts
from app.derived.line_history import update_line_history
from app.events.columns import PARTS_URL
from app.fields import EVENT, SOURCE
from app.fields.words import SOURCE_CLASS_NAMES
from app.models import Assessor
from app.territory.history import HISTORY_URL

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.theatre import Theatre
    from tests.builders import Builder

PAGE = {"accept": "text/html,application/xhtml+xml"}


def config_of(client: TestClient, path: str = "/") -> dict[str, Any]:
    match = re.search(r'<script[^>]*id="config"[^>]*>(.*?)</script>', client.get(path, headers=PAGE).text, re.S)
    assert match is not None
    config: dict[str, Any] = json.loads(unescape(match.group(1)))
    return config


@pytest.mark.parametrize(
    ("happened", "precision"), [(("2025-07-20", "2025-08-14"), "day"), (("2025-07-01", "2025-08-01"), "month")]
)
def test_map_does_not_open_on_future_days(
    client: TestClient, build: Builder, happened: tuple[str, str], precision: str
) -> None:
    build.event(happened=("2025-07-19", "2025-07-22"))
    build.event(happened=happened, time_precision=precision)
    build.session.commit()
    assert config_of(client)["opening"] == {"from": "2025-07-15", "to": "2025-07-21"}


def preloaded_urls(client: TestClient, path: str = "/") -> list[str]:
    """Returns the URLs of the preload links of the page."""
    return re.findall(
        r'<link rel="preload" as="fetch" crossorigin href="([^"]+)">', client.get(path, headers=PAGE).text
    )


def test_page_preloads_the_first_requests_of_its_scripts(client: TestClient, build: Builder, theatre: Theatre) -> None:
    assert preloaded_urls(client) == [PARTS_URL]
    for day in ("2024-01-10", "2025-03-03", "2025-05-20", "2025-07-21"):
        build.event(happened=(day, f"{day[:-2]}{int(day[-2:]) + 1:02}"))
    build.event(happened=("2025-06-10", "2025-09-15"))
    build.session.commit()
    rebuild_stale_parts(build.session, theatre)
    build.session.commit()
    parts = client.get(PARTS_URL).json()["parts"]
    first = [part["url"] for part in parts if part["last_day"] >= "2025-04-23"]
    assert len(first) < len(parts)
    assert any(part["spans"] for part in parts if part["url"] in first)
    assert preloaded_urls(client) == [PARTS_URL, *first]
    assert preloaded_urls(client, "/?from=2024-01-01&to=2024-02-01") == [PARTS_URL, *first]
    assert preloaded_urls(client, "/?q=E50") == [], "a text search in the URL has other requests"


def test_page_asks_for_the_line_first(client: TestClient, build: Builder) -> None:
    for assessor in ("desk", "archive"):
        build.origin(assessor)
        build.session.add(Assessor(slug=assessor, definition="What is held"))
        build.session.flush()
    build.area()
    build.session.commit()
    update_line_history(build.session, "desk")
    build.session.commit()
    history = f"{HISTORY_URL}?assessor=desk"
    parts = [part["url"] for part in client.get(history).json()["parts"]]
    assert len(parts) == 1
    expected = [history, *parts, PARTS_URL]
    assert preloaded_urls(client) == expected
    assert preloaded_urls(client, "/?assessor=nobody,desk") == expected
    assert preloaded_urls(client, "/?q=E50") == expected[:-1]


def test_config_lists_public_origins_with_events(client: TestClient, build: Builder) -> None:
    assert config_of(client)["origins"] == []
    for slug in ("zebra", "archive", "empty"):
        build.origin(slug)
    build.origin("quagga", public=False)
    build.event(origin="zebra")
    build.event(origin="archive", time_precision="month", happened=("2025-07-01", "2025-08-01"))
    build.event(origin="archive", wkt="LINESTRING(37.1 48.2, 37.2 48.3)", happened=("2025-07-01", "2025-07-09"))
    build.event(origin="quagga")
    build.event(origin="empty", state="draft")
    build.session.commit()
    zebra, archive = {"slug": "zebra", "name": "The zebra"}, {"slug": "archive", "name": "The archive"}
    assert config_of(client)["origins"] == [archive, zebra], "before the tallies contain them"
    build.session.execute(text("SELECT frontline.tally()"))
    build.session.commit()
    assert config_of(client)["origins"] == [archive, zebra]
    build.session.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
    build.session.execute(
        text("UPDATE frontline.event SET state = 'withdrawn', withdrawn_at = now() WHERE origin = 'zebra'")
    )
    build.session.commit()
    assert config_of(client)["origins"] == [archive]


def test_config_describes_plain_fields_in_the_readers_language(client: TestClient) -> None:
    expected = {
        record: [field.name for field in fields if field.plain and field.exported]
        for record, fields in (("event", EVENT), ("source", SOURCE))
    }
    assert "source_class" in expected["source"]
    fields_by_record = config_of(client)["fields"]
    assert {record: [field["name"] for field in fields] for record, fields in fields_by_record.items()} == expected
    (source_class,) = (field for field in fields_by_record["source"] if field["name"] == "source_class")
    assert source_class == {
        "name": "source_class",
        "type": "word",
        "title": "Who speaks",
        "default": None,
        "words": SOURCE_CLASS_NAMES,
    }
    (in_ukrainian,) = (
        field for field in config_of(client, "/?lang=uk")["fields"]["source"] if field["name"] == "source_class"
    )
    assert in_ukrainian["words"]["party"] == "Сторона війни"
