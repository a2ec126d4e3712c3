"""The plain fields of the desk's forms: the class of a source, and fields of every type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, expect

from app.fields import Fields
from app.settings import PROJECT_DIRECTORY
from tests.browser.desk_pages import REFUSED, fits_width, member_at
from tests.browser.test_desk_work import create_events
from tests.desk.test_fields import MADE_UP, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser


def open_source(page: Page) -> None:
    """Opens the form of the event's only source."""
    page.locator("#sources summary").click()


def save_source(page: Page) -> None:
    page.locator("#sources form > button").click()


def test_source_class_of_a_draft(page_at: PageAt, work_server: Served, axe: Callable[[Page], None]) -> None:
    (event,) = create_events(work_server, 1, "Class of a draft", state="draft")
    path = f"/desk/events/{event}"
    olena = member_at(page_at, work_server, "olena", path, tolerate=REFUSED)
    bohdan = member_at(page_at, work_server, "bohdan", path, phone=True, tolerate=REFUSED, theme="dark", locale="uk-UA")
    expect(olena.locator("#sources li .note").first).to_contain_text("Who speaks: Not classified")
    for page in (olena, bohdan):
        open_source(page)
    axe(olena)
    axe(bohdan)
    assert fits_width(bohdan)
    expect(olena.locator("#sources").get_by_label("Who speaks")).to_have_value("unknown")
    olena.select_option("#s1-source_class", "party")
    olena.fill("#s1-why", "A ministry's own channel")
    save_source(olena)
    expect(olena.locator("#sources li .note").first).to_contain_text("Who speaks: Party to the war")
    olena.locator("#history summary").click()
    history = olena.locator("#history")
    expect(history).to_contain_text("Who speaks: Not classified → Party to the war")
    expect(history).to_contain_text("source: changed · ")
    expect(history).not_to_contain_text(re.compile("source_class|event_source|[0-9a-f]{8}-[0-9a-f]{4}-"))
    assert history.get_by_role("link").count() > 0, "sources are links"
    expect(olena.locator("#history")).to_contain_text("A ministry's own channel")
    # The second member sees the saved value and keeps the chosen value.
    bohdan.select_option("#s1-source_class", "independent")
    save_source(bohdan)
    expect(bohdan.locator("#sources [data-error='/source_class']")).to_have_text("Тепер: party")
    expect(bohdan.locator("#s1-source_class")).to_have_value("independent")
    save_source(bohdan)
    expect(bohdan.locator("#sources li .note").first).to_contain_text("Хто говорить: Незалежне")
    # A new source is created with a class.
    olena.reload()
    olena.locator("summary", has_text="Add a source").click()
    olena.fill("#source-url", "https://t.me/state_channel/1")
    olena.locator("summary", has_text="More details").click()
    olena.select_option("#source-source_class", "state_affiliated")
    olena.locator("[data-path$='/sources'] > button").click()
    expect(olena.locator("#sources")).to_contain_text("Who speaks: State-affiliated")


def test_only_editors_change_the_source_class_of_a_published_event(page_at: PageAt, work_server: Served) -> None:
    (event,) = create_events(work_server, 1, "Class of a published event", state="published")
    path = f"/desk/events/{event}"
    olena = member_at(page_at, work_server, "olena", path, tolerate=REFUSED)
    open_source(olena)
    olena.select_option("#s1-source_class", "independent")
    save_source(olena)
    expect(olena.locator("#sources [data-other-errors]")).to_contain_text("only editors can change")
    expect(olena.locator("#s1-source_class")).to_have_value("independent")
    iryna = member_at(page_at, work_server, "iryna", path, tolerate=REFUSED)
    open_source(iryna)
    iryna.select_option("#s1-source_class", "state_affiliated")
    save_source(iryna)
    expect(iryna.locator("#sources li .note").first).to_contain_text("Who speaks: State-affiliated")
    # A change by an analyst keeps the class.
    olena.reload()
    open_source(olena)
    olena.select_option("#s1-status", "deleted")
    save_source(olena)
    expect(olena.locator("#sources li .note").first).to_contain_text("deleted · Who speaks: State-affiliated")


def test_a_radius_of_a_thousand_kilometres_is_valid(page_at: PageAt, work_server: Served) -> None:
    (event,) = create_events(work_server, 1, "Somewhere in the region", state="draft")
    page = member_at(page_at, work_server, "olena", f"/desk/events/{event}", tolerate=REFUSED)
    page.fill("#precision_m", "1000001")
    expect(page.locator("[data-error='/precision_m']")).to_contain_text("1000000")
    page.fill("#precision_m", "1000000")
    expect(page.locator("[data-error='/precision_m']")).to_be_hidden()
    page.click("#save")
    expect(page.locator("#saved")).to_be_visible()
    page.reload()
    expect(page.locator("#precision_m")).to_have_value("1000000")


def form_of_made_up_fields() -> str:
    """Renders the input of a plain field of each type."""
    environment = Environment(loader=FileSystemLoader(PROJECT_DIRECTORY / "templates"), autoescape=True)
    macros: Any = environment.get_template("desk/plain-field.html").module
    return str(macros.plain_fields("", plain(Fields("event", ()), *MADE_UP.values()), None, str))


def test_plain_fields_of_every_type_are_read_and_filled(page_at: PageAt, work_server: Served) -> None:
    page = member_at(page_at, work_server, "olena", "/desk/events/new", tolerate=REFUSED)
    values: dict[str, Any] = page.evaluate(
        """async (html) => {
          const { readPlain, fillPlain } = await import("/static/js/ui/desk-plain-fields.js");
          const form = document.createElement("form");
          form.innerHTML = html;
          const empty = readPlain(form);
          fillPlain(form, { x_text: " 47th ", x_number: 0, x_word: "wet", x_url: null, x_flag: true, other: 1 });
          const filled = readPlain(form);
          fillPlain(form, { x_text: null, x_number: null, x_word: null });
          return { empty, filled, cleared: readPlain(form) };
        }""",
        form_of_made_up_fields(),
    )
    empty = {"x_text": None, "x_number": None, "x_word": None, "x_url": None, "x_flag": False}
    assert values["empty"] == empty
    assert values["filled"] == {"x_text": "47th", "x_number": 0, "x_word": "wet", "x_url": None, "x_flag": True}
    assert values["cleared"] == empty | {"x_flag": True}
