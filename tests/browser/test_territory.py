"""Control areas on the map page: the areas of the last day, the legend, the chart, comparisons and
the card.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import create_engine, text

from app.database.engines import DatabaseUrls, server_options
from app.database.session import Sessions
from app.exchange.territory.importing import TerritoryOptions, import_territory
from tests.browser.areas import AHEAD, COVERING, HELD, TOUCHING, ZVIROVE, areas_file, import_areas
from tests.browser.combinations import last_of
from tests.browser.crowd import HOSTILE_TEXTS
from tests.browser.map_page import PHONE, map_centre
from tests.browser.waiting import wait_two_frames, wait_until
from tests.builders import Builder
from tests.conftest import Served, bring_columns_up_to_date, cloned, load_demo_into, make_settings, serving
from tests.territory.made_snapshots import write_deepstate

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

WIDE = (1280, 800)


@pytest.fixture(scope="module")
def drawn_areas(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with the demo, three days of areas by one assessor, and a line by another."""
    folder = tmp_path_factory.mktemp("areas")
    sketch = {
        "2025-07-18T20:10:00Z": {"occupied": HELD},
        "2025-07-19T20:50:00Z": {"occupied": HELD, "gray_zone": TOUCHING},
        "2025-07-20T19:30:00Z": {"occupied": AHEAD, "gray_zone": COVERING},
    }
    areas_file(folder / "sketch.geojson", "sketch", "A sketch", sketch, "CC BY 4.0")
    other = {"2025-07-10": {"occupied": HELD}}
    areas_file(folder / "other.geojson", "other", "Somebody else", other, "CC0-1.0")
    with cloned(cluster, template) as urls:
        load_demo_into(urls, theatre)
        import_areas(urls, theatre, folder, added=4)
        with serving(urls, theatre, make_settings(folder)) as served:
            bring_columns_up_to_date(served, theatre)
            yield served


@pytest.fixture
def open_map(page_at: PageAt, drawn_areas: Served) -> Callable[..., Page]:
    """Opens the map with the first assessor, and waits until the areas are drawn."""

    def open_page(query: str = "", *, size: tuple[int, int] = WIDE, **how: Any) -> Page:
        page = page_at(f"/?assessor=sketch&{ZVIROVE}&{query}", *size, served=drawn_areas, **how)
        expect(page.locator(".legend-assessment").first).not_to_contain_text("loading")
        page.wait_for_selector("#map .leaflet-areas-pane canvas", state="attached")
        wait_two_frames(page)
        return page

    return open_page


def days_until(last: int) -> str:
    return f"from=2025-07-15&to=2025-07-{last}"


def painted_pixels(page: Page, half: int = 6) -> int:
    """Returns the number of painted pixels of the areas' canvas around Zvirove, in the middle of
    the view.
    """
    count: int = page.evaluate(
        """(half) => {
          const canvas = document.querySelector("#map .leaflet-areas-pane canvas");
          if (canvas.hidden) return 0; // nothing is painted
          const box = canvas.getBoundingClientRect();
          const view = document.querySelector("#map").getBoundingClientRect();
          const scale = canvas.width / box.width;
          const x = (view.left + view.width / 2 - box.left - half) * scale;
          const y = (view.top + view.height / 2 - box.top - half) * scale;
          const side = 2 * half * scale;
          const { data } = canvas.getContext("2d").getImageData(x, y, side, side);
          let count = 0;
          for (let n = 3; n < data.length; n += 4) if (data[n] > 0) count++;
          return count;
        }""",
        half,
    )
    return count


# The areas of the day


def test_gray_zone_reaches_the_village_on_the_assessed_day(open_map: Callable[..., Page]) -> None:
    found = {}
    for last in (17, 18, 19, 20):
        page = open_map(days_until(last))
        found[last] = (painted_pixels(page), painted_pixels(page, 60))
    assert found[17] == (0, 0), "there was no assessment"
    assert found[18][0] == 0
    assert found[19][0] == 0
    assert found[19][1] > found[18][1] > 0, "it touches the surroundings"
    assert found[20][0] == 144, "it covers the village"


def test_moving_the_slider_sends_no_request(open_map: Callable[..., Page]) -> None:
    page = open_map(days_until(18))
    assert painted_pixels(page) == 0
    page.wait_for_load_state("networkidle")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    window = page.locator('.dock-overlay [role="slider"]').last
    window.focus()
    legend = page.locator(".legend-assessment").first
    for last in (19, 20):
        page.keyboard.press("ArrowRight")
        expect(legend).to_contain_text(f"{last} July 2025")
    assert wait_until(page, lambda: painted_pixels(page)) > 0
    assert [url for url in requested if "/api/" in url] == []


# Known statuses: longitude, latitude, and the status from each day on.
KNOWN = {
    "near Zvirove": ((37.12966, 48.24819), {19: "gray_zone"}),
    "Zvirove": ((37.12879, 48.25057), {20: "gray_zone"}),
    "Pokrovsk": ((37.17706, 48.28014), {}),
    "Udachne": ((36.99243, 48.24099), {}),
    "held ground": ((36.9869, 48.2058), {18: "occupied"}),
}


@pytest.fixture(params=["made", pytest.param("real", marks=pytest.mark.long)])
def july(
    request: pytest.FixtureRequest,
    database: DatabaseUrls,
    theatre: Theatre,
    serve: Callable[..., Served],
    tmp_path: Path,
) -> Served:
    """Generated snapshots of 18 to 23 July 2025. `make long` also uses real ones, which are not
    part of the project.
    """
    engine = create_engine(database.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    if request.param == "real":
        files = sorted((request.getfixturevalue("shared_data") / "pokrovsk_2025-07").glob("deepstate_*"))
    else:
        files = write_deepstate(tmp_path)
    report = import_territory(engine, theatre, files, "deepstate", TerritoryOptions(public=True))
    engine.dispose()
    assert report.outcomes == {"added": 6}, report.refused
    return serve(database)


def status_at(page: Page, place: tuple[float, float]) -> str | None:
    """Returns the status that the canvas shows at a place in the view of `ZVIROVE`. Occupied ground
    is red; the gray zone has no hue.
    """
    red, green, blue, alpha = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector("#map .leaflet-areas-pane canvas");
          const box = canvas.getBoundingClientRect();
          const view = document.querySelector("#map").getBoundingClientRect();
          const scale = canvas.width / box.width;
          const at = [view.left + view.width / 2 + x - box.left, view.top + view.height / 2 + y - box.top];
          return [...canvas.getContext("2d").getImageData(at[0] * scale, at[1] * scale, 1, 1).data];
        }""",
        [shift * 256 * 2**12 for shift in (mercator(place)[0] - mercator()[0], mercator()[1] - mercator(place)[1])],
    )
    if alpha == 0:
        return None
    return "occupied" if red > green + 60 and red > blue + 60 else "gray_zone"


def mercator(place: tuple[float, float] = (37.12879, 48.25057)) -> tuple[float, float]:
    """Returns the Mercator coordinates of a place, as fractions of the world; y grows northward. By
    default, of Zvirove.
    """
    return place[0] / 360, math.asinh(math.tan(math.radians(place[1]))) / (2 * math.pi)


def test_slider_shows_the_known_status_of_each_day(page_at: PageAt, july: Served) -> None:
    page = page_at(f"/?assessor=deepstate&{ZVIROVE}&from=2025-07-10&to=2025-07-17", *WIDE, served=july)
    legend = page.locator(".legend-assessment").first
    expect(legend).to_contain_text("no assessment yet; the first is from 18 July 2025, 20:08 UTC")
    requested: list[str] = []
    page.locator('.dock-overlay [role="slider"]').last.focus()
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: requested.append(request.url))
    for day in range(18, 24):
        page.keyboard.press("ArrowRight")
        expect(legend).to_contain_text(f"{day} July 2025")
        wait_two_frames(page)
        for name, (place, since) in KNOWN.items():
            known = next((status for first, status in since.items() if day >= first), None)
            assert status_at(page, place) == known, f"{name}, {day} July"
    assert [url for url in requested if "/api/" in url] == []


# Texts


def test_legend_shows_assessor_time_and_licence(open_map: Callable[..., Page]) -> None:
    legend = open_map(days_until(19)).locator("#legend")
    for words in ("Occupied", "Gray zone", "A sketch, 19 July 2025, 20:50 UTC", "CC BY 4.0"):
        expect(legend).to_contain_text(words)
    expect(legend.locator('[data-area="claimed"]')).to_have_count(0)


def test_legend_shows_the_date_of_the_latest_assessment(open_map: Callable[..., Page]) -> None:
    expect(open_map(days_until(22)).locator("#legend")).to_contain_text(
        "20 July 2025, 19:30 UTC (2 days before the day shown; nothing newer)"
    )
    expect(open_map(days_until(17)).locator("#legend")).to_contain_text(
        "no assessment yet; the first is from 18 July 2025, 20:10 UTC"
    )


def test_chart_shows_the_occupied_area(open_map: Callable[..., Page]) -> None:
    page = open_map(days_until(20))
    expect(page.locator(".dock-occupied")).to_have_text(re.compile(r"^[\d,]+ km² occupied \(A sketch\)$"))
    page = open_map(days_until(17))
    expect(page.locator(".dock-occupied")).to_have_text(
        "A sketch: no assessment yet; the first is from 18 July 2025, 20:10 UTC"
    )


@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.long), PHONE])
def test_curve_states_its_highest_and_lowest_value(open_map: Callable[..., Page], size: tuple[int, int]) -> None:
    page = open_map(days_until(20), size=size)
    km2 = page.evaluate(
        "async () => (await (await fetch('/api/territory/series?assessor=sketch')).json()).km2.occupied.in_all"
    )
    assert max(km2) - min(km2) > 2, "both are different when rounded"
    axis = page.locator(".dock-curve-axis")
    expect(axis).to_contain_text(f"Highest occupied area in view: {max(km2):,.0f} km²")
    expect(axis).to_contain_text(f"Lowest occupied area in view: {min(km2):,.0f} km²")
    highest, lowest = (mark.bounding_box() for mark in axis.locator(".dock-km2").all())
    assert highest is not None
    assert lowest is not None
    assert highest["y"] + highest["height"] <= lowest["y"], "one above the other"


def test_card_shows_the_status_of_the_place_on_that_day(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2025-07-19&to=2025-07-21")
    page.mouse.click(640, 400)
    expect(page.locator("#card-title")).to_contain_text("Zvirove")
    row = page.locator(".card-facts dt", has_text="Front line that day")
    expect(row).to_be_visible()
    expect(row.locator("+ dd")).to_have_text("in the gray zone (since 20 Jul 2025) · A sketch, 20 Jul 2025, 19:30 UTC")


HELD_GROUND = (411, 555)  # pixels of the view: 37.05 E, 48.215 N


@pytest.fixture
def claimed(drawn_areas: Served) -> Iterator[None]:
    """Adds a claim by a party that denies the gray zone."""
    zone = """
        SELECT a.id FROM frontline.control_area a JOIN frontline.assessment m ON m.id = a.assessment_id
        WHERE m.assessor = 'sketch' AND a.status = 'gray_zone' ORDER BY m.valid_from DESC LIMIT 1
    """
    with Sessions(drawn_areas.engines).writing() as session:
        area = session.scalar(text(zone))
        Builder(session).claim(
            None, "General Staff", stance="denies", statement=HOSTILE_TEXTS[0], area_id=area, about="area"
        )
        session.commit()
    yield
    with Sessions(drawn_areas.engines).writing() as session:
        session.execute(text("DELETE FROM frontline.claim WHERE area_id IS NOT NULL"))
        session.commit()


@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.long), PHONE])
def test_a_click_on_the_ground_shows_status_assessor_and_claims(
    open_map: Callable[..., Page], claimed: None, axe: Callable[[Page], None], size: tuple[int, int]
) -> None:
    page = open_map(days_until(20), size=size)
    popup = page.locator(".ground-popup")
    x, y = map_centre(page)
    page.mouse.click(x + 40, y)
    expect(popup.locator(".ground-title")).to_have_text("Gray zone")
    expect(popup).to_contain_text("since 20 July 2025")
    expect(popup).to_contain_text("A sketch, 20 July 2025, 19:30 UTC · CC BY 4.0")
    expect(popup).to_contain_text("Somebody else: nothing marked here, assessed 10 Jul 2025, 10 days before")
    expect(popup.locator(".claim")).to_contain_text(HOSTILE_TEXTS[0])
    expect(popup.locator(".claim-party")).to_contain_text("General Staff")
    axe(page)
    # The popup follows the slider and shows only claims of the day.
    page.locator('.dock-overlay [role="slider"]').last.focus()
    page.keyboard.press("ArrowLeft")
    expect(popup.locator(".ground-title")).to_have_text("Nothing marked here")
    expect(popup.locator(".claim")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(popup.locator(".claim")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)


def test_popup_of_occupied_and_of_unassessed_ground(open_map: Callable[..., Page]) -> None:
    page = open_map(days_until(20))
    popup = page.locator(".ground-popup")
    page.mouse.click(*HELD_GROUND)
    expect(popup.locator(".ground-title")).to_have_text("Occupied")
    expect(popup).to_contain_text("since 18 July 2025 or earlier")
    page.mouse.click(900, 250)  # outside all areas: the popup closes
    expect(popup).to_have_count(0)


# Another assessor


def test_second_line_is_drawn_over_the_first(open_map: Callable[..., Page]) -> None:
    page = open_map(days_until(20))
    page.get_by_label("Add another assessor's line").select_option(label="Somebody else")
    page.wait_for_url(re.compile(r"assessor=sketch,other"))
    legend = page.locator("#legend")
    expect(legend).to_contain_text("Second line: Somebody else")
    expect(legend).to_contain_text("10 July 2025 (10 days before the day shown; nothing newer)")
    page.reload()
    expect(legend).to_contain_text("Second line: Somebody else")


def test_areas_of_two_assessors_are_not_mixed(open_map: Callable[..., Page]) -> None:
    page = open_map(days_until(20))
    assert wait_until(page, lambda: painted_pixels(page)) > 0
    page.get_by_label("Front line from").select_option(label="Somebody else")
    expect(page.locator(".legend-assessment").first).to_contain_text("Somebody else, 10 July 2025")
    assert wait_until(page, lambda: painted_pixels(page), lambda found: found == 0) == 0
    expect(page.locator('#legend [data-area="gray_zone"]')).to_have_count(0)


# Comparing


def test_two_days_are_compared(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2025-07-18&to=2025-07-20")
    page.locator('[data-chip="compare"]').click()
    page.get_by_role("button", name="Show the change").click()
    table = page.locator(".compare-table")
    expect(table.locator("tbody tr").first).to_contain_text("Total held")
    expect(table).to_contain_text("18 July 2025, 20:10 UTC and 20 July 2025, 19:30 UTC")
    expect(table.locator("tr", has_text="Gray zone")).to_contain_text("+")
    page.wait_for_url(re.compile("compare=2025-07-18,2025-07-20"))
    expect(page.locator("#legend")).to_contain_text("Gained by the occupier")
    page.get_by_label("Earlier day", exact=True).fill("2025-07-21")
    page.get_by_label("Earlier day", exact=True).press("Enter")
    expect(page.locator("#compare-error")).to_have_text("The earlier day must be before the later day.")
    page.get_by_role("button", name="End comparison").click()
    page.wait_for_url(lambda url: "compare" not in url)
    expect(page.locator("#legend")).not_to_contain_text("Gained by the occupier")


def test_opening_the_choice_of_days_changes_nothing(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2025-07-18&to=2025-07-20")
    address, legend = page.url, page.locator("#legend").inner_text()
    page.locator('[data-chip="compare"]').click()
    choice = page.get_by_role("dialog", name="Change between days")
    expect(page.get_by_label("Earlier day", exact=True)).to_have_value("18 Jul 2025")
    expect(page.get_by_label("Later day", exact=True)).to_have_value("20 Jul 2025")
    expect(choice).to_contain_text("The map stays as it is until you show the change.")
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    wait_two_frames(page)
    assert (page.url, page.locator("#legend").inner_text()) == (address, legend)
    expect(page.locator(".dock-areas")).to_be_hidden()

    # A day that the reader chooses starts the comparison, too.
    page.locator('[data-chip="compare"]').click()
    page.get_by_label("Earlier day", exact=True).fill("2025-07-19")
    page.get_by_label("Earlier day", exact=True).press("Enter")
    page.wait_for_url(re.compile("compare=2025-07-19,2025-07-20"))
    expect(page.get_by_role("button", name="Show the change")).to_be_hidden()


def test_proposed_days_have_assessments(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2026-08-01&to=2026-08-04")
    page.locator('[data-chip="compare"]').click()
    expect(page.get_by_label("Earlier day", exact=True)).to_have_value("18 Jul 2025")  # the first assessment
    expect(page.get_by_label("Later day", exact=True)).to_have_value("20 Jul 2025")  # the newest one


FAR = "from=2026-08-01&to=2026-08-04&compare=2025-07-18,2025-07-25"


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_days_of_the_areas_stand_beside_the_days_of_the_events(
    open_map: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_map(FAR, size=size, touch=size == PHONE)
    expect(page.locator(".dock-period")).to_have_text("1\N{EN DASH}4 August 2026")
    expect(page.locator(".dock-areas")).to_have_text("Areas: 18 → 20 July 2025")
    expect(page.locator(".dock-areas")).to_be_in_viewport()
    expect(page.locator('[data-chip="dates"]')).to_contain_text("Events:1\N{EN DASH}4 Aug 2026")
    expect(page.locator('[data-chip="compare"]')).to_contain_text("18 → 20 Jul 2025")
    expect(page.locator(".dock-occupied")).to_have_text(re.compile(r"^20 Jul 2025: [\d,]+ km² occupied \(A sketch\)$"))
    legend = page.locator("#legend")
    if legend.get_attribute("open") is not None:
        expect(legend.locator(".legend-compared")).to_have_text("Areas: 18 → 20 July 2025")
        legend.locator("summary").click()
    expect(legend.locator(".legend-age")).to_have_text("Areas: 18 → 20 Jul 2025")
    legend.locator("summary").click()
    # The key has what is drawn, and nothing else: no ground was lost, and nothing is old.
    drawn = legend.locator("[data-area]").evaluate_all("(icons) => icons.map((icon) => icon.dataset.area)")
    assert drawn == ["occupied", "gray_zone", "gained"]


def test_a_refused_comparison_names_the_day_that_the_areas_show(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2026-08-01&to=2026-08-04&compare=2025-07-01,2025-07-25", tolerate="400")
    expect(page.locator(".dock-areas")).to_have_text("Areas: 20 July 2025, nothing to compare")


def test_comparing_days_before_the_first_assessment_shows_a_message(open_map: Callable[..., Page]) -> None:
    page = open_map("compare=2025-07-01,2025-07-20", tolerate="400")
    page.locator('[data-chip="compare"]').click()
    expect(page.locator(".compare-result")).to_contain_text("The first is of 2025-07-18")
    expect(page.locator("#notice")).not_to_contain_text("could not be compared")


# Accessibility and failures


@pytest.mark.parametrize(("size", "theme"), last_of([WIDE, PHONE], ["light", "dark"]))
def test_territory_controls_are_accessible(
    open_map: Callable[..., Page], axe: Callable[[Page], None], theme: str, size: tuple[int, int]
) -> None:
    page = open_map(f"{days_until(20)}&compare=2025-07-18,2025-07-20", size=size, theme=theme, touch=size == PHONE)
    axe(page)
    page.locator('[data-chip="compare"]').click()
    expect(page.locator(".compare-table")).to_be_visible()
    axe(page)


def test_a_failed_history_shows_a_notice_and_can_be_retried(page_at: PageAt, drawn_areas: Served) -> None:
    def refuse_once(context: BrowserContext) -> None:
        history = re.compile("/api/(collections/control-areas|territory/history)")
        context.route(history, lambda route: route.abort(), times=1)

    page = page_at(
        f"/?assessor=sketch&{ZVIROVE}&{days_until(20)}",
        *WIDE,
        served=drawn_areas,
        tolerate="Failed to load resource",
        prepare=refuse_once,
    )
    expect(page.locator("#notice")).to_contain_text("The front line of A sketch could not be loaded.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#legend")).to_contain_text("A sketch, 20 July 2025")


def test_without_assessors_territory_controls_are_hidden(page_at: PageAt, serve: Any, database: DatabaseUrls) -> None:
    page = page_at("/", *WIDE, served=serve(database))
    expect(page.locator(".dock-count")).to_contain_text("events")
    expect(page.locator('[data-chip="compare"]')).to_have_count(0)
    expect(page.locator(".legend-territory")).to_have_count(0)
