"""The bill of materials: complete, deterministic, and strict about licences."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from license_expression import get_spdx_licensing

from app.settings import PROJECT_DIRECTORY
from scripts import sbom

STATED: Final[dict[str, Any]] = tomllib.loads((PROJECT_DIRECTORY / "scripts/sbom.toml").read_text(encoding="utf-8"))


def problems(root: Path = PROJECT_DIRECTORY, **changes: Any) -> list[str]:
    found: list[str] = []
    sbom.Parts(root, STATED | changes, found).read()
    return found


def test_every_locked_package_is_listed_with_an_allowed_licence() -> None:
    found: list[str] = []
    parts = sbom.Parts(PROJECT_DIRECTORY, STATED, found).read()
    assert found == []
    document = json.loads(sbom.bill_of_materials(parts))
    assert sbom.bill_of_materials(parts) == sbom.bill_of_materials([*parts])
    listed = {(one["name"], one.get("version")) for one in document["components"]}
    lock = (PROJECT_DIRECTORY / "requirements.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE)) <= listed
    assert {("leaflet", "1.9.4"), ("GeoNames", None), ("Natural Earth", None), ("PostGIS", None)} <= listed
    assert all(one["licenses"] for one in document["components"])
    assert "timestamp" not in document["metadata"]
    assert "| psycopg |" in sbom.list_licences(parts)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"allowed": [one for one in STATED["allowed"] if one != "ISC"]}, "shellingham has the licence ISC"),
        ({"corrections": {}}, "jinja2 declares 'BSD License', which is no SPDX expression."),
        ({"corrections": STATED["corrections"] | {"jinja2": {"declared": "MIT", "licence": "MIT"}}}, "jinja2 declares"),
        ({"corrections": STATED["corrections"] | {"gone": {}}}, "gone: remove its correction"),
        ({"build": []}, "NOTICE does not name esbuild (MIT), which is served."),
    ],
)
def test_what_is_not_known_or_not_allowed_is_refused_by_name(changes: dict[str, Any], problem: str) -> None:
    assert any(one.startswith(problem) for one in problems(**changes))


def test_licence_of_data_is_checked_and_that_of_separate_programs_is_not(tmp_path: Path) -> None:
    for name in ("requirements.lock", "package-lock.json", "NOTICE"):
        shutil.copy(PROJECT_DIRECTORY / name, tmp_path)
    gpl = {"kind": "data", "name": "borders", "licence": "GPL-2.0-or-later"}
    assert problems(tmp_path, separate=[gpl]) == []
    assert problems(tmp_path, included=[gpl]) == [
        "borders has the licence GPL-2.0-or-later, which scripts/sbom.toml does not allow."
    ]


@pytest.mark.parametrize(
    ("expression", "is_allowed"),
    [("MIT", True), ("MIT OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False), ("GPL-3.0-only", False),
     ("MIT AND (GPL-3.0-only OR ISC)", True), ("Apache-2.0 WITH LLVM-exception", False)],
)  # fmt: skip
def test_of_alternatives_one_must_be_allowed(expression: str, is_allowed: bool) -> None:
    parsed = get_spdx_licensing().parse(expression, validate=True)
    assert sbom.is_allowed(parsed, frozenset({"MIT", "ISC", "Apache-2.0"})) is is_allowed
