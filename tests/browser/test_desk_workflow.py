"""The workflow of a submission: from the sender through two members to the map, and concurrent
edits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import DESKTOP, PHONE, REFUSED, fits_width, member_at, send_footage

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [pytest.param(False, marks=pytest.mark.long), True], ids=["desktop", "phone"])
def test_a_submission_from_the_sender_to_the_map(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None], phone: bool
) -> None:
    title = "Infantry by the tower, seen on a phone" if phone else "Infantry by the water tower"
    size = PHONE if phone else DESKTOP
    code = send_footage(
        work_server,
        footage_urls=[f"https://t.me/example_channel/{90 + phone}"],
        description=f"By the tower, {title}",
        geolocation_url=None,
        confirm=["near-duplicate"],
    )
    olena = member_at(page_at, work_server, "olena", "/desk/queue", phone, tolerate=REFUSED)
    item = olena.locator(".queue-item > a", has_text=title)
    expect(item).to_be_visible()
    axe(olena)
    assert fits_width(olena)
    if phone:
        item.click()
    else:
        olena.keyboard.press("j")
        olena.keyboard.press("Enter")
    expect(olena.locator("#item-state")).to_have_text("waiting")
    expect(olena.locator(".desk-map .place-pin")).to_be_visible()
    axe(olena)
    assert fits_width(olena)
    if phone:
        olena.get_by_role("button", name="Ask").first.click()
    else:
        olena.keyboard.press("q")
    olena.fill("#ask-question", "From which floor?")
    olena.locator("[data-form=ask] button").click()
    expect(olena.locator("#item-state")).to_have_text("waiting for an answer")
    # The sender answers without scripts.
    sender = page_at("/track", *size, touch=phone, served=work_server, scripts=False)
    sender.fill("#code", code)
    sender.click("#track-form button")
    expect(sender.locator("#track-state h2")).to_have_text("We have a question for you")
    sender.fill("#answer", "The fifth.")
    sender.click("#answer-form button")
    expect(sender.locator("#track-state")).to_contain_text("Your answer has been received.")
    # The analyst accepts; the page shows that a colleague views the item.
    bohdan = member_at(page_at, work_server, "bohdan", olena.url.removeprefix(work_server.url), phone, tolerate=REFUSED)
    expect(bohdan.locator("#viewers")).to_have_text("olena is viewing this")
    olena.reload()
    expect(olena.locator("#viewers")).to_have_text("bohdan is viewing this")
    expect(olena.locator(".item-messages")).to_contain_text("The fifth.")
    if phone:
        olena.get_by_role("button", name="Accept").first.click()
    else:
        olena.keyboard.press("a")
    olena.fill("[data-form=accept] #title", title)
    olena.locator("[data-form=accept] > button").click()
    expect(olena.locator("#decision")).to_contain_text("accepted")
    # The second decision shows the first one and keeps the typed text.
    bohdan.get_by_role("button", name="Reject").first.click()
    bohdan.fill("#reject-reason", "Too late")
    bohdan.locator("[data-form=reject] button").click()
    expect(bohdan.locator("#decide-error")).to_contain_text("olena accepted it at ")
    expect(bohdan.locator("#reject-reason")).to_have_value("Too late")
    # The member who accepted the item may not publish it; a second person must.
    olena.get_by_role("link", name="Open the event").click()
    olena.get_by_role("button", name="Publish").click()
    expect(olena.locator("#error")).to_contain_text("Somebody else must decide")
    bohdan.goto(olena.url)
    axe(bohdan)
    assert fits_width(bohdan)
    bohdan.get_by_role("button", name="Publish").click()
    expect(bohdan.locator("#item-state")).to_have_text("published")
    # The tracking page links the sender to the public event.
    sender.goto(f"{work_server.url}/track")
    sender.fill("#code", code)
    sender.click("#track-form button")
    link = sender.get_by_role("link", name="Open the event")
    link.click()
    expect(sender.locator("h1")).to_have_text(title)
    expect(sender.locator(".sources")).to_contain_text("t.me")
    expect(sender.locator("body")).not_to_contain_text("olena")


def test_concurrent_edits_of_an_event_are_merged(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None]
) -> None:
    olena = member_at(page_at, work_server, "olena", "/desk/events/new", tolerate=REFUSED, theme="dark")
    olena.fill("#title", "A line that is drawn")
    olena.select_option("#category", "clash")
    olena.fill("#from_day", "2025-07-21")
    expect(olena.locator("[data-error='/geometry']")).to_be_visible()
    olena.get_by_role("button", name="Line").click()
    box = olena.locator("#map").bounding_box()
    assert box is not None
    for across, down in ((0.4, 0.4), (0.5, 0.5), (0.7, 0.55), (0.7, 0.55)):
        olena.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    expect(olena.locator("#geometry")).to_have_value(re.compile("LineString"))
    expect(olena.locator("[data-error='/geometry']")).to_be_hidden()
    olena.fill("#precision_m", "500")
    olena.click("#save")
    expect(olena.locator("#item-state")).to_have_text("draft")
    bohdan = member_at(page_at, work_server, "bohdan", olena.url.removeprefix(work_server.url), tolerate=REFUSED)
    bohdan.fill("#description", "Of two who edit")
    bohdan.keyboard.press("Control+s")
    expect(bohdan.locator("#saved")).to_be_visible()
    olena.fill("#title", "A line that is drawn well")
    olena.fill("#description", "Mine")
    olena.click("#save")
    conflict = olena.locator("#conflict")
    expect(conflict).to_contain_text("Of two who edit")
    axe(olena)
    conflict.locator("[name=conflict-description][value=theirs]").check()
    olena.click("#conflict-apply")
    expect(olena.locator("#description")).to_have_value("Of two who edit")
    olena.click("#save")
    expect(olena.locator("#saved")).to_be_visible()
    olena.reload()
    expect(olena.locator("h1")).to_have_text("A line that is drawn well")
    expect(olena.locator("#history")).to_contain_text("bohdan")
    expect(olena.locator("#history")).to_contain_text("Authors: olena → olena, bohdan")
    expect(olena.locator("#history")).not_to_contain_text(re.compile("[0-9a-f]{8}-[0-9a-f]{4}-|authors"))
    olena.locator("#comment").fill("@bohdan look")
    olena.locator("#comment").press("Control+Enter")
    expect(olena.locator("#comment-list")).to_contain_text("@bohdan look")
    # Bulk change: preview, apply, undo.
    olena.goto(f"{work_server.url}/desk/events?state=draft")
    olena.check("#select-all")
    olena.select_option("#bulk-change", "verification:disputed")
    olena.fill("#bulk-reason", "The channel is a fake")
    olena.click("#bulk-preview-button")
    expect(olena.locator("#bulk-preview")).to_contain_text("Reported → Disputed")
    axe(olena)
    olena.click("#bulk-apply")
    expect(olena.locator("#events")).to_contain_text("Disputed")
    olena.get_by_role("button", name="Undo").first.click()
    expect(olena.locator("#bulk-changes")).to_contain_text("undone by olena")
    expect(olena.locator("#events")).to_contain_text("Reported")
    olena.goto(f"{work_server.url}/desk/numbers")
    axe(olena)


def test_the_same_footage_is_compared_and_decided_once(
    page_at: PageAt, work_server: Served, axe: Callable[[Page], None]
) -> None:
    """Two spellings of a link and a similar item: one decision, after a warning about the twin."""
    elsewhere = {"longitude": 35.91, "latitude": 47.33, "geolocation_url": None}
    sent = [
        ("https://twitter.com/example/status/1747000000000000001", "Column at the crossroads, from the roof"),
        ("https://x.com/example/status/1747000000000000001?s=20", "Column at the crossroads, from the street"),
        ("https://t.me/example_channel/77", "Column at the crossroads, from the roof"),
    ]
    tracking = [send_footage(work_server, footage_urls=[url], description=words, **elsewhere) for url, words in sent]
    olena = member_at(page_at, work_server, "olena", "/desk/queue", tolerate=REFUSED)
    item = olena.locator(".queue-item > a", has_text="2 senders")
    expect(item).to_contain_text("from the roof")
    item.click()
    table = olena.locator(".item-senders")
    for _, words in sent[:2]:
        expect(table).to_contain_text(words)
    expect(olena.get_by_role("heading", name="Similar items in the queue")).to_be_visible()
    axe(olena)
    assert fits_width(olena)
    olena.get_by_role("button", name="Accept").first.click()
    olena.fill("[data-form=accept] #title", "Column at the crossroads")
    olena.locator("[data-form=accept] > button").click()
    expect(olena.locator("#decide-error")).to_contain_text("Another item in the queue is close")
    axe(olena)
    olena.get_by_role("button", name="Accept anyway").click()
    expect(olena.locator("#decision")).to_contain_text("accepted")
    states = [httpx2.get(f"{work_server.url}/api/submissions/{code}").json()["status"] for code in tracking]
    assert states == ["accepted", "accepted", "received"]
