"""The page of one event without scripts, from a real database."""

from __future__ import annotations

import re
import uuid
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from app.models import EventPlace, Place, PlaceName
from app.pages.about_page import parse_contact
from app.pages.event_parts import web_link
from tests.builders import moment

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def zvirove(build: Builder) -> int:
    """Inserts the village into the gazetteer."""
    spot = "SRID=4326;POINT(37.12879 48.25057)"
    build.session.add(
        Place(geonameid=686799, name="Zvirove", country="UA", population=1037, in_theatre=True, spot=spot)
    )
    build.session.flush()
    build.session.add(
        PlaceName(geonameid=686799, spelling="Звірове", folded="zvirove", kind="alternate", language="uk")
    )
    build.session.commit()
    return 686799


class Elements(HTMLParser):
    """Collects the names of a page's elements, and their attributes that run code."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.handlers: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.handlers += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]


def page_html(client: TestClient, event: uuid.UUID) -> str:
    """Returns the HTML of the page."""
    response = client.get(f"/events/{event}", headers=PAGE)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/html")
    return response.text


def visible_text(html: str) -> str:
    """Returns the text that a reader sees."""
    body = html[html.index("<article") : html.index("</article>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_page_has_all_fields_of_the_card(client: TestClient, build: Builder, zvirove: int) -> None:
    event = build.event(
        "Infantry seen in Zvirove",
        actor="ru",
        affected="ua",
        description="They crossed the street.",
        sensitivity=["graphic", "prisoners"],
        places=[
            EventPlace(position=0, geonameid=zvirove, as_spelled="Zverovo"),
            EventPlace(position=1, as_spelled="a wood"),
        ],
    )
    post = build.source(
        event,
        "https://x.com/Map_Hargoo/status/1",
        name="x.com/Map_Hargoo",
        platform="X",
        published_at=moment("2025-07-21"),
        status="deleted",
        archive_url="https://archive.example/1",
        source_class="party",
    )
    build.source(event, None, name="An evening briefing", role="statement")
    build.claim(
        event, "ISW", party_kind="think_tank", statement="It advanced.", chain=["article", "ISW"], source_id=post
    )
    build.claim(event, "General Syrskyi", party_kind="official", stance="denies", statement="Beaten back.")
    build.claim(event, "Bloggers", party_kind="bloggers", about="area", statement="A gray zone.", position=9)

    html = page_html(client, event)
    text = visible_text(html)

    for words in (
        "Clash · by Russian forces",
        "Geolocated",
        "21 July 2025",
        "48.24819, 37.12966",
        "37U CP 61154 45577",
        "within 100 m of this point",
        "0.3 km south of Zvirove (Звірове, “Zverovo”)",
        "mentioned in the reports: a wood",
        "Ukraine: its people or equipment are shown or hit",
        "graphic footage",
        "shows prisoners of war",
        "Disputed: 1 for, 1 against",
        "ISW asserts 21 Jul 2025 It advanced.",
        "article ← ISW",
        "General Syrskyi denies Beaten back.",
        "About the area Bloggers claim A gray zone.",
        "x.com/Map_Hargoo footage · posted 21 Jul 2025 Who speaks: Party to the war added",
        "deleted at the source archived copy",
        "An evening briefing statement no link available · added",
        "Added ",
        "Source data: © desk · CC BY 4.0",
    ):
        assert words in text, words
    assert 'href="https://x.com/Map_Hargoo/status/1" target="_blank" rel="noopener noreferrer nofollow"' in html
    assert f'href="/?at=48.24819,37.12966,12&amp;from=2025-07-21&amp;to=2025-07-21&amp;event={event}"' in html
    assert f'<link rel="canonical" href="http://localhost/events/{event}">' in html
    assert '<meta property="og:title" content="Infantry seen in Zvirove">' in html
    assert "0.3 km south of Zvirove" in html[: html.index("</head>")]


def test_line_has_its_length_and_ends(client: TestClient, build: Builder) -> None:
    event = build.event(
        "Fighting on the road", wkt="LINESTRING(37.17706 48.28014, 35.86878 48.53214)", precision_m=5000
    )
    text = visible_text(page_html(client, event))
    assert "A line 101 km long; its ends: 48.28014, 37.17706 48.53214, 35.86878 within 5 km of this line" in text


def test_area_and_an_unknown_precision(client: TestClient, build: Builder) -> None:
    event = build.event("Mines", wkt="POLYGON((37 48, 37.2 48, 37.2 48.2, 37 48.2, 37 48))", precision_m=None)
    text = visible_text(page_html(client, event))
    assert "48.10000, 37.10000" in text
    assert "precision unknown" in text


def test_foreign_texts_are_escaped(client: TestClient, build: Builder) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    event = build.event(evil, description=evil, places=[EventPlace(position=0, as_spelled=evil)])
    source = build.source(
        event, "https://x.example/?q=%22%3E", name=evil, author=evil, platform=evil, publisher=evil + "2"
    )
    build.claim(event, evil, statement=evil, chain=[evil, evil], source_id=source)
    html = page_html(client, event)
    assert "onerror=alert" in html  # the tag is escaped text
    elements = Elements()
    elements.feed(html)
    assert "img" not in elements.names
    assert elements.names.count("script") == 5  # the scripts of the base and of this page, each with a nonce
    assert elements.handlers == []


def test_invalid_url_is_not_a_link() -> None:
    assert web_link("https://x.example/a") == "https://x.example/a"
    for address in ("javascript:alert(1)", "http://[", "ftp://x.example", "//x.example", "", None):
        assert web_link(address) is None, address


def test_withdrawn_event_has_time_and_reason(client: TestClient, build: Builder) -> None:
    event = build.event(
        state="withdrawn", withdrawn_at=moment("2025-08-03"), withdrawn_reason="It was filmed elsewhere."
    )
    response = client.get(f"/events/{event}", headers=PAGE)
    assert response.status_code == 410
    assert "Withdrawn on 3 Aug 2025. It was filmed elsewhere." in response.text


@pytest.mark.parametrize("address", ["nonsense", "00000000-0000-4000-8000-000000000000", "%00", "..%2f..%2fetc"])
def test_unknown_event_is_404(client: TestClient, address: str) -> None:
    response = client.get(f"/events/{address}", headers=PAGE)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


def test_draft_is_404(client: TestClient, build: Builder) -> None:
    assert client.get(f"/events/{build.event(state='draft')}", headers=PAGE).status_code == 404


def test_unknown_parameters_are_ignored(client: TestClient, build: Builder) -> None:
    assert client.get(f"/events/{build.event()}?fbclid=1", headers=PAGE).status_code == 200


def test_about_page_lists_only_public_origins(client: TestClient, build: Builder) -> None:
    build.event(origin=build.origin("open-desk", licence="CC BY 4.0"))
    build.event(origin=build.origin("quagga", public=False))
    build.event(origin=build.origin("okapi"), state="draft")
    html = client.get("/about", headers=PAGE).text
    assert "The open-desk" in html
    assert "CC BY 4.0" in html
    assert "quagga" not in html
    assert "okapi" not in html, "an origin that has only drafts is not public yet"
    assert "The operator has not been named" in html
    assert "tile.openstreetmap.org" in html


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://desk.example/contact", "https://desk.example/contact"),
        ("desk@example.org", "mailto:desk@example.org"),
        ("desk@example.org?bcc=x", None),
        ("javascript:alert(1)", None),
        ("Signal: desk.42", None),
    ],
)
def test_contact_is_a_link_if_possible(text: str, href: str | None) -> None:
    contact = parse_contact(text)
    assert contact is not None
    assert (contact.words, contact.href) == (text, href)


def test_missing_contact_is_omitted() -> None:
    assert parse_contact("") is None


def test_first_report_is_shown_if_the_earliest_source_is_late(client: TestClient, build: Builder) -> None:
    late, soon = build.event(), build.event()
    build.source(late, "https://example.org/1", published_at=moment("2025-07-25"))
    build.source(late, "https://example.org/2", published_at=moment("2025-07-24"), status="live")
    build.source(soon, "https://example.org/3", published_at=moment("2025-07-22T08:00"))
    text = visible_text(page_html(client, late))
    assert "21 July 2025 first reported 24 Jul 2025" in text
    assert "online when last checked" in text
    assert "first reported" not in visible_text(page_html(client, soon))


def test_hidden_event_has_only_its_note(client: TestClient, build: Builder) -> None:
    hidden = build.event("Seen at the well", hidden_at=moment("2025-08-03"), released_at=moment("2025-08-01"))
    page = client.get(f"/events/{hidden}", headers=PAGE)
    assert page.status_code == 410
    assert "Hidden on 3 Aug 2025 for safety reasons. No further details are given." in page.text
    assert "well" not in page.text


def test_source_does_not_repeat_its_site(client: TestClient, build: Builder) -> None:
    event = build.event()
    build.source(
        event, url="https://x.com/a/status/1", name="Footage", author="99dominik_", publisher="x", platform="x"
    )
    page = client.get(f"/events/{event}", headers=PAGE).text
    line = page.partition('class="source-more"')[2].partition("</span>")[0]
    assert line.count("99dominik_") == 1
    assert "x.com" in line
    assert "x\u2069 · " not in line


def test_author_without_letters_is_named(client: TestClient, build: Builder) -> None:
    event = build.event()
    build.source(event, url="https://x.com/a/status/2", name="Footage", author="🌻")
    line = client.get(f"/events/{event}", headers=PAGE).text.partition('class="source-more"')[2].partition("</span>")[0]
    assert "by \u2068🌻" in line or "by 🌻" in line, line
