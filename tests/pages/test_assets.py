"""Code that comes from another site is exactly what the package of that version has: path, and
digest.
"""

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
def test_what_comes_from_elsewhere_is_what_the_package_has(
    find: Callable[[Path, str], Leaflet], tmp_path: Path
) -> None:
    found = find(tmp_path, "/static/1")
    assert found.origins == (CDN_ORIGIN,)
    locked = json.loads((PROJECT_DIRECTORY / "package.json").read_text("utf-8"))["dependencies"]
    for address, integrity in ((found.css, found.css_integrity), (found.js, found.js_integrity)):
        package, version, path = address.removeprefix(f"{CDN_ORIGIN}/").rpartition("@")[0], *_rest(address)
        assert locked[package] == version
        content = (NODE_MODULES / package / path).read_bytes()
        assert integrity == f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _rest(address: str) -> tuple[str, str]:
    """The version and the path of a file, from its address."""
    version, _, path = address.rpartition("@")[2].partition("/")
    return version, path


@pytest.mark.parametrize("find", [find_leaflet, find_geoman])
def test_with_a_copy_of_our_own_no_code_comes_from_elsewhere(find: Callable[[Path, str], Leaflet]) -> None:
    found = find(PROJECT_DIRECTORY / "static", "/static/1")
    assert (found.origins, found.css_integrity, found.js_integrity) == ((), None, None)
    assert found.js.startswith("/static/1/vendor/")
