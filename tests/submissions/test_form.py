"""The form without scripts: values are preserved, each error is beside its field, warnings need a
confirmation.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from app.models import Place, PlaceName
from app.pages.submit_words import SubmitWords
from app.places.spelling import fold
from app.sources.refusals import REASONS
from tests.submissions.test_submit import stored

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from app.database.session import Sessions
    from tests.builders import Builder

FILLED: dict[str, Any] = {
    "footage_urls": ["https://t.me/example_channel/1024", "", ""],
    "place": "48°14'53.5\"N 37°07'46.8\"E",
    "precision_m": "100",
    "happened_from": "2025-07-21",
    "happened_to": "",
    "time_from": "",
    "time_to": "",
    "time_precision": "day",
    "description": "Infantry crossing\r\nthe street.",
    "category": "infiltration",
    "actor": "ru",
    "affected": "",
    "sensitivity": ["graphic"],
    "geolocation_url": "",
    "idempotency_key": "a key of this form",
}


class Fields(HTMLParser):
    """The values of a page's fields, and the fields that are marked as invalid."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.invalid: set[str] = set()
        self.ids: set[str] = set()
        self.described: set[str] = set()
        self._select = self._area = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self.ids.add(given.get("id", ""))
        self.described |= set(given.get("aria-describedby", "").split())
        if given.get("aria-invalid") == "true":
            self.invalid.add(given["id"])
        if tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.values.setdefault(name, []).append(given.get("value", ""))
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given:
            self.values[self._select] = [given["value"]]
        self._area = name if tag == "textarea" else ""

    @override
    def handle_endtag(self, tag: str) -> None:
        self._area = ""

    @override
    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = [*self.values.get(self._area, []), data]


def send(client: TestClient, **changes: Any) -> Response:
    filled = FILLED | changes
    return client.post("/submit", data=filled, headers={"Accept": "text/html", "Accept-Language": "en"})


def code_in(html: str) -> str:
    match = re.search(r'id="tracking-code"[^>]*>([0-9A-Z-]+)<', html)
    assert match, html
    return match[1]


@pytest.fixture
def zvirove(build: Builder) -> None:
    """A small gazetteer."""
    for geonameid, name, at in ((686799, "Zvirove", (37.12879, 48.25057)), (704422, "Pokrovsk", (37.17706, 48.28014))):
        build.session.add(
            Place(
                geonameid=geonameid,
                name=name,
                country="UA",
                admin1="05",
                population=300,
                in_theatre=True,
                spot=f"SRID=4326;POINT({at[0]} {at[1]})",
            )
        )
        build.session.flush()
        build.session.add(PlaceName(geonameid=geonameid, spelling=name, folded=fold(name), kind="name"))
    build.session.commit()


def test_empty_form(client: TestClient) -> None:
    response = client.get("/submit", headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers
    fields = Fields(response.text)
    assert fields.values["time_precision"] == ["day"]
    assert len(fields.values["footage_urls"]) == 3
    assert len(fields.values["idempotency_key"][0]) >= 32
    assert fields.described <= fields.ids
    assert "Don&#39;t endanger anyone." in response.text
    assert fields.values["idempotency_key"] != Fields(client.get("/submit").text).values["idempotency_key"]


def test_valid_form_is_stored_and_code_is_shown(client: TestClient, sessions: Sessions) -> None:
    response = send(client)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    (row,) = stored(sessions)
    assert row.description == "Infantry crossing\nthe street."
    assert row.footage_urls == ["https://t.me/example_channel/1024"]
    assert (row.actor, row.affected, row.precision_m) == ("ru", None, 100)
    assert row.wkt.startswith("POINT(37.1296")
    code = code_in(response.text)
    assert client.get(f"/api/submissions/{code}").json()["status"] == "received"


def test_form_sent_twice_is_one_submission(client: TestClient, sessions: Sessions) -> None:
    assert code_in(send(client).text) == code_in(send(client).text)
    assert len(stored(sessions)) == 1


def test_sent_form_with_other_content_gets_a_new_key(client: TestClient, sessions: Sessions) -> None:
    send(client)
    response = send(client, description="Something else.")
    assert response.status_code == 409
    fields = Fields(response.text)
    (key,) = fields.values["idempotency_key"]
    assert key != FILLED["idempotency_key"]
    assert send(client, description="Something else.", idempotency_key=key).status_code == 200
    assert len(stored(sessions)) == 2


def test_errors_are_beside_their_fields_and_values_are_preserved(client: TestClient, sessions: Sessions) -> None:
    response = send(
        client,
        footage_urls=["https://ok.example/1", "javascript:alert(1)"],
        place="91, 200",
        happened_from="2024-02-30",
        description="",
        geolocation_url="ftp://x.example/",
        precision_m="abc",
        category="nonsense",
    )
    assert response.status_code == 422
    fields = Fields(response.text)
    wrong = {"footage_urls-1", "place", "happened_from", "description", "geolocation_url", "precision_m", "category"}
    assert fields.invalid == wrong
    assert {f"{name}-error" for name in wrong} <= fields.ids
    assert fields.described <= fields.ids
    assert all(f'href="#{name}"' in response.text for name in wrong)
    assert fields.values["footage_urls"][:2] == ["https://ok.example/1", "javascript:alert(1)"]
    assert fields.values["place"] == ["91, 200"]
    assert fields.values["sensitivity"] == ["graphic"]
    assert fields.values["actor"] == ["ru"]
    assert fields.values["idempotency_key"] == [FILLED["idempotency_key"]]
    assert stored(sessions) == []


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"place": ""}, "place", "Choose a place."),
        ({"place": "https://maps.app.goo.gl/abc"}, "place", "short link"),
        ({"place": "Nowhereville"}, "place", "No place found with this name"),
        ({"place": "64XH+7V Nowhereville"}, "place", "The town in this plus code"),
        ({"footage_urls": []}, "footage_urls-0", "Enter a link."),
        ({"footage_urls": ["a b"]}, "footage_urls-0", "Enter a full link"),
        ({"happened_from": ""}, "happened_from", "Enter a date."),
        ({"happened_from": "2021-01-01"}, "happened_from", "before the first day"),
        ({"happened_to": "2025-07-20"}, "happened_to", "before start date"),
        ({"time_precision": "hour"}, "happened_from", "Enter the time of day"),
        ({"time_from": "06:00"}, "time_precision", "remove the time of day"),
        ({"time_precision": "hour", "time_from": "25:00"}, "happened_from", "Enter a real date"),
        (
            {"time_precision": "hour", "time_from": "06:00", "happened_to": "2025-07-22"},
            "happened_to",
            "both dates",
        ),
        ({"description": "a" * 5001}, "description", "too long"),
        ({"description": "a\x00"}, "description", "invalid character"),
        ({"place": "a\x00"}, "place", "No place found with this name"),
        ({"place": "a" * 2000}, "place", "No place found with this name"),
    ],
)
def test_error_messages(client: TestClient, changes: dict[str, Any], field: str, message: str) -> None:
    response = send(client, **changes)
    assert response.status_code == 422
    assert Fields(response.text).invalid == {field}
    assert re.search(rf'id="{field}-error">[^<]*{message}', response.text), response.text


@pytest.mark.parametrize(("name", "value"), [("confirm", ["nonsense"]), ("idempotency_key", "k" * 201)])
def test_error_in_a_hidden_field_is_reported(client: TestClient, name: str, value: Any) -> None:
    response = send(client, **{name: value})
    assert response.status_code == 422
    assert f'<a href="#{name}' in response.text


def test_every_reason_for_refusing_a_link_has_a_message(client: TestClient) -> None:
    assert REASONS.keys() <= SubmitWords("en").errors.keys()
    for link, message in (
        ("https://t.me/c/1234567/89", "members of a closed group"),
        ("http://192.168.1.1/video.mp4", "private network"),
    ):
        assert message in send(client, footage_urls=[link]).text


def test_times_of_day(client: TestClient, sessions: Sessions) -> None:
    send(client, time_precision="minute", time_from="6:12", time_to="0730")
    (row,) = stored(sessions)
    assert (f"{row.happened_from:%FT%R}", f"{row.happened_to:%FT%R}") == ("2025-07-21T06:12", "2025-07-21T07:30")


def test_place_name_offers_matching_places(client: TestClient, sessions: Sessions, zvirove: None) -> None:
    response = send(client, place="Zvirove")
    assert response.status_code == 422
    assert Fields(response.text).invalid == {"place"}
    match = re.search(r'name="place_choice" value="([^"]+)"', response.text)
    assert match
    assert match[1] == "48.25057, 37.12879"
    assert send(client, place="Zvirove", place_choice=match[1]).status_code == 200
    assert stored(sessions)[0].wkt == "POINT(37.12879 48.25057)"


def test_short_plus_code_is_relative_to_its_town(client: TestClient, sessions: Sessions, zvirove: None) -> None:
    assert send(client, place="64XH+7V Pokrovsk").status_code == 200
    assert stored(sessions)[0].wkt.startswith("POINT(37.1296")


def test_warning_has_a_confirmation(client: TestClient, sessions: Sessions) -> None:
    response = send(client, place="37.12966, 48.24819")
    assert response.status_code == 409
    assert "Latitude and longitude seem to be swapped." in response.text
    assert 'name="use_place" value="48.24819, 37.12966"' in response.text
    assert 'name="confirm" value="axes-swapped"' in response.text
    assert stored(sessions) == []

    taken = send(client, place="37.12966, 48.24819", use_place="48.24819, 37.12966")
    assert Fields(taken.text).values["place"] == ["48.24819, 37.12966"]
    assert stored(sessions) == []
    assert send(client, place="37.12966, 48.24819", confirm=["axes-swapped"]).status_code == 200
    assert stored(sessions)[0].warnings[0]["code"] == "axes-swapped"


def test_near_event_is_shown_before_sending(client: TestClient, build: Builder) -> None:
    event = build.event("<b>At the tower</b>", at=(37.1330, 48.24819))
    response = send(client)
    assert response.status_code == 409
    assert f'href="/events/{event}"' in response.text
    assert "&lt;b&gt;At the tower&lt;/b&gt;" in response.text
    assert re.search(r"2[45]\d\sm away", response.text)
    assert send(client, confirm=["near-duplicate"]).status_code == 200


def test_another_link_without_scripts(client: TestClient, sessions: Sessions) -> None:
    given = [f"https://example.org/{n}" for n in range(3)]
    response = send(client, footage_urls=given, more_links="1", description="")
    assert response.status_code == 200
    fields = Fields(response.text)
    assert fields.values["footage_urls"] == [*given, "", "", ""]
    assert fields.invalid == set()
    assert stored(sessions) == []


def test_form_can_start_with_a_place_or_an_event(client: TestClient, build: Builder) -> None:
    assert Fields(client.get("/submit?at=48.24819,37.12966,12").text).values["place"] == ["48.24819, 37.12966"]
    event = build.event(
        at=(37.5, 48.5), happened=("2025-07-19", "2025-07-22"), category="strike.drone", actor="ru", precision_m=777
    )
    values = Fields(client.get(f"/submit?event={event}&fbclid=x").text).values
    assert values["place"] == ["48.50000, 37.50000"]
    assert (values["happened_from"], values["happened_to"]) == (["2025-07-19"], ["2025-07-21"])
    assert (values["category"], values["actor"], values["precision_m"]) == (["strike.drone"], ["ru"], ["777"])
    both = Fields(client.get(f"/submit?event={event}&at=48.1,37.1").text).values
    assert both["place"] == ["48.10000, 37.10000"]


@pytest.mark.parametrize("query", ["at=", "at=1", "at=a,b", "at=99,200", "at=nan,1", "event=x", "lang=xx"])
def test_invalid_link_to_the_form_opens_it_empty(client: TestClient, query: str) -> None:
    response = client.get(f"/submit?{query}")
    assert response.status_code == 200
    assert Fields(response.text).values["place"] == [""]


def test_private_event_is_not_revealed(client: TestClient, build: Builder) -> None:
    event = build.event(state="draft")
    assert Fields(client.get(f"/submit?event={event}").text).values["place"] == [""]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_form_from_another_site_is_refused(
    client: TestClient, sessions: Sessions, headers: dict[str, str], status: int
) -> None:
    assert client.post("/submit", data=FILLED, headers=headers).status_code == status
    assert len(stored(sessions)) == (status == 200)
    tracked = client.post("/track", data={"code": "none"}, headers=headers)
    assert tracked.status_code == (403 if status == 403 else 404)


def test_rate_limit_of_one_network(client: TestClient) -> None:
    for number in range(5):
        assert send(client, idempotency_key=str(number)).status_code == 200
    response = send(client, idempotency_key="one more")
    assert response.status_code == 429
    assert "retry-after" in response.headers
    assert "Your text is still here" in response.text
    assert Fields(response.text).values["place"] == [FILLED["place"]]


def test_values_are_escaped_in_every_field(client: TestClient) -> None:
    attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}"
    response = send(client, **{name: [attack] if isinstance(value, list) else attack for name, value in FILLED.items()})
    assert response.status_code == 422
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text
    assert Fields(response.text).values["description"] == [attack]


def test_tracking_without_scripts(client: TestClient) -> None:
    code = code_in(send(client).text)
    assert "Tracking code" in client.get("/track", headers={"Accept-Language": "en"}).text
    found = client.post("/track", data={"code": f" {code.lower()} "}, headers={"Accept-Language": "en"})
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert "Waiting for an analyst" in found.text
    unknown = client.post("/track", data={"code": "nothing"}, headers={"Accept-Language": "en"})
    assert unknown.status_code == 404
    assert "No submission has this code" in unknown.text


def test_tracking_code_is_not_read_from_the_url(client: TestClient) -> None:
    code = code_in(send(client).text)
    assert "Waiting for an analyst" not in client.get(f"/track?code={code}", headers={"Accept-Language": "en"}).text
