"""Collects the texts of the interface into app/locale: `frontline.pot`, and a `.po` per language.

python -m scripts.messages           writes the files
python -m scripts.messages --check   fails if the files are out of date
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre

LOCALE = PROJECT_DIRECTORY / "app" / "locale"
TEMPLATE = LOCALE / "frontline.pot"
# Problem classes whose messages people see. Messages for programs stay English.
PROBLEMS = dict.fromkeys(
    (
        "Closed",
        "Conflict",
        "CrossSite",
        "Forbidden",
        "NotFound",
        "OwnPasswordNeeded",
        "SecondFactorNeeded",
        "TooManyRequests",
        "Unauthenticated",
        "Unavailable",
    )
)
GETTEXT = {"_": None, "gettext": None, "ngettext": (1, 2)}
# How the files of a folder are read. `_`, `gettext` and `ngettext` mark texts in Python and Jinja;
# `t` and `t.plural` mark texts in scripts.
FOLDERS = (
    ("app", [("**.py", "python")], GETTEXT | {"Translatable": None, **PROBLEMS, "FieldError": (3,)}),
    ("templates", [("**.html", "jinja2.ext.babel_extract")], GETTEXT),
    ("static/js", [("**.js", "javascript")], {"t": None, "t.plural": (1, 2)}),
)
# Scripts also have texts inside template strings.
OPTIONS = {"**.js": {"parse_template_string": True}}
# Titles of problems are translated as well. app/problems.py has them without a marker.
PROBLEM_TITLE = re.compile(r'^    title(?:: ClassVar\[str\])? = "(.+)"$', re.MULTILINE)


def collect() -> Catalog:
    """Extracts all texts from code and templates.

    Locations have no line numbers, so that the file changes only when a text changes.
    """
    catalog = Catalog(project="Frontline", version="1", charset="utf-8")
    for folder, methods, keywords in FOLDERS:
        found = extract_from_dir(PROJECT_DIRECTORY / folder, method_map=methods, options_map=OPTIONS, keywords=keywords)
        for path, _, message, _, _ in sorted(found, key=lambda one: (one[0], one[1])):
            catalog.add(message, locations=[(f"{folder}/{Path(path).as_posix()}", 0)])
    for title in PROBLEM_TITLE.findall((PROJECT_DIRECTORY / "app" / "problems.py").read_text("utf-8")):
        catalog.add(title, locations=[("app/problems.py", 0)])
    return catalog


def rendered(catalog: Catalog) -> bytes:
    """Returns a catalogue as bytes, without dates and other headers that change by themselves."""
    buffer = io.BytesIO()
    write_po(
        buffer, catalog, width=110, omit_header=False, sort_output=True, include_lineno=False, ignore_obsolete=True
    )
    dated = re.compile(
        rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To):.*\n',
        re.M,
    )
    comment = re.compile(rb"\A(?:#.*\n)+")
    return comment.sub(b"", dated.sub(b"", buffer.getvalue()))


def main() -> int:
    """Writes the catalogues, or checks them."""
    collected = collect()
    wanted = {TEMPLATE: rendered(collected)}
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    for language in theatre.languages:
        path = LOCALE / f"{language}.po"
        if language == "en":
            continue
        catalog = (
            read_po(io.BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)
        )
        catalog.project, catalog.version = collected.project, collected.version
        catalog.update(collected, no_fuzzy_matching=True)
        wanted[path] = rendered(catalog)
    stale = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(PROJECT_DIRECTORY)} is out of date. Run: make messages\n")
        return 1 if stale else 0
    for path in stale:
        path.write_bytes(wanted[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
