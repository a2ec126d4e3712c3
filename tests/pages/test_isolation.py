"""Templates isolate the text direction of what people read, and keep what forms send back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment
from markupsafe import Markup

from app.pages.isolation import Isolation

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

TEXT = "\u2069\u202eabc"
MARKUP = Markup(TEXT)  # noqa: S704 - what a macro returns
SHOWN = f"\u2068\u2068{TEXT}\u2069"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("<p>{{ x }}</p>", f"<p>{SHOWN}</p>"),
        ("{% if x %}{{ x or 'a' }}{% endif %}", SHOWN),
        ("{{ x if x else 'a' }}-{{- x -}} b", f"{SHOWN}-{SHOWN}b"),
        ('<a title="{{ x }} · {{ x }}" href="/{{ x }}">', f'<a title="{SHOWN} · {SHOWN}" href="/{TEXT}">'),
        ('<input alt="{{ x }}" value="{{ x }}"> {{ x }}', f'<input alt="{SHOWN}" value="{TEXT}"> {SHOWN}'),
        ("<textarea name=a>{{ x }}</textarea>{{ x }}", f"<textarea name=a>{TEXT}</textarea>{SHOWN}"),
        ('<b id="{{ x }}"{% if x %} hidden{% endif %}>{{ x }}</b>', f'<b id="{TEXT}" hidden>{SHOWN}</b>'),
        ("{% macro m(y) %}<b>{{ y }}</b>{% endmacro %}{{ m(x) }}", f"<b>{SHOWN}</b>"),
        ("{{ 3 }}{{ none }}{{ markup }}", f"3None{TEXT}"),
    ],
)  # fmt: skip
def test_expressions(template: str, shown: str) -> None:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n", Isolation])
    assert environment.from_string(template).render(x=TEXT, markup=MARKUP) == shown


def test_page_of_an_event_isolates_its_title_and_a_refused_form_does_not(client: TestClient, build: Builder) -> None:
    page = client.get(f"/events/{build.event(title=TEXT)}").text
    assert SHOWN in page
    assert TEXT not in page.replace(SHOWN, "").split("</main>")[0].split('type="application/json"')[0]
    typed = {"description": TEXT, "place": TEXT, "footage_urls": "nothing"}
    refused = client.post("/submit", data=typed)
    assert f">{TEXT}</textarea>" in refused.text
    assert f'value="{TEXT}"' in refused.text
