"""Every door refuses the same links, and keeps the others as people open them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import TypeAdapter, ValidationError

from app.exchange.events_geojson import read_events_geojson
from app.exchange.field_values import check_value
from app.exchange.links import parse_links
from app.exchange.origins import OriginRefused, Origins, OriginTerms
from app.exchange.records import RowRefused
from app.fields import SOURCE, Field
from app.publication.field_models import Url
from app.review.schemas import SourceBody
from app.sources.canonical import canonical_urls
from app.sources.report_pages import KEPT_AS_REPORT
from app.submissions.read import parse_footage
from app.submissions.schemas import WebAddress

if TYPE_CHECKING:
    from app.theatre import Theatre

NO_CONNECTION: Any = None
_LINKS: Final = [one for one in SOURCE if one.type == "url"]


def _csv(url: str) -> str | None:
    sources, remarks, _ = parse_links("urls", [url], "footage")
    if remarks:
        raise RowRefused("urls", url, remarks[0].reason)
    return sources[0].given_url


def _geojson(field: Field, url: str) -> Any:
    return check_value(field, url, "url")


DOORS: Final[dict[str, Callable[[str], Any]]] = {
    "a form": TypeAdapter(WebAddress).validate_python,
    "the desk": TypeAdapter(Url).validate_python,
    "CSV": _csv,
    **{f"GeoJSON, {field.name}": partial(_geojson, field) for field in _LINKS},
}
REFUSED: Final = [
    *("http://[64:ff9b::a9fe:a9fe]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://localhost./"),
    *("http://desk.internal/", "http://map.onion/", "https://user@example.org/", "https://example.org/\u202egro"),
]


@pytest.mark.parametrize("door", DOORS)
def test_a_door_refuses_what_the_public_cannot_open(door: str) -> None:
    for url in REFUSED:
        with pytest.raises((ValidationError, RowRefused), match=r"(?i)link"):
            DOORS[door](url)
    assert DOORS[door]("\u200bhttps://example.org/a|b\ufeff") == "https://example.org/a|b"


@pytest.mark.parametrize("url", REFUSED)
def test_the_home_page_of_an_origin_is_refused_before_the_database_is_asked(url: str) -> None:
    with pytest.raises(OriginRefused, match="home page"):
        Origins(NO_CONNECTION, OriginTerms(home_page=url), public=False).prepare(["file"])


def test_stored_links_that_are_refused_today_are_left_out_of_a_comparison() -> None:
    assert canonical_urls(["http://map.onion/", "https://Example.org/a/"]) == ["https://example.org/a"]


REPORT = "https://understandingwar.org/backgrounder/russian-offensive-campaign-assessment-july-21-2025"


@pytest.mark.parametrize("url", [REPORT, "https://uk.wikipedia.org/wiki/Покровськ"])
def test_a_page_of_text_is_footage_at_no_door(theatre: Theatre, url: str) -> None:
    now = dt.datetime(2025, 8, 1, tzinfo=dt.UTC)
    raw = {"footage_urls": ["https://t.me/example_channel/1", url]}
    (error,) = [one for one in parse_footage(raw, theatre, now)[1] if one.field.startswith("/footage_urls")]
    assert (error.field, error.code) == ("/footage_urls/1", "not-footage")
    with pytest.raises(ValidationError, match=r"This is a page of text\. Choose “Report”"):
        SourceBody(url=url, role="footage")
    assert SourceBody(url=url, role="report").role == "report"
    (source,), _, notes = parse_links("urls", [url], "footage")
    assert (source.role, notes) == ("report", [KEPT_AS_REPORT])
    assert parse_links("geolocation_url", [url], "geolocation")[0][0].role == "geolocation"
    sources = [{"url": one, "kind": "footage"} for one in (url, "https://t.me/example_channel/1")]
    feature = {
        "type": "Feature",
        "id": "1",
        "geometry": {"type": "Point", "coordinates": [37.1, 48.2]},
        "properties": {
            "title": "An event",
            "category": "clash",
            "happened_from": "2025-07-21T00:00:00Z",
            "happened_to": "2025-07-22T00:00:00Z",
            "time_precision": "day",
            "verification": "reported",
            "sources": sources,
        },
    }
    (row,) = read_events_geojson([json.dumps(feature)], theatre, origin="us", now=now, report_unknown=print)
    assert row.record is not None, row.refused
    assert [one.role for one in row.record.sources] == ["report", "footage"]
    assert KEPT_AS_REPORT in row.notes
