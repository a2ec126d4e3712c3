"""The desk's page of events: its form and its URL filter like every other list of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.accounts.conftest import make_member, services, web

if TYPE_CHECKING:
    from tests.accounts.conftest import MakeMember
    from tests.builders import Builder

__all__ = ["make_member", "services", "web"]


def test_page_filters_by_form_and_url(make_member: MakeMember, build: Builder) -> None:
    build.event("Drone over the bridge", state="draft", category="strike.drone", actor="ru", at=(37.0, 48.0))
    old = build.event("Shelling", state="draft", happened=("2023-03-01", "2023-03-02"), at=(30.0, 50.0))
    build.source(old, source_class="independent")

    olena = make_member()

    def page(query: str) -> str:
        response = olena.get(f"/desk/events?{query}")
        assert response.status_code == 200, response.text
        return response.text

    for query, drone, shelling in (
        ("state=draft", True, True),
        ("state=draft&side=ru&category=strike&verification=&origin=&source_class=&from=&to=&q=", True, False),
        ("state=draft&source_class=independent", False, True),
        ("state=draft&from=2023-03-01&to=2023-03-01", False, True),
        ("state=draft&from=2023-03-02", True, False),
        ("state=draft&datetime=2023-03-01T12:00:00Z", False, True),
        ("state=draft&near=37,48,1000", True, False),
        ("state=draft&bbox=29,49,31,51", False, True),
        # Invalid values are ignored.
        ("state=draft&category=quagga&bbox=x&near=1&from=9999&source_class=x&fbclid=1", True, True),
    ):
        html = page(query)
        assert ("Drone over the bridge" in html, "Shelling" in html) == (drone, shelling), query
    html = page("state=draft&near=37,48,1000&from=2025-07-21&q=drone")
    assert '<input type="hidden" name="near" value="37,48,1000">' in html
    assert 'href="/desk/events?state=draft&amp;q=drone&amp;datetime=2025-07-21%2F.."' in html
    assert 'name="from" value="2025-07-21"' in html
