"""Code from another site is identical to the package of its version: path and digest."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from app.pages.assets import CDN_ORIGIN, Leaflet, find_geoman, find_leaflet
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NODE_MODULES = PROJECT_DIRECTORY / "node_modules"


@pytest.mark.parametrize("find", [find_leaflet, find_geoman])
def test_remote_code_matches_the_package(find: Callable[[Path, str], Leaflet], tmp_path: Path) -> None:
    assets = find(tmp_path, "/static/1")
    assert assets.origins == (CDN_ORIGIN,)
    locked = json.loads((PROJECT_DIRECTORY / "package.json").read_text("utf-8"))["dependencies"]
    for address, integrity in ((assets.css, assets.css_integrity), (assets.js, assets.js_integrity)):
        package, version, path = address.removeprefix(f"{CDN_ORIGIN}/").rpartition("@")[0], *_rest(address)
        assert locked[package] == version
        content = (NODE_MODULES / package / path).read_bytes()
        assert integrity == f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _rest(address: str) -> tuple[str, str]:
    """Returns the version and the path of a file in its URL."""
    version, _, path = address.rpartition("@")[2].partition("/")
    return version, path


@pytest.mark.parametrize("find", [find_leaflet, find_geoman])
def test_local_copy_replaces_remote_code(find: Callable[[Path, str], Leaflet]) -> None:
    assets = find(PROJECT_DIRECTORY / "static", "/static/1")
    assert (assets.origins, assets.css_integrity, assets.js_integrity) == ((), None, None)
    assert assets.js.startswith("/static/1/vendor/")
