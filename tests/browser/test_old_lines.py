"""Old assessments on the map page: they are drawn faded, and their age stands where their number or
name stands.

The assessor "sparse" has two assessments, of 20 June and of 9 July 2025; "other" has one of 1 July.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from app.database.session import Sessions
from tests.browser.areas import COVERING, HELD, ZVIROVE, areas_file, import_areas
from tests.browser.combinations import last_of
from tests.browser.map_page import PHONE, WIDE, map_centre
from tests.browser.waiting import wait_two_frames, wait_until
from tests.builders import Builder
from tests.conftest import Served, bring_columns_up_to_date, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

CURRENT = "from=2025-07-10&to=2025-07-12"
OLD = "from=2025-07-18&to=2025-07-20"
AGE = "assessed 9 Jul 2025, 11 days before"
BETWEEN = "since a day between 20 June and 9 July 2025"


@pytest.fixture(scope="module")
def sparse(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with an event of 20 July 2025, and two assessors whose assessments are older."""
    folder = tmp_path_factory.mktemp("sparse")
    days = {"2025-06-20": {"occupied": HELD}, "2025-07-09": {"occupied": COVERING}}
    areas_file(folder / "sparse.geojson", "sparse", "Sparse map", days, "CC BY 4.0")
    areas_file(folder / "other.geojson", "other", "Other map", {"2025-07-01": {"occupied": COVERING}}, "CC BY 4.0")
    with cloned(cluster, template) as urls:
        import_areas(urls, theatre, folder, added=3)
        with serving(urls, theatre, make_settings(folder)) as served:
            with Sessions(served.engines).writing() as session:
                Builder(session).event("At the edge", at=(37.12879, 48.25057), happened=("2025-07-20", "2025-07-21"))
            bring_columns_up_to_date(served, theatre)
            yield served


@pytest.fixture
def open_map(page_at: PageAt, sparse: Served) -> Callable[..., Page]:
    """Opens the map with "sparse", and waits until its areas are loaded."""

    def open_page(query: str, *, assessor: str = "sparse", size: tuple[int, int] = WIDE, theme: str = "light") -> Page:
        url = f"/?assessor={assessor}&{ZVIROVE}&{query}"
        page = page_at(url, *size, served=sparse, touch=size == PHONE, theme=theme)
        expect(page.locator(".legend-assessment").first).not_to_contain_text("loading")
        page.wait_for_selector("#map .leaflet-areas-pane canvas", state="attached")
        return page

    return open_page


def alphas_beside_centre(page: Page) -> list[int]:
    """Returns the alpha values of the areas' canvas in a square beside the middle of the view."""
    found: list[int] = page.evaluate(
        """() => {
          const canvas = document.querySelector("#map .leaflet-areas-pane canvas");
          if (canvas.hidden) return [0]; // nothing is painted
          const box = canvas.getBoundingClientRect();
          const view = document.querySelector("#map").getBoundingClientRect();
          const scale = canvas.width / box.width;
          const x = (view.left + view.width / 2 - box.left) * scale;
          const y = (view.top + view.height / 2 - box.top) * scale;
          return [...canvas.getContext("2d").getImageData(x, y, 16, 16).data].filter((_, n) => n % 4 === 3);
        }"""
    )
    return found


def edge_share(page: Page) -> float:
    """Returns the painted share of the upper edge of the legend's first sample."""
    share: float = page.locator('#legend [data-area="occupied"]').first.evaluate(
        """(canvas) => {
          const scale = canvas.width / 22;
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(2 * scale, scale, 18 * scale, 1);
          let strong = 0;
          for (let n = 3; n < data.length; n += 4) if (data[n] > 128) strong++;
          return strong / (data.length / 4);
        }"""
    )
    return share


def right_of(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_old_areas_are_drawn_faded(open_map: Callable[..., Page]) -> None:
    current = open_map(CURRENT)
    alphas = wait_until(current, partial(alphas_beside_centre, current), any)
    assert set(alphas) == {43}, "a firm wash of 17 %"
    expect(current.locator(".dock-occupied")).to_contain_text("km² occupied")
    expect(current.locator(".dock-occupied .old")).to_have_text("")
    expect(current.locator('#legend [data-area="occupied"]').first).not_to_have_attribute("data-faded", "")
    old = open_map(OLD)
    alphas = wait_until(old, partial(alphas_beside_centre, old), any)
    assert 0 < sum(alphas) / len(alphas) < 25
    assert min(alphas) == 0, "hatched"
    assert (edge_share(current), edge_share(old) < 0.9) == (1, True), "the sample of an old area has a broken edge"


@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.long), PHONE])
def test_nothing_moves_when_a_line_becomes_old(open_map: Callable[..., Page], size: tuple[int, int]) -> None:
    page = open_map("from=2025-07-14&to=2025-07-16", size=size)
    in_legend = [".legend-choices"] if size == WIDE else []  # on phones it is folded
    parts = [page.locator(selector) for selector in ("#legend", ".dock-content", ".dock-chart", *in_legend)]
    expect(page.locator(".dock-occupied")).to_contain_text("km² occupied")
    current = [part.bounding_box() for part in parts]
    page.locator('.dock-overlay [role="slider"]').last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".dock-occupied .old")).to_have_text("assessed 9 Jul 2025, 8 days before")
    assert [part.bounding_box() for part in parts] == current


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_age_stands_at_the_number_and_in_the_legend(open_map: Callable[..., Page], size: tuple[int, int]) -> None:
    page = open_map(OLD, size=size)
    value = page.locator(".dock-occupied")
    expect(value).to_contain_text(re.compile(r"^[\d.]+ km² occupied"))
    expect(value.locator(".old")).to_have_text(AGE)
    assert right_of(value.locator(".old")) <= right_of(page.locator(".dock-chart")) + 1, "the age is not cut off"
    legend = page.locator("#legend")
    if size == PHONE:  # folded: the age is visible all the same, also above the lowest sheet
        assert legend.get_attribute("open") is None
        expect(legend.locator(".legend-age")).to_be_visible()
        expect(legend.locator(".legend-age")).to_have_text(AGE)
        page.locator("#grip").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#sheet")).to_have_attribute("data-level", "peek")
        expect(legend.locator(".legend-age")).to_be_in_viewport()
    else:
        expect(legend).to_contain_text("9 July 2025 (11 days before the day shown; nothing newer)")
        expect(legend.locator('[data-area="occupied"]').first).to_have_attribute("data-faded", "")
        expect(legend).to_contain_text("Assessed over 7 days before")


def test_a_day_before_the_first_assessment_says_so(open_map: Callable[..., Page]) -> None:
    page = open_map("from=2025-06-10&to=2025-06-12")
    none_yet = "no assessment yet; the first is from 20 June 2025"
    expect(page.locator(".dock-occupied")).to_have_text(f"Sparse map: {none_yet}")
    expect(page.locator(".legend-assessment").first).to_contain_text(none_yet)
    wait_two_frames(page)
    assert max(alphas_beside_centre(page)) == 0


def test_second_line_fades_too(open_map: Callable[..., Page]) -> None:
    page = open_map(CURRENT, assessor="sparse,other")
    legend = page.locator("#legend")
    expect(legend).to_contain_text("1 July 2025 (11 days before the day shown; nothing newer)")
    expect(legend.locator('[data-area="second_line"]')).to_have_attribute("data-faded", "")


def test_the_curve_is_dashed_in_gaps(open_map: Callable[..., Page]) -> None:
    page = open_map(OLD)
    expect(page.locator(".dock-occupied")).to_contain_text("km² occupied")

    def painted_columns() -> float:
        share: float = page.evaluate(
            """() => {
              const canvas = document.querySelector(".dock-curve");
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              const columns = new Set();
              for (let n = 3; n < data.length; n += 4) if (data[n] > 0) columns.add(((n - 3) / 4) % canvas.width);
              const all = [...columns];
              return all.length / (Math.max(...all) - Math.min(...all) + 1);
            }"""
        )
        return share

    assert 0.1 < wait_until(page, painted_columns, lambda share: 0 < share < 1) < 0.8


@pytest.mark.parametrize("size", [WIDE, pytest.param(PHONE, marks=pytest.mark.long)])
def test_comparison_is_headed_by_the_days_really_compared(open_map: Callable[..., Page], size: tuple[int, int]) -> None:
    page = open_map(f"{OLD}&compare=2025-07-01,2025-07-20", size=size)
    chip = page.locator('[data-chip="compare"]')
    expect(chip).to_contain_text("20 Jun → 9 Jul 2025")
    chip.click()
    heading = page.locator(".compare-days")
    expect(heading).to_have_text("20 June → 9 July 2025")
    assert heading.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 16
    expect(page.locator(".compare-result")).to_contain_text("You chose 1 → 20 July 2025.")
    expect(page.locator("#legend .legend-compared")).to_have_text("Areas: 20 June → 9 July 2025")


def test_two_days_of_one_assessment_cannot_be_compared(open_map: Callable[..., Page]) -> None:
    page = open_map(f"{OLD}&compare=2025-07-12,2025-07-20")
    page.locator('[data-chip="compare"]').click()
    result = page.locator(".compare-result")
    expect(result).to_contain_text("Nothing to compare: both days show 9 July 2025")
    expect(result.locator("table")).to_have_count(0)
    expect(page.locator('#legend [data-area="gained"]')).to_have_count(0)


def test_popup_of_a_place_has_the_bounds_of_the_change(open_map: Callable[..., Page]) -> None:
    page = open_map(OLD)
    x, y = map_centre(page)
    page.mouse.click(x + 40, y)
    popup = page.locator(".ground-popup")
    expect(popup).to_contain_text(BETWEEN)
    expect(popup).to_contain_text("assessed 9 July 2025, 11 days before")
    expect(popup).to_contain_text("Other map: occupied, assessed 1 Jul 2025, 19 days before")


def test_card_and_page_of_an_event_have_the_bounds_and_the_age(
    open_map: Callable[..., Page], page_at: PageAt, sparse: Served
) -> None:
    page = open_map(OLD)
    page.mouse.click(*map_centre(page))
    row = page.locator(".card-facts dt", has_text="Front line that day")
    expect(row.locator("+ dd")).to_have_text(
        f"occupied (since a day between 20 June and 9 Jul 2025) · Sparse map, {AGE}".replace("June", "Jun")
    )
    permalink = page.get_by_role("link", name="Permalink").get_attribute("href")
    assert permalink
    expect(page_at(permalink, served=sparse).locator(".line-then")).to_have_text(
        f"occupied ({BETWEEN}) · Sparse map, assessed 9 July 2025, 11 days before"
    )


@pytest.mark.parametrize(("size", "theme"), last_of([WIDE, PHONE], ["light", "dark"]))
def test_old_lines_are_accessible(
    open_map: Callable[..., Page], axe: Callable[[Page], None], theme: str, size: tuple[int, int]
) -> None:
    page = open_map(f"{OLD}&compare=2025-07-01,2025-07-20", size=size, theme=theme)
    axe(page)
    page.locator('[data-chip="compare"]').click()
    expect(page.locator(".compare-days")).to_be_visible()
    axe(page)
