"""Takes pictures of the page: one for README.md, and every state of the page into build/pictures.

    python -m scripts.pictures            all pictures
    python -m scripts.pictures --readme   only docs/pictures/map.png

The picture for README.md shows made-up events and areas (`frontline demo --synthetic`), the others
show the demo. Each set runs a server of its own in a temporary directory, without map tiles, so
that the pictures contain nobody else's data. `CHROMIUM` names a browser.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from app.exchange.demo.synthetic import DAYS, Front
from app.settings import PROJECT_DIRECTORY
from app.theatre import Theatre, read_theatre

README_PICTURE: Final = PROJECT_DIRECTORY / "docs" / "pictures" / "map.png"
OTHERS: Final = PROJECT_DIRECTORY / "build" / "pictures"
DESKTOP, PHONE = (1280, 800), (390, 844)
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    "--disable-background-networking",
)
FRONTLINE: Final = (sys.executable, "-m", "app.cli")

# The made-up map of README.md: a small extent, so that the events lie close together.
EVENTS, SEED = 40_000, 7
EXTENT: Final = "extent = { west = 35.2, south = 47.2, east = 38.8, north = 49.2 } # degrees"
VIEW: Final = "view = { longitude = 37.2, latitude = 48.2, zoom = 9 }"
PERIOD: Final = ("2026-09-28", "2026-11-06")
DAYS_BETWEEN_AREAS: Final = 3

Act = Callable[[Page], object]

_MOST_SCREENSHOTS = 100


def do_nothing(_: Page) -> None:
    """Leaves the page as it opens."""


def wait_until_still(page: Page) -> None:
    """Waits until two pictures of the page in a row are the same."""
    before = b""
    for _ in range(_MOST_SCREENSHOTS):
        if (now := page.screenshot()) == before:
            return
        before = now
    raise AssertionError("the page does not stop changing")


def wait_for_names(page: Page) -> None:
    """Reloads the page and waits until the place names are drawn."""
    with page.expect_response(lambda response: "/places/labels" in response.url, timeout=120_000):
        page.reload()
    page.wait_for_load_state("networkidle")
    wait_until_still(page)


def click(selector: str) -> Act:
    """Returns an action that clicks an element."""
    return lambda page: page.click(selector)


def play(page: Page) -> None:
    """Plays the slider for a moment."""
    page.click("#dock [data-play], #dock button[aria-label*='Play']")
    page.wait_for_timeout(700)


def fail(page: Page) -> None:
    """Lets all requests to the API fail, then searches."""
    page.route("**/api/**", lambda route: route.abort())
    page.goto(page.url.split("?")[0] + "?q=road")


# State of the page: its address, and what to do there before the picture is taken.
STATES: dict[str, tuple[str, Act]] = {
    "map": ("/", do_nothing),
    "card": ("/?event={zvirove}", do_nothing),
    "card-line": ("/?event={e50}", do_nothing),
    "card-month": ("/?event={myrnohrad}", do_nothing),
    "list": ("/", click("#list-toggle")),
    "cumulative": ("/?mode=cumulative", do_nothing),
    "day": ("/?mode=day&from=2025-07-21&to=2025-07-21", do_nothing),
    "playing": ("/?mode=day&from=2025-07-15&to=2025-07-15", play),
    "empty": ("/?from=2025-03-01&to=2025-03-07", do_nothing),
    "colour-category": ("/?colour=category", do_nothing),
    "failed": ("/", fail),
    "event-page": ("/events/{zvirove}", do_nothing),
    "submit": ("/submit", do_nothing),
    "track": ("/track", do_nothing),
    "about": ("/about", do_nothing),
    "sign-in": ("/sign-in", do_nothing),
    "docs": ("/api/docs", do_nothing),
    "not-found": ("/nothing", do_nothing),
    "ukrainian": ("/?lang=uk", do_nothing),
}


def run(env: dict[str, str], *arguments: str | Path) -> None:
    """Runs a `frontline` command."""
    subprocess.run([*FRONTLINE, *arguments], env=env, check=True)  # noqa: S603 - our own program


@contextmanager
def temporary_installation() -> Iterator[dict[str, str]]:
    """Creates a data directory with the gazetteer; yields the environment that selects it."""
    directory = Path(tempfile.mkdtemp(prefix="frontline-pictures-"))
    directory.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTLINE_", "DATABASE_"))}
    env = inherited | {
        "FRONTLINE_DATA_DIR": str(directory / "data"),
        "PORT": "0",
        "FRONTLINE_TILES_URL": "",
        "FRONTLINE_LOG_LEVEL": "warning",
    }
    try:
        run(env, "places", "load")
        yield env
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def server(env: dict[str, str]) -> Iterator[str]:
    """Runs a server; yields its address."""
    process = subprocess.Popen([*FRONTLINE, "serve"], env=env, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    assert process.stderr is not None  # noqa: S101 - for the type checker
    try:
        for line in process.stderr:
            if found := re.search(r"ready: (http://\S+)/", line):
                yield found.group(1)
                break
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(timeout=180)


def make_up_theatre(directory: Path) -> Theatre:
    """Writes a theatre file with a small extent; returns the theatre."""
    text = (PROJECT_DIRECTORY / "theatre.toml").read_text("utf-8")
    text = re.sub(r"^extent = .*$", EXTENT, text, flags=re.MULTILINE)
    text = re.sub(r"^view = .*$", VIEW, text, flags=re.MULTILINE)
    path = directory / "theatre.toml"
    path.write_text(text, "utf-8")
    return read_theatre(path)


def make_up_areas(theatre: Theatre, path: Path) -> None:
    """Writes areas whose western edge is the front of the synthetic events.

    The last 90 days have an assessment every few days, with a gray zone along the front.
    """
    extent = theatre.extent
    latitudes = np.linspace(extent.south, extent.north, 400)
    front = Front(extent, theatre.first_day, SEED)

    def edge(day: float, offset: float) -> list[list[float]]:
        longitudes = front.longitude_at(latitudes, day) + offset
        # Salients of a few kilometres, which move slowly.
        for number, (waves, size) in enumerate(((31, 0.05), (57, 0.03), (113, 0.012), (230, 0.005))):
            longitudes += size * np.sin(waves * latitudes + 2.1 * number + day / (9 + number) + 4 * math.sin(day / 60))
        return [[round(x, 5), round(y, 5)] for x, y in zip(longitudes.tolist(), latitudes.tolist(), strict=True)]

    features: list[dict[str, Any]] = []
    for day in range(DAYS - 90, DAYS, DAYS_BETWEEN_AREAS):
        valid_from = str(theatre.first_day + dt.timedelta(days=day))
        occupied, gray = edge(day, 0.0), edge(day - 9.0, -0.035)
        gray = [[min(g[0], o[0] - 0.004), g[1]] for g, o in zip(gray, occupied, strict=True)]
        east = extent.east + 1.5  # out of view
        corners = [[east, extent.north], [east, extent.south]]
        rings = {
            "occupied": [*occupied, *corners, occupied[0]],
            "gray_zone": [*gray, *reversed(occupied), gray[0]],
        }
        features += [
            {
                "type": "Feature",
                "properties": {"status": status, "valid_from": valid_from},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for status, ring in rings.items()
        ]
    collection = {
        "type": "FeatureCollection",
        "assessor": "made-up",
        "name": "Made-up areas",
        "definition": "Areas along the front of synthetic events.",
        "licence": "CC0",
        "features": features,
    }
    path.write_text(json.dumps(collection), "utf-8")


@contextmanager
def made_up_map() -> Iterator[str]:
    """Runs a server with synthetic events and made-up areas; yields its address."""
    with temporary_installation() as env:
        directory = Path(env["FRONTLINE_DATA_DIR"]).parent
        env |= {"FRONTLINE_THEATRE": str(directory / "theatre.toml"), "FRONTLINE_DEMO_AUTOLOAD": "0"}
        areas = directory / "areas.geojson"
        make_up_areas(make_up_theatre(directory), areas)
        run(env, "demo", "--synthetic", str(EVENTS), "--seed", str(SEED))
        run(env, "import", areas, "--format", "areas-geojson", "--public")
        with server(env) as site:
            yield site


def event_to_open(page: Page, site: str) -> str:
    """Returns the id of a precise event in the middle of the view whose claims and place are
    known.
    """
    query = f"bbox=36.7,48.0,37.1,48.4&datetime={'/'.join(PERIOD)}&verification=confirmed,geolocated&limit=200"
    features = page.request.get(f"{site}/api/collections/events/items?{query}").json()["features"]
    with_claims = [feature for feature in features if feature["properties"]["claims"]]
    return str(max(with_claims, key=lambda feature: len(feature["properties"]["sources"]))["id"])


def ids_of_demo(page: Page, site: str) -> dict[str, str]:
    """Returns the ids of the demo's events by a word of their titles."""
    features = page.request.get(f"{site}/api/collections/events/items").json()["features"]
    words = {"zvirove": "Zvirove", "e50": "E50", "myrnohrad": "Myrnohrad"}
    return {
        key: feature["id"]
        for key, word in words.items()
        for feature in features
        if word in feature["properties"]["title"]
    }


@contextmanager
def open_page(browser: Browser, size: tuple[int, int], scheme: str) -> Iterator[Page]:
    """Opens a page in a context of its own, as a desktop or a phone."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "night" else "light",
        locale="en-GB",
        timezone_id="UTC",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
    )
    yield context.new_page()
    context.close()


def take(page: Page, address: str, act: Act, path: Path) -> None:
    """Opens an address, does something there, and takes a picture."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    act(page)
    page.wait_for_timeout(600)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)


def main() -> int:
    """Takes the pictures."""
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with made_up_map() as site, open_page(browser, DESKTOP, "light") as page:
            window = f"from={PERIOD[0]}&to={PERIOD[1]}"
            take(page, f"{site}/?{window}&event={event_to_open(page, site)}", wait_for_names, README_PICTURE)
        if "--readme" not in sys.argv[1:]:
            with temporary_installation() as env, server(env) as site:
                for name, (address, act) in STATES.items():
                    for device, size in (("desktop", DESKTOP), ("phone", PHONE)):
                        for scheme in ("light", "night"):
                            with open_page(browser, size, scheme) as page:
                                url = site + address.format(**ids_of_demo(page, site))
                                take(page, url, act, OTHERS / f"{name}-{device}-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
