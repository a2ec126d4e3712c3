"""Finds the code of pages: a local copy if there is one, else a CDN with exact version and
integrity.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("frontline")

LEAFLET_VERSION: Final = "1.9.4"
GEOMAN_VERSION: Final = "2.20.2"
CDN_ORIGIN: Final = "https://unpkg.com"
GROUND_FILE: Final = "ground/ground.json"
BUNDLE_DIRECTORY: Final = "made"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Leaflet:
    """The URLs of the two files of Leaflet or a plugin; the integrity is None for a local copy."""

    css: str
    css_integrity: str | None
    js: str
    js_integrity: str | None

    @property
    def origins(self) -> tuple[str, ...]:
        """The other origins from which the page loads code."""
        return () if self.js_integrity is None else (CDN_ORIGIN,)


def find_leaflet(static_directory: Path, static_url: str) -> Leaflet:
    """Returns the URLs of Leaflet. With a local copy (`make assets`), pages load no code from other
    sites.
    """
    local = f"vendor/leaflet-{LEAFLET_VERSION}"
    if (static_directory / local / "leaflet.js").is_file() and (static_directory / local / "leaflet.css").is_file():
        return Leaflet(f"{static_url}/{local}/leaflet.css", None, f"{static_url}/{local}/leaflet.js", None)
    remote = f"{CDN_ORIGIN}/leaflet@{LEAFLET_VERSION}/dist"
    return Leaflet(
        css=f"{remote}/leaflet.css",
        css_integrity="sha256-p4NxAoJBhIIN+hmNHrzRCf9tD/miZyoHS5obTRR9BMY=",
        js=f"{remote}/leaflet.js",
        js_integrity="sha256-20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=",
    )


def find_geoman(static_directory: Path, static_url: str) -> Leaflet:
    """Returns the URLs of Leaflet-Geoman, the drawing tool for members, like `find_leaflet`."""
    local, script = f"vendor/leaflet-geoman-{GEOMAN_VERSION}", "leaflet-geoman.min.js"
    if (static_directory / local / script).is_file() and (static_directory / local / "leaflet-geoman.css").is_file():
        return Leaflet(f"{static_url}/{local}/leaflet-geoman.css", None, f"{static_url}/{local}/{script}", None)
    remote = f"{CDN_ORIGIN}/@geoman-io/leaflet-geoman-free@{GEOMAN_VERSION}/dist"
    return Leaflet(
        css=f"{remote}/leaflet-geoman.css",
        css_integrity="sha256-oN+OD2MB+fcddyssYZE7uQlK4HNf0iI8zRrs2HHqJQw=",
        js=f"{remote}/{script}",
        js_integrity="sha256-INC6OAaVJr6Vkoe4rhMjT2YPktso3oZ4LrytAo3antM=",
    )


def find_ground(static_directory: Path, static_url: str) -> str | None:
    """Returns the URL of the background map (`make assets`); None if there is none."""
    return f"{static_url}/{GROUND_FILE}" if (static_directory / GROUND_FILE).is_file() else None


@dataclass(frozen=True, eq=False)
class Bundles:
    """The URLs of scripts and style sheets.

    Args:
        source_url: the base URL of the sources.
        bundle_url: the base URL of the bundles.
        bundles: the bundle of each source that has one.
    """

    source_url: str
    bundle_url: str
    bundles: Mapping[str, str] = field(default_factory=dict)

    def url(self, source: str) -> str:
        """Returns the URL of a script or style sheet: of its bundle, or else of the source itself.

        Args:
            source: path in the folder `static`.
        """
        bundle = self.bundles.get(source)
        return f"{self.source_url}/{source}" if bundle is None else f"{self.bundle_url}/{bundle}"


def find_bundles(static_directory: Path, source_url: str, bundle_url: str) -> Bundles:
    """Finds the bundles of a folder of static files. Ignores bundles that are older than a source.

    Without bundles, a browser loads every module and style sheet with a separate request.
    """
    manifest_file = static_directory / BUNDLE_DIRECTORY / MANIFEST
    if not manifest_file.is_file():
        reason = "are missing"
    else:
        manifest = json.loads(manifest_file.read_text("utf-8"))
        changed = [path for path, digest in manifest["sources"].items() if _digest(static_directory / path) != digest]
        if not changed:
            return Bundles(source_url, bundle_url, manifest["bundles"])
        reason = f"are older than {changed[0]}"
    log.warning(
        "The bundles in %s %s: pages load their modules one by one, which is slower. Run “make assets” to build them.",
        manifest_file.parent,
        reason,
    )
    return Bundles(source_url, bundle_url)


def content_version(directory: Path) -> str:
    """Returns a short hash of all files of a folder, so that browsers can cache URLs with it
    forever.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
