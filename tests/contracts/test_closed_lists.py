"""Every closed list of values is written only once in the code."""

from __future__ import annotations

import ast
import json
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING, get_args

import pytest

from app.fields import words
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "app/fields/words.py"
LISTS = {
    name: frozenset(get_args(value))
    for name, value in vars(words).items()
    if name[0].isupper() and get_args(value) and all(isinstance(word, str) for word in get_args(value))
}


def lists_in(source: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields the lists of strings in a program: their form, and their values."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).rpartition(".")[2] == "Literal":
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            yield from texts("Literal", parts)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield from texts("list", node.elts)


def texts(kind: str, parts: list[ast.expr]) -> Iterator[tuple[str, frozenset[str]]]:
    found = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(found) == len(parts) > 1:
        yield kind, frozenset(found)


@pytest.fixture(scope="module")
def written() -> dict[frozenset[str], list[tuple[str, str]]]:
    """Returns for each list of strings in app/ its forms and files."""
    found = defaultdict(list)
    for path in sorted((PROJECT_DIRECTORY / "app").rglob("*.py")):
        for kind, listed in lists_in(path.read_text("utf-8")):
            found[listed].append((kind, str(path.relative_to(PROJECT_DIRECTORY))))
    return found


def test_lists_in_finds_every_form() -> None:
    source = 'A = Literal["a", "b"]\nB = ("b", "a")\nC = typing.Literal["a"]\nD = ["a", 1]\nE = {"c", "d"}\n'
    assert set(lists_in(source)) == {
        ("Literal", frozenset("ab")),
        ("list", frozenset("ab")),
        ("list", frozenset("cd")),
    }


def test_no_closed_list_is_repeated(written: dict[frozenset[str], list[tuple[str, str]]]) -> None:
    assert len(LISTS) >= 13
    again = {name: places for name, listed in LISTS.items() if (places := elsewhere(written, listed))}
    assert again == {}


def elsewhere(written: dict[frozenset[str], list[tuple[str, str]]], listed: frozenset[str]) -> list[str]:
    return [path for _, path in written.get(listed, []) if path != WORDS]


def test_no_literal_type_is_repeated(written: dict[frozenset[str], list[tuple[str, str]]]) -> None:
    literals = {listed: [path for kind, path in places if kind == "Literal"] for listed, places in written.items()}
    assert {listed: paths for listed, paths in literals.items() if len(paths) > 1} == {}


def test_browser_lists_match_python_lists() -> None:
    """JavaScript cannot import Python, so the copies are compared."""
    script = "import * as facets from './static/js/state/facets.js'; console.log(JSON.stringify(facets))"
    command = ["node", "--input-type=module", "--eval", script]
    found = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT_DIRECTORY).stdout
    )
    assert found["VERIFICATIONS"] == [*words.VERIFICATIONS]
    assert found["SOURCE_CLASSES"] == [*words.SOURCE_CLASSES]
