"""The documentation says what the code does."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from app.cli import app, setting_name
from app.settings import PROJECT_DIRECTORY, Settings

README = PROJECT_DIRECTORY / "README.md"


def settings_table() -> str:
    """The table of settings, as README.md must have it."""
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, "", ()) else f"`{default}`"
        if name == "theatre":
            shown = "`theatre.toml`"
        lines.append(f"| `{setting_name(name)}` | {shown} | {field.description} |")
    return "\n".join(lines)


def test_the_table_of_settings_is_the_one_of_the_code() -> None:
    between = re.search(r"<!-- settings -->\n(.*)\n<!-- /settings -->", README.read_text("utf-8"), re.DOTALL)
    assert between is not None
    assert between.group(1) == settings_table()


def test_every_command_is_named_in_the_documentation() -> None:
    told = README.read_text("utf-8") + (PROJECT_DIRECTORY / "ARCHITECTURE.md").read_text("utf-8")
    command = get_command(app)
    for name in command.commands:  # type: ignore[attr-defined] # a group
        assert f"`{name}" in told or f"frontline {name}" in told, name


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "NOTICE"])
def test_files_that_are_named_are_there(document: str) -> None:
    told = (PROJECT_DIRECTORY / document).read_text("utf-8")
    for named in re.findall(r"\]\((?!http)([^)#]+)\)", told) + re.findall(r"`((?:app|docs|static)/[\w./-]+)`", told):
        assert (PROJECT_DIRECTORY / named).exists(), named


def test_the_two_commands_are_in_the_readme() -> None:
    told = README.read_text("utf-8")
    assert "\nmake run\n" in told
    assert "\nmake test\n" in told
