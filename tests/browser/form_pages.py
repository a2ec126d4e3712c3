"""Helpers for the submission form: a server with a small gazetteer, filling in the form, reading
its result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import text

from app.database.session import Sessions
from app.models import Place, PlaceName
from app.places.spelling import fold
from tests.builders import Builder
from tests.conftest import Served, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

LINK = "https://t.me/example_channel/77"
KNOWN_LINK = "https://t.me/example_channel/1024"
PHONE = (390, 844)


@pytest.fixture(scope="module")
def form_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with a small gazetteer, two events and no rate limit for submissions."""
    settings = make_settings(
        tmp_path_factory.mktemp("form"), submissions_per_minute=10_000, submissions_per_hour=10_000
    )
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        with Sessions(served.engines).writing() as session:
            build = Builder(session)
            for geonameid, name, at in (
                (686799, "Zvirove", (37.12879, 48.25057)),
                (704422, "Pokrovsk", (37.17706, 48.28014)),
            ):
                spot = f"SRID=4326;POINT({at[0]} {at[1]})"
                session.add(
                    Place(geonameid=geonameid, name=name, country="UA", population=300, in_theatre=True, spot=spot)
                )
                session.flush()
                session.add(PlaceName(geonameid=geonameid, spelling=name, folded=fold(name), kind="name"))
            build.event("Infantry seen in Zvirove", at=(37.1330, 48.24819))
            tower = build.event("Fighting far away", at=(30.5, 50.4), happened=("2023-01-01", "2023-01-02"))
            build.source(tower, KNOWN_LINK)
        yield served


@pytest.fixture
def open_form(page_at: PageAt, form_server: Served) -> Callable[..., Page]:
    def open_form(path: str = "/submit", **options: Any) -> Page:
        page = page_at(path, served=form_server, **options)
        if options.get("scripts", True) and path.startswith("/submit"):
            expect(page.locator("#map .leaflet-map-pane, #map-frame .note").first).to_be_attached()
        return page

    return open_form


def submitted(served: Served, description: str) -> list[dict[str, Any]]:
    with served.engines.writing.connect() as connection:
        rows = connection.execute(
            text("SELECT *, ST_X(spot) AS lon, ST_Y(spot) AS lat FROM submission WHERE description = :d"),
            {"d": description},
        )
        return [dict(row._mapping) for row in rows]


def fill(page: Page, description: str, *, place: str = "48.5, 37.5", link: str = LINK) -> None:
    page.fill("#footage_urls-0", link)
    page.fill("#place", place)
    page.fill("#happened_from", "2025-07-21")
    page.fill("#description", description)


def received_code(page: Page) -> str:
    expect(page.get_by_role("heading", name="Thank you. We have received your submission.")).to_be_visible()
    return page.locator(".tracking-code").inner_text().strip()


def expect_place_status(page: Page, words: str) -> None:
    expect(page.locator("#place-status")).to_contain_text(words)


def answer_submissions(page: Page, answer: Callable[[Route], None]) -> None:
    page.route("**/api/submissions", answer)
