"""Pictures of the page in every state, from the demo: one for README.md, the rest in build/pictures to be looked at.

    python -m scripts.pictures            all of them
    python -m scripts.pictures --readme   only docs/pictures/map.png

Runs a server of its own in a temporary directory. `CHROMIUM` names a browser.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.settings import PROJECT_DIRECTORY

README_PICTURE = PROJECT_DIRECTORY / "docs" / "pictures" / "map.png"
OTHERS = PROJECT_DIRECTORY / "build" / "pictures"
DESKTOP, PHONE = (1280, 800), (390, 844)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")

Act = Callable[[Page], object]


def nothing(_: Page) -> None:
    """Leave the page as it opens."""


def clicked(selector: str) -> Act:
    """Click something."""
    return lambda page: page.click(selector)


def played(page: Page) -> None:
    """Let the slider run for a moment."""
    page.click("#dock [data-play], #dock button[aria-label*='Play']")
    page.wait_for_timeout(700)


def failing(page: Page) -> None:
    """Let the interface fail, then ask for something new."""
    page.route("**/api/**", lambda route: route.abort())
    page.goto(page.url.split("?")[0] + "?q=road")


# name: (address, what is done there)
STATES: dict[str, tuple[str, Act]] = {
    "map": ("/", nothing),
    "card": ("/?event={zvirove}", nothing),
    "card-line": ("/?event={e50}", nothing),
    "card-month": ("/?event={myrnohrad}", nothing),
    "list": ("/", clicked("#list-toggle")),
    "cumulative": ("/?mode=cumulative", nothing),
    "day": ("/?mode=day&from=2025-07-21&to=2025-07-21", nothing),
    "playing": ("/?mode=day&from=2025-07-15&to=2025-07-15", played),
    "empty": ("/?from=2025-03-01&to=2025-03-07", nothing),
    "colour-category": ("/?colour=category", nothing),
    "failed": ("/", failing),
    "event-page": ("/events/{zvirove}", nothing),
    "submit": ("/submit", nothing),
    "track": ("/track", nothing),
    "about": ("/about", nothing),
    "sign-in": ("/sign-in", nothing),
    "docs": ("/api/docs", nothing),
    "not-found": ("/nothing", nothing),
    "ukrainian": ("/?lang=uk", nothing),
}


@contextmanager
def served() -> Iterator[str]:
    """Run a server over a new database with the demo; gives its address."""
    directory = Path(tempfile.mkdtemp(prefix="frontline-pictures-"))
    directory.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTLINE_", "DATABASE_"))}
    # No tiles: the pictures show nothing that is not ours.
    env = kept | {
        "FRONTLINE_DATA_DIR": str(directory),
        "PORT": "0",
        "FRONTLINE_TILES_URL": "",
        "FRONTLINE_LOG_LEVEL": "warning",
    }
    frontline = [sys.executable, "-m", "app.cli"]
    subprocess.run([*frontline, "places", "load"], env=env, check=True)  # noqa: S603 - our own program
    process = subprocess.Popen([*frontline, "serve"], env=env, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    assert process.stderr is not None  # noqa: S101 - for the type checker
    try:
        for line in process.stderr:
            if found := re.search(r"ready: (http://\S+)/", line):
                yield found.group(1)
                break
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(timeout=30)
        shutil.rmtree(directory, ignore_errors=True)


def ids_of_demo(page: Page, site: str) -> dict[str, str]:
    """Give the ids of the demo's events by a word of their titles."""
    features = page.request.get(f"{site}/api/collections/events/items").json()["features"]
    words = {"zvirove": "Zvirove", "e50": "E50", "myrnohrad": "Myrnohrad"}
    return {
        key: feature["id"]
        for key, word in words.items()
        for feature in features
        if word in feature["properties"]["title"]
    }


def take(browser: Browser, site: str, name: str, size: tuple[int, int], scheme: str, path: Path) -> None:
    """Take one picture."""
    address, act = STATES[name]
    phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "night" else "light",
        locale="en-GB",
        timezone_id="UTC",
        has_touch=phone,
        is_mobile=phone,
    )
    page = context.new_page()
    page.goto(site + address.format(**ids_of_demo(page, site)))
    page.wait_for_load_state("networkidle")
    act(page)
    page.wait_for_timeout(600)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    context.close()


def main() -> int:
    """Take the pictures."""
    with served() as site, sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        take(browser, site, "card", DESKTOP, "light", README_PICTURE)
        if "--readme" not in sys.argv[1:]:
            for name in STATES:
                for device, size in (("desktop", DESKTOP), ("phone", PHONE)):
                    for scheme in ("light", "night"):
                        take(browser, site, name, size, scheme, OTHERS / f"{name}-{device}-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
