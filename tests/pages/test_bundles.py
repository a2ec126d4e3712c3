"""The bundles of scripts and style sheets: the output of esbuild, and when the server uses it."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import brotli
import pytest

from app.main import BUNDLE_URL, STATIC_DIRECTORY
from app.pages.assets import Bundles, find_bundles
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

SCRIPT = PROJECT_DIRECTORY / "scripts" / "bundle.mjs"
TEMPLATES = PROJECT_DIRECTORY / "templates"


@pytest.fixture(scope="module")
def bundled_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the static files, bundled."""
    directory = tmp_path_factory.mktemp("bundled") / "static"
    for folder in ("js", "css"):
        shutil.copytree(STATIC_DIRECTORY / folder, directory / folder)
    bundle(directory)
    return directory


def bundle(directory: Path) -> None:
    subprocess.run(["node", SCRIPT, directory], check=True)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_every_script_and_sheet_of_a_template_has_a_bundle(bundled_static: Path) -> None:
    bundles = find_bundles(bundled_static, "/static/1", "/static/made").bundles
    templates = "".join(template.read_text("utf-8") for template in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r'bundled\("([^"]+)"\)', templates))
    assert {"js/main.js", "js/menu.js", "css/pages/map.css", "css/pages/desk.css"} <= named
    assert named == set(bundles)
    assert not re.findall(r"\{\{ static \}\}/(?:js|css)", templates)


def test_bundle_contains_all_modules_and_a_source_map(bundled_static: Path) -> None:
    name = find_bundles(bundled_static, "", "").bundles["js/main.js"]
    script = (bundled_static / "made" / name).read_text("utf-8")
    assert script.startswith("//# allFunctionsCalledOnLoad\n"), "browsers read the hint only at the beginning"
    assert not re.search(r'^import\b|\bimport\s*[("]', script, re.MULTILINE)
    assert script.rstrip().endswith(f"//# sourceMappingURL={name}.map")
    sources = json.loads((bundled_static / "made" / f"{name}.map").read_text("utf-8"))
    assert {"../js/main.js", "../js/map/map-view.js", "../js/ui/dock.js"} <= set(sources["sources"])
    assert sources["sourcesContent"][sources["sources"].index("../js/main.js")] == (
        (bundled_static / "js" / "main.js").read_text("utf-8")
    )


def test_invalid_entry_is_an_error(tmp_path: Path) -> None:
    for folder in ("js", "css/pages"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "js" / "main.js").write_text('import "./gone.js";\n')
    refused = subprocess.run(["node", SCRIPT, tmp_path], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "./gone.js" in refused.stderr
    assert not (tmp_path / "made" / "manifest.json").exists()


def test_pages_load_the_sources_if_bundles_are_missing_or_old(
    bundled_static: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Bundles("/static/1", "/static/made").url("js/main.js") == "/static/1/js/main.js"
    with caplog.at_level(logging.WARNING, logger="frontline"):
        assert not find_bundles(tmp_path, "/static/1", "/static/made").bundles
    assert "are missing" in caplog.text
    assert "make assets" in caplog.text
    caplog.clear()
    directory = shutil.copytree(bundled_static, tmp_path / "static")
    append(directory / "js" / "lib" / "lru.js", "// changed\n")
    with caplog.at_level(logging.WARNING, logger="frontline"):
        assert not find_bundles(directory, "/static/1", "/static/made").bundles
    assert "are older than js/lib/lru.js" in caplog.text
    bundle(directory)
    assert find_bundles(directory, "/static/1", "/static/made").url("js/main.js").startswith("/static/made/main-")


def test_bundles_of_the_previous_build_stay_for_running_servers(bundled_static: Path, tmp_path: Path) -> None:
    directory = shutil.copytree(bundled_static, tmp_path / "static")
    names = [find_bundles(directory, "", "").bundles["js/main.js"]]
    for change in ("console.log(1);\n", "console.log(2);\n"):
        append(directory / "js" / "main.js", change)
        bundle(directory)
        names.append(find_bundles(directory, "", "").bundles["js/main.js"])
    assert [(directory / "made" / name).exists() for name in names] == [False, True, True]


def test_map_has_one_cacheable_script_and_one_sheet(client: TestClient) -> None:
    page = client.get("/").text
    bundles = find_bundles(STATIC_DIRECTORY, "", BUNDLE_URL)
    assert bundles.bundles, "The bundles are missing or old: run “make assets”."
    script, styles = bundles.url("js/main.js"), bundles.url("css/pages/map.css")
    assert re.findall(r'<script type="module"[^>]* src="([^"]+)"', page) == [script]
    assert f'<link rel="stylesheet" href="{styles}">' in page
    assert f'<link rel="modulepreload" href="{script}"' in page
    for address, kind in ((script, "text/javascript"), (styles, "text/css")):
        assert re.fullmatch(rf"{BUNDLE_URL}/(?:main|map)-[A-Z0-9]{{8}}\.(?:js|css)", address)
        for encoding in ("br", "gzip", "identity"):
            answer = client.get(address, headers={"Accept-Encoding": encoding})
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(kind)
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers.get("content-encoding", "identity") == encoding
            assert answer.text == (STATIC_DIRECTORY / address.removeprefix("/static/")).read_text("utf-8")
    assert client.get(f"{BUNDLE_URL}/main-00000000.js").status_code == 404
    assert client.post(script).status_code == 405


def test_map_script_is_small(bundled_static: Path) -> None:
    script = (bundled_static / "made" / find_bundles(bundled_static, "", "").bundles["js/main.js"]).read_bytes()
    assert len(brotli.compress(script)) <= 80_000
