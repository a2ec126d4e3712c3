"""The modules and styles of a page as one file each: a page of a hundred small ones waits for a hundred answers.

The scripts need no tool that links: they keep to a few forms of `import` and `export`, and what has another is refused
when the server starts. Comments are left out; names and lines stay as they are written, so that a fault can be read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\} from )?"([^"]+)";\n', re.MULTILINE)
_REEXPORT: Final = re.compile(r'^export \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_LATER: Final = re.compile(r'\bimport\("([^"]+)"\)')
_LEFT: Final = re.compile(r"^(?:import|export)\b|\bimport[.(]", re.MULTILINE)
_COMMENT_LINES: Final = re.compile(r"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/ ?")
_CSS_COMMENT: Final = re.compile(r"[ \t]*/\*(?:[^*]|\*(?!/))*\*/\n?")
_HASH_DIGITS: Final = 12

# The styles of the map, in their order.
_MAP_STYLES: Final = (
    *("layers", "tokens", "base", "header", "map", "search", "filters", "legend", "notice", "sheet", "dock"),
    *("time-slider", "panel", "list", "card"),
)

# Most functions of the map's script are called as it opens. A browser that knows this hint compiles them all beside the
# page's own thread, while they arrive; to others it is a comment.
_HINT: Final = "//# allFunctionsCalledOnLoad\n"

# A module runs when it is first asked for, once; nothing of it is there before it has run to its end.
_ONCE: Final = "const $once = (make) => { let made; return () => (made ??= make()); };\n"


@dataclass(frozen=True)
class Bundles:
    """The files of the map's page by their names, and which of them are its script and its styles."""

    files: dict[str, str]
    script: str
    styles: str


def map_bundles(static_directory: Path) -> Bundles:
    """Make the files of the map's page.

    Raises:
        CannotBundle: a module cannot be put into one.
    """
    script = bundled(static_directory / "js" / "main.js")
    styles = joined_styles(static_directory / "css" / f"{name}.css" for name in _MAP_STYLES)
    script_name, styles_name = _named_by_content("map", ".js", script), _named_by_content("map", ".css", styles)
    return Bundles({script_name: script, styles_name: styles}, script_name, styles_name)


class CannotBundle(ValueError):
    """A module has a form that is not understood here; the message says which and where."""


def without_comments(script: str) -> str:
    """Leave out what is for readers of the source: comments that fill lines, and those that tell a type."""
    return _COMMENT.sub("", _COMMENT_LINES.sub("", script))


def bundled(entry: Path) -> str:
    """Put a module and all that it imports into one.

    Args:
        entry: is run when the bundle is; it exports nothing, and may wait for something at its top.

    Raises:
        CannotBundle: a module is missing, imports in a circle, or has another form than those of this project.
    """
    order: dict[Path, str] = {}
    _add(entry.resolve(), order, [])
    names = {path: f"${number}" for number, path in enumerate(order)}
    *modules, (last, script) = order.items()
    made = [_HINT, _ONCE, *(_as_function(path, source, names) for path, source in modules)]
    body, exports = _body(last, script, names)
    if exports:
        raise CannotBundle(f"{last.name}: a page's script exports {', '.join(exports)}")
    return "".join([*made, body])


def _add(path: Path, order: dict[Path, str], above: list[Path]) -> None:
    """Add a module after those that it imports."""
    if path in above:
        raise CannotBundle(f"{path.name}: imports itself, by way of {above[-1].name}")
    if path in order:
        return
    if not path.is_file():
        raise CannotBundle(f"{path}: there is no such module")
    script = without_comments(path.read_text("utf-8"))
    for form in (_IMPORT, _REEXPORT, _LATER):
        for found in form.finditer(script):
            _add(_named(path, found[found.re.groups]), order, [*above, path])
    order[path] = script


def _named(path: Path, address: str) -> Path:
    return (path.parent / address).resolve()


def _as_function(path: Path, script: str, names: dict[Path, str]) -> str:
    body, exports = _body(path, script, names)
    return f"const {names[path]} = $once(() => {{\n{body}return {{ {', '.join(exports)} }};\n}});\n"


def _body(path: Path, script: str, names: dict[Path, str]) -> tuple[str, list[str]]:
    """Give what a module does, its imports taken from functions, and what it exports."""
    exports: list[str] = []

    def imported(found: re.Match[str]) -> str:
        taken = ", ".join(": ".join(name.split(" as ")) for name in _listed(found[1] or ""))
        module = f"{names[_named(path, found[2])]}()"
        return f"const {{ {taken} }} = {module};\n" if taken else f"{module};\n"

    def passed_on(found: re.Match[str]) -> str:
        module = f"{names[_named(path, found[2])]}()"
        exports.extend(f"{name}: {module}.{name}" for name in _listed(found[1]))
        return f"{module};\n"

    def exported(found: re.Match[str]) -> str:
        exports.append(found[1])
        return ""

    def later(found: re.Match[str]) -> str:
        return f"Promise.resolve().then({names[_named(path, found[1])]})"

    body = script
    for form, change in ((_IMPORT, imported), (_REEXPORT, passed_on), (_EXPORT, exported), (_LATER, later)):
        body = form.sub(change, body)
    if (left := _LEFT.search(body)) or any(" as " in name for name in exports):
        line = body[left.start() :].partition("\n")[0] if left else "export … as …"
        raise CannotBundle(f"{path.name}: {line}")
    return body, exports


def _listed(names: str) -> Iterator[str]:
    return (name.strip() for name in names.split(",") if name.strip())


def joined_styles(files: Iterable[Path]) -> str:
    """Put style sheets into one, in their order."""
    return "".join(_CSS_COMMENT.sub("", file.read_text("utf-8")) for file in files)


def _named_by_content(stem: str, suffix: str, content: str) -> str:
    """Give a file name that changes with its content, so that it may be kept for ever."""
    return f"{stem}-{hashlib.sha256(content.encode()).hexdigest()[:_HASH_DIGITS]}{suffix}"
