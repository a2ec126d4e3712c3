"""The help text of the Makefile, the scripts behind it, and the lock files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from app.settings import PROJECT_DIRECTORY

MAKEFILE = (PROJECT_DIRECTORY / "Makefile").read_text("utf-8")


def test_make_help_lists_every_target() -> None:
    menu = subprocess.run(["make", "help"], cwd=PROJECT_DIRECTORY, check=True, capture_output=True, text=True).stdout
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert re.findall(r"^  make (\w+) +\S", menu, re.MULTILINE) == phony.group(1).split()


def test_continuous_integration_runs_make_targets() -> None:
    run = PROJECT_DIRECTORY / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "exec make test </dev/null" in run.read_text("utf-8")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_requirements_with_hashes_and_no_host(lock: str) -> None:
    content = (PROJECT_DIRECTORY / lock).read_text("utf-8")
    project = tomllib.loads((PROJECT_DIRECTORY / "pyproject.toml").read_text("utf-8"))["project"]
    extra = "dev" if "dev" in lock else "build"
    wanted = project["dependencies"] + project["optional-dependencies"][extra]
    pinned = re.findall(r"^([a-z0-9.-]+)==\S+.*(?:\n    --hash=\S+.*)+", content, re.MULTILINE)
    assert {re.split(r"[\[><=; ]", one)[0].lower() for one in wanted} <= set(pinned)
    assert len(pinned) == len(re.findall(r"^\S+==", content, re.MULTILINE)), "every requirement has hashes"
    assert "://" not in content


def test_package_lock_contains_no_registry_host() -> None:
    content = json.loads((PROJECT_DIRECTORY / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in content["packages"].items() if name}
    assert all("integrity" in one and "resolved" not in one for one in packages.values())


@pytest.mark.parametrize("character", ['"', "$", "`", "\\", ":"])
def test_path_with_invalid_characters_for_venv_is_refused(character: str, tmp_path: Path) -> None:
    clone = tmp_path / f"a{character}b"
    shutil.copytree(PROJECT_DIRECTORY / "scripts", clone / "scripts")
    refused = subprocess.run([clone / "scripts" / "setup", "run"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "Move it elsewhere" in refused.stderr
