"""Dates and numbers on pages are formatted by one helper for the server and one for each kind in
scripts: `app/pages/formats.py`, `time/day.js` and `lib/numbers.js`.
"""

from __future__ import annotations

import re

from app.settings import PROJECT_DIRECTORY

SERVER_HELPER = "formats.py"
SCRIPT_HELPERS = {"time/day.js", "lib/numbers.js"}


def test_pages_format_dates_and_numbers_in_one_module() -> None:
    pages = PROJECT_DIRECTORY / "app" / "pages"
    formatting = re.compile(r"babel\.(dates|numbers|units)|strftime")
    found = {path.name for path in pages.rglob("*.py") if formatting.search(path.read_text("utf-8"))}
    assert found == {SERVER_HELPER}


def test_templates_do_not_format_dates() -> None:
    # A form field takes a date and time in the format that HTML defines.
    written = re.compile(r'strftime\("(?!%Y-%m-%dT%H:%M"\))|"%[\d.]*[df] ?%*" \| format')
    templates = (PROJECT_DIRECTORY / "templates").rglob("*.html")
    assert [path.name for path in templates if written.search(path.read_text("utf-8"))] == []


def test_scripts_format_dates_and_numbers_in_two_modules() -> None:
    scripts = PROJECT_DIRECTORY / "static" / "js"
    formatting = re.compile(r"Intl\.(NumberFormat|DateTimeFormat)\(|toLocale(Date|Time)?String")
    found = {
        path.relative_to(scripts).as_posix()
        for path in scripts.rglob("*.js")
        if formatting.search(path.read_text("utf-8"))
    }
    assert found == SCRIPT_HELPERS
