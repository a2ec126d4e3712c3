"""Dates and numbers on pages have one helper a side: `app/pages/formats.py`, `time/day.js` and
`lib/numbers.js`.
"""

from __future__ import annotations

import re

from app.settings import PROJECT_DIRECTORY

SERVER_HELPER = "formats.py"
SCRIPT_HELPERS = {"time/day.js", "lib/numbers.js"}


def test_pages_format_dates_and_numbers_in_one_place() -> None:
    pages = PROJECT_DIRECTORY / "app" / "pages"
    formatting = re.compile(r"babel\.(dates|numbers|units)|strftime")
    found = {path.name for path in pages.rglob("*.py") if formatting.search(path.read_text("utf-8"))}
    assert found == {SERVER_HELPER}


def test_templates_write_no_dates_of_their_own() -> None:
    # A field of a form takes a moment in the form that HTML defines.
    written = re.compile(r'strftime\("(?!%Y-%m-%dT%H:%M"\))|"%[\d.]*[df] ?%*" \| format')
    templates = (PROJECT_DIRECTORY / "templates").rglob("*.html")
    assert [path.name for path in templates if written.search(path.read_text("utf-8"))] == []


def test_scripts_format_dates_and_numbers_in_one_place() -> None:
    scripts = PROJECT_DIRECTORY / "static" / "js"
    formatting = re.compile(r"Intl\.(NumberFormat|DateTimeFormat)\(|toLocale(Date|Time)?String")
    found = {
        path.relative_to(scripts).as_posix()
        for path in scripts.rglob("*.js")
        if formatting.search(path.read_text("utf-8"))
    }
    assert found == SCRIPT_HELPERS
