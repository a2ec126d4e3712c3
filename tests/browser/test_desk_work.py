"""Work at the desk: imports, bulk changes on a map, sources and claims, and a long queue."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.database.session import Sessions
from tests.browser.desk_pages import REFUSED, fits_width, member_at
from tests.builders import Builder
from tests.desk.conftest import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser


def create_events(served: Served, count: int, title: str, **others: object) -> list[uuid.UUID]:
    """Creates events along a line, each with a source."""
    with Sessions(served.engines).writing() as session:
        build = Builder(session)
        origin = build.origin("other-map")
        found = []
        for number in range(count):
            at = (36.5 + number / 10, 48.0 + (number % 2) / 10)
            event = build.event(f"{title} {number}", at=at, origin=origin, **others)  # type: ignore[arg-type] # of its fields
            build.source(event, f"https://t.me/{title.replace(' ', '_')}/{number}", name=f"{title} channel")
            found.append(event)
    return found


@pytest.mark.parametrize("phone", [pytest.param(False, marks=pytest.mark.long), True], ids=["desktop", "phone"])
def test_an_import_is_decided_next_to_its_map(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None], phone: bool
) -> None:
    title = f"Imported {'phone' if phone else 'desktop'}"
    (event,) = create_events(work_server, 1, title, state="draft", import_digest=b"row")
    theme, locale = ("dark", "uk-UA") if phone else ("light", "en-GB")
    olena = member_at(page_at, work_server, "olena", "/desk/queue", phone, tolerate=REFUSED, theme=theme, locale=locale)
    olena.select_option("[name=kind]", "import")
    olena.select_option("[name=origin]", "other-map")
    olena.locator(".queue-filters .button.dark").click()
    item = olena.locator(".queue-item > a", has_text=title)
    axe(olena)
    assert fits_width(olena)
    item.click()
    expect(olena).to_have_url(f"{work_server.url}/desk/imports/{event}")
    expect(olena.locator(".desk-map .place-pin")).to_be_visible()
    expect(olena.locator(".item-links")).to_contain_text("https://t.me/")
    # The bar of decisions floats over the end of the page: what is half below it counts as small.
    olena.locator(".desk-map").evaluate("(map) => map.scrollIntoView({ block: 'center' })")
    axe(olena)
    assert fits_width(olena)
    # The item is assigned to a colleague; the page shows who views the item.
    olena.select_option("#assignee", "bohdan")
    expect(olena.locator("#work-status")).to_contain_text("bohdan")
    bohdan = member_at(page_at, work_server, "bohdan", "/desk/queue?assigned=me&kind=import", phone, tolerate=REFUSED)
    bohdan.locator(".queue-item > a", has_text=title).click()
    expect(bohdan.locator("#viewers")).to_have_text("olena is viewing this")
    expect(bohdan.locator("#assign-to-me")).to_be_hidden()
    # One member decides; the second sees that decision in their language and keeps the typed text.
    bohdan.get_by_role("button", name="Accept").first.click()
    bohdan.fill("[data-form=accept] #accept-reason", "Checked")
    bohdan.locator("[data-form=accept] > button").click()
    expect(bohdan.locator("#decision")).to_contain_text("in review")
    olena.locator("[data-action=reject]").click()
    olena.fill("#reject-reason", "Too late")
    olena.locator("[data-form=reject] button").click()
    expect(olena.locator("#decide-error")).to_contain_text(
        "вже прийняв хтось інший" if phone else "Somebody has accepted it"
    )
    expect(olena.locator("#reject-reason")).to_have_value("Too late")
    # The member who accepted the import may not publish it. After an emergency hide, a second
    # person must review the event.
    bohdan.get_by_role("link", name="Open the event").click()
    bohdan.get_by_role("button", name="Publish").click()
    expect(bohdan.locator("#error")).to_contain_text("Somebody else must decide")
    bohdan.fill("#step-reason", "A face is to be seen")
    bohdan.get_by_role("button", name="Hide now").click()
    expect(bohdan.locator(".item-line")).to_contain_text("hidden")
    iryna = member_at(page_at, work_server, "iryna", "/desk/queue?kind=hidden", phone, tolerate=REFUSED)
    iryna.locator(".queue-item > a", has_text=title).click()
    iryna.fill("#step-reason", "Rightly so")
    iryna.get_by_role("button", name="Keep hidden").click()
    expect(iryna.locator("#step-reason")).to_have_value("")
    iryna.goto(f"{work_server.url}/desk/queue?kind=hidden")
    expect(iryna.locator(".queue-item", has_text=title)).to_have_count(0)


@pytest.mark.parametrize("phone", [False, pytest.param(True, marks=pytest.mark.long)], ids=["desktop", "phone"])
def test_events_selected_on_the_map_are_selected_in_the_list(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None], phone: bool
) -> None:
    title = "Chosen phone" if phone else "Chosen desktop"
    create_events(work_server, 8, title, state="in_review")
    page = member_at(
        page_at, work_server, "olena", "/desk/events", phone, tolerate=REFUSED, theme="dark" if phone else "light"
    )
    page.fill("[name=q]", title)
    page.fill("#from", "1 July 2000")
    page.locator(".queue-filters .button.dark").click()
    expect(page.locator("#from")).to_have_value("1 Jul 2000")
    assert "from=2000-07-01" in page.url
    expect(page.locator("#events li")).to_have_count(8)
    expect(page.locator("#select-tools")).to_be_visible()
    page.get_by_role("button", name="Rectangle").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 4)
    page.mouse.up()
    expect(page.locator("#bulk-count")).to_have_text("4 selected")
    expect(page.locator(".bulk-box:checked")).to_have_count(4)
    assert page.locator("#select-all").evaluate("box => box.indeterminate")
    # The checkbox of the list selects all events.
    page.get_by_role("button", name="Rectangle").click()
    page.locator("#select-all").check()
    expect(page.locator("#bulk-count")).to_have_text("8 selected")
    page.select_option("#bulk-change", "verification:disputed")
    page.fill("#bulk-reason", f"The channel of {title} is a fake")
    page.click("#bulk-preview-button")
    expect(page.locator("#bulk-summary")).to_have_text("8 can be changed, 0 can't.")
    expect(page.locator("#bulk-preview")).to_contain_text("Geolocated → Disputed")
    axe(page)
    assert fits_width(page)
    page.click("#bulk-apply")
    expect(page.locator("#bulk-changes")).to_contain_text(f"{title} is a fake")
    expect(page.locator("#events li", has_text="Disputed")).to_have_count(8)
    page.get_by_role("button", name=f"Undo: The channel of {title}").click()
    expect(page.locator("#events li", has_text="Geolocated")).to_have_count(8)
    # Events that cannot be changed are listed first, and the change cannot be applied.
    page.locator(".bulk-box").first.check()
    page.select_option("#bulk-change", "verification:confirmed")
    page.fill("#bulk-reason", "Two say so")
    page.click("#bulk-preview-button")
    expect(page.locator("#bulk-summary")).to_have_text("0 can be changed, 1 can't.")
    expect(page.locator("#bulk-preview .refused")).to_contain_text("two independent sources")
    expect(page.locator("#bulk-apply")).to_be_hidden()


def test_sources_and_claims_are_edited_in_place(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None]
) -> None:
    (event,) = create_events(work_server, 1, "With parts", state="draft")
    path = f"/desk/events/{event}"
    olena = member_at(page_at, work_server, "olena", path, tolerate=REFUSED)
    bohdan = member_at(page_at, work_server, "bohdan", path, tolerate=REFUSED, theme="dark", locale="uk-UA")
    for page in (olena, bohdan):
        page.locator("#sources details.add summary").click()
    axe(olena)
    olena.fill("#s1-archive_url", "nowhere")
    expect(olena.locator("#sources [data-error='/archive_url']")).to_be_visible()
    olena.fill("#s1-archive_url", "https://web.archive.org/web/2025/a")
    expect(olena.locator("#sources [data-error='/archive_url']")).to_be_hidden()
    olena.select_option("#s1-status", "deleted")
    olena.get_by_role("button", name="Save the source").click()
    expect(olena.locator("#sources")).to_contain_text("deleted")
    # The second member sees the saved value and keeps the typed value.
    bohdan.fill("#s1-author", "somebody")
    bohdan.locator("#sources form button").click()
    expect(bohdan.locator("#sources [data-error='/status']")).to_have_text("Тепер: deleted")
    expect(bohdan.locator("#s1-author")).to_have_value("somebody")
    axe(bohdan)
    bohdan.select_option("#s1-status", "deleted")
    bohdan.fill("#s1-archive_url", "https://web.archive.org/web/2025/a")
    bohdan.locator("#sources form button").click()
    expect(bohdan.locator("#sources form")).to_be_hidden()
    olena.reload()
    olena.locator("summary", has_text="Add a claim").click()
    olena.fill("#claim-party", "General Staff")
    olena.fill("#claim-statement", "They were repelled.")
    olena.locator("[data-path$='/claims'] > button").click()
    expect(olena.locator("#claims")).to_contain_text("They were repelled.")
    olena.locator("#claims summary").click()
    olena.select_option("#c1-stance", "denies")
    olena.fill("#c1-chain", "a ministry, an outlet")
    olena.get_by_role("button", name="Save the claim").click()
    expect(olena.locator("#claims li").first).to_contain_text("denies")
    olena.locator("#claims summary").click()
    expect(olena.locator("#c1-chain")).to_have_value("a ministry, an outlet")


def test_assignee_and_priority_of_an_event_in_review(page_at: PageAt, work_server: Served) -> None:
    (event,) = create_events(work_server, 1, "Urgent in review", state="in_review")
    page = member_at(page_at, work_server, "olena", f"/desk/events/{event}", tolerate=REFUSED)
    page.select_option("#priority", "3")
    expect(page.locator("#work-status")).to_have_text("Saved.")
    page.click("#assign-to-me")
    expect(page.locator("#work-status")).to_have_text("assigned to olena")
    expect(page.locator("#assign-to-me")).to_be_hidden()
    page.reload()
    expect(page.locator("#priority")).to_have_value("3")
    expect(page.locator("#assignee")).to_have_value("olena")
    page.goto(f"{work_server.url}/desk/queue?kind=event&priority=3")
    expect(page.locator(".queue-item", has_text="Urgent in review")).to_contain_text("olena")


def test_an_area_is_drawn_by_touch(page_at: PageAt, work_server: Served) -> None:
    page = member_at(page_at, work_server, "olena", "/desk/events/new", phone=True, tolerate=REFUSED)
    page.get_by_role("button", name="Area").tap()
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for across, down in ((0.4, 0.3), (0.7, 0.35), (0.6, 0.7), (0.4, 0.3)):
        page.touchscreen.tap(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        # An earlier tap would count as a double tap.
        page.wait_for_function("(tapped) => performance.now() > tapped + 250", arg=page.evaluate("performance.now()"))
    expect(page.locator("#geometry")).to_have_value(re.compile("Polygon"))
    assert fits_width(page)


def test_a_queue_of_a_thousand_items_is_paginated(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None]
) -> None:
    sessions = Sessions(work_server.engines)
    many(sessions, 1000, tracking_hash="sha256(('wait' || number)::bytea)")
    page = member_at(page_at, work_server, "olena", "/desk/queue?kind=footage")
    expect(page.locator(".queue-total")).to_contain_text(re.compile(r"1,\d{3} waiting"))
    expect(page.locator(".queue-item")).to_have_count(50)
    # The page contains only its fifty items, and all are reachable by keyboard.
    assert page.evaluate("document.querySelectorAll('*').length") < 1500
    for _ in range(50):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement === [...document.querySelectorAll('.queue-item > a')].at(-1)")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**after=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#item-state")).to_be_visible()
    axe(page)
    first = page.url
    page.wait_for_load_state()  # after which shortcuts work
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first and "/desk/submissions/" in url)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.goto("about:blank")  # sends no requests for the items that are deleted next
    with sessions.writing() as session, session.begin():
        session.execute(
            text(
                "DELETE FROM frontline.submission WHERE tracking_hash = ANY"
                " (SELECT sha256(('wait' || number)::bytea) FROM generate_series(1, 1000) number)"
            )
        )
