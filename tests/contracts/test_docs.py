"""The documentation agrees with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel
from typer.main import get_command

from app.cli import app, setting_name
from app.settings import PROJECT_DIRECTORY, Settings
from app.theatre import Theatre

README: Final = PROJECT_DIRECTORY / "README.md"
SETTINGS: Final = PROJECT_DIRECTORY / "docs" / "settings.md"
DOCUMENTS: Final = sorted([*PROJECT_DIRECTORY.glob("*.md"), *PROJECT_DIRECTORY.glob("docs/**/*.md")])
DECISIONS: Final = sorted((PROJECT_DIRECTORY / "docs" / "decisions").glob("[0-9]*.md"))
# These documents describe the past: files and commands that they name may no longer exist.
HISTORY: Final = ("CHANGELOG.md", "docs/decisions/")


def relative_name(document: Path) -> str:
    return document.relative_to(PROJECT_DIRECTORY).as_posix()


def current_documents() -> list[Path]:
    """Returns all documents except those that describe the past."""
    return [document for document in DOCUMENTS if not relative_name(document).startswith(HISTORY)]


def anchors_of(document: Path) -> set[str]:
    """Returns the anchors of a document's headings, as GitHub creates them."""
    headings = re.findall(r"^#{1,6} (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code_in(document: Path) -> str:
    """Returns the code blocks and the code spans of a document."""
    text = document.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*blocks, *spans]).replace("\\\n", " ")


def settings_table() -> str:
    """Returns the table of settings, as docs/settings.md must contain it."""
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.default
        cell = "" if default in (None, "", ()) else f"`{default}`"
        if name == "theatre":
            cell = "`theatre.toml`"
        lines.append(f"| `{setting_name(name)}` | {cell} | {field.description} |")
    return "\n".join(lines)


def test_settings_table_matches_code() -> None:
    between = re.search(r"<!-- settings -->\n(.*)\n<!-- /settings -->", SETTINGS.read_text("utf-8"), re.DOTALL)
    assert between is not None
    assert between.group(1) == settings_table()


def keys_of(model: type[BaseModel], table: str) -> Iterator[tuple[str, str]]:
    """Yields the keys of a part of theatre.toml, each with its table if that has a chapter."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        parts = [one for one in _types_in(field.annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        inner = key if table == "" and f"[{key}]" in SETTINGS.read_text("utf-8") else table
        if inner == table:
            yield table, key
        for part in parts:
            yield from keys_of(part, inner)


def _types_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _types_in(argument)


def test_every_key_of_the_theatre_is_documented() -> None:
    chapters = re.split(r"^#{2,3} ", SETTINGS.read_text("utf-8").partition("\n## The theatre\n")[2], flags=re.MULTILINE)
    documented: dict[str, set[str]] = {}
    for number, chapter in enumerate(chapters):
        heading, _, text = chapter.partition("\n") if number else ("", "", chapter)
        for table in re.findall(r"\[([a-z_]+)\]", heading) or [""]:
            documented[table] = set(re.findall(r"`([a-z_]+)`", text))
    keys = set(keys_of(Theatre, ""))
    assert {table for table, _ in keys} == {*documented}
    assert ("gazetteer", "names") in keys
    assert ("category_words", "words") in keys
    assert [f"{table}.{key}" for table, key in sorted(keys) if key not in documented[table]] == []


def test_every_command_is_documented() -> None:
    code = "\n".join(code_in(document) for document in current_documents())
    command = get_command(app)
    for name in command.commands:  # type: ignore[attr-defined] # a group
        assert f"frontline {name}" in code, name


@pytest.mark.parametrize("document", current_documents(), ids=relative_name)
def test_documented_commands_and_options_exist(document: Path) -> None:
    for line in re.findall(r"(?:^|[ /])frontline ((?:[a-z].*))$", code_in(document), re.MULTILINE):
        command: Any = get_command(app)
        words = line.split("#")[0].split()
        while hasattr(command, "commands"):
            assert words, f"frontline {line}: a command is missing"
            assert words[0] in command.commands, f"frontline {line}: there is no {words[0]}"
            command = command.commands[words.pop(0)]
            if words[:1] and not words[0].islower():  # the name of a whole command group: `frontline account …`
                break
        options = {option for parameter in getattr(command, "params", []) for option in parameter.opts}
        named = set(re.findall(r"--[a-z][a-z-]*", " ".join(words)))
        assert named <= options | {"--help"}, f"frontline {line}"


@pytest.mark.parametrize("document", current_documents(), ids=relative_name)
def test_documented_make_targets_exist(document: Path) -> None:
    makefile = (PROJECT_DIRECTORY / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|[ (])make ([a-z]+)", code_in(document), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative_name)
def test_links_resolve_to_files_and_headings(document: Path) -> None:
    for link in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", document.read_text("utf-8")):
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        assert target.is_relative_to(PROJECT_DIRECTORY), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("document", [*current_documents(), PROJECT_DIRECTORY / "NOTICE"], ids=relative_name)
def test_documented_files_exist(document: Path) -> None:
    written_by_recipes = ("static/made/", "static/vendor/", "bench/results/")
    named = re.findall(
        r"`((?:app|bench|deploy|docker|docs|migrations|scripts|static|templates|tests)/[\w./-]+)`",
        document.read_text("utf-8"),
    )
    for name in named:
        assert (PROJECT_DIRECTORY / name).exists() or f"{name}/".startswith(written_by_recipes), name


def test_folder_table_lists_every_package() -> None:
    table = (PROJECT_DIRECTORY / "ARCHITECTURE.md").read_text("utf-8").split("## Folders")[1]
    for part in (PROJECT_DIRECTORY / "app").iterdir():
        if part.suffix == ".py" or (part / "__init__.py").exists():
            name = part.name if part.is_file() else f"{part.name}/"
            assert part.name == "__init__.py" or f"`app/{name}`" in table, part.name


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_documented_names_exist_in_code(name: str) -> None:
    spans = re.findall(r"`([A-Za-z_]\w+)(?:\(\))?`", (PROJECT_DIRECTORY / name).read_text("utf-8"))
    sources = [path for folder in ("app", "tests") for path in (PROJECT_DIRECTORY / folder).rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    for span in spans:
        if "_" in span or re.match(r"[A-Z][a-z]+[A-Z]", span):
            assert re.search(rf"\b{span}\b", code), span


def test_readme_contains_the_two_commands() -> None:
    text = README.read_text("utf-8")
    assert "\nmake run\n" in text
    assert "\nmake test\n" in text


def test_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("record", DECISIONS, ids=relative_name)
def test_decision_records_have_the_headings(record: Path) -> None:
    headings = re.findall(r"^## (.+)$", record.read_text("utf-8"), re.MULTILINE)
    allowed = ["Context", "Decision", "Consequences", "Refused alternatives"]
    assert headings in (allowed, [heading for heading in allowed if heading != "Consequences"])


def test_index_lists_every_decision_and_what_superseded_it() -> None:
    index = (PROJECT_DIRECTORY / "docs" / "decisions" / "README.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in index.splitlines() if line.startswith("| [")]
    listed = {name: (title, re.findall(r"superseded by\*\* \[(\d+)\]", status)) for name, title, status in rows}
    expected = {}
    for record in DECISIONS:
        text = record.read_text("utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        expected[f"[{record.name[:4]}]({record.name})"] = (title, re.findall(r"^\*Superseded by \[(\d+)\]", text, re.M))
    assert listed == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative_name)
def test_prose_wraps_at_100_characters(document: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    long = [line for line in prose.splitlines() if len(line) > 100 and not line.startswith("|") and " " in line]
    assert not long
