"""Sending the form for footage: field errors, duplicates, what fails and is tried
again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.form_pages import (
    KNOWN_LINK,
    LINK,
    answer_submissions,
    fill,
    form_server,
    open_form,
    received_code,
    submitted,
)

if TYPE_CHECKING:
    from tests.conftest import Served

pytestmark = pytest.mark.browser
__all__ = ["form_server", "open_form"]


def test_errors_are_shown_next_to_their_fields_and_nothing_is_lost(
    open_form: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = open_form()
    page.fill("#footage_urls-0", "javascript:alert(1)")
    page.fill("#happened_from", "2022-01-01")
    page.fill("#geolocation_url", "ftp://example.org/")
    page.click("#send")
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            re.compile("Link to the footage: Enter a full link"),
            "Place: Choose a place.",
            re.compile("Date: Date is before the first day"),
            "Description: Enter a description.",
            re.compile("Link that shows how the location was found: Enter a full link"),
        ]
    )
    expect(page.locator("#happened_from")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#happened_from-error")).to_be_visible()
    axe(page)
    summary.get_by_role("link", name="Description").click()
    expect(page.locator("#description")).to_be_focused()
    page.keyboard.type("Now it is there")
    expect(page.locator("#description-error")).to_have_count(0)
    expect(page.locator("#geolocation_url")).to_have_value("ftp://example.org/")


def test_nearby_events_are_shown_while_the_form_is_filled_in(open_form: Callable[..., Page]) -> None:
    page = open_form()
    page.fill("#place", "48.24819, 37.1310")
    page.fill("#happened_from", "2025-07-22")
    page.locator("#description").focus()
    near = page.locator("#nearby")
    expect(near.get_by_role("link", name="Infantry seen in Zvirove")).to_be_visible()
    expect(near).to_contain_text(re.compile(r"14\d m away"))
    expect(page.locator(".place-event")).to_have_text("1")
    page.fill("#footage_urls-0", f"{KNOWN_LINK}?utm_source=x")
    page.locator("#description").focus()
    expect(near).to_contain_text("already has this footage")
    page.fill("#place", "48.6, 37.6")
    page.fill("#footage_urls-0", LINK)
    page.locator("#description").focus()
    expect(near).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_duplicate_must_be_confirmed_before_sending(
    open_form: Callable[..., Page], form_server: Served, axe: Callable[[Page], None], scripts: bool
) -> None:
    description = f"A duplicate, scripts {scripts}"
    page = open_form(scripts=scripts, tolerate="409")
    fill(page, description, place="48.24819, 37.1310", link=KNOWN_LINK)
    page.click("#send")
    warnings = page.locator("#warnings")
    expect(warnings).to_contain_text("An event close to this place and time is already on the map.")
    expect(warnings.get_by_role("link")).to_have_text(
        ["Infantry seen in Zvirove", "Fighting far away"], use_inner_text=True
    )
    assert submitted(form_server, description) == []
    if scripts:
        axe(page)
    for box in warnings.get_by_role("checkbox").all():
        box.check()
    page.click("#send")
    received_code(page)
    (row,) = submitted(form_server, description)
    assert {warning["code"] for warning in row["warnings"]} == {"near-duplicate", "same-footage"}


@pytest.mark.parametrize("scripts", [True, False])
def test_swapped_coordinates_are_corrected_by_one_button(
    open_form: Callable[..., Page], form_server: Served, scripts: bool
) -> None:
    description = f"Swapped, scripts {scripts}"
    page = open_form(scripts=scripts, tolerate="409")
    fill(page, description, place="37.5, 48.5")
    page.click("#send")
    page.get_by_role("button", name="Use 48.50000, 37.50000 instead").click()
    expect(page.locator("#place")).to_have_value("48.50000, 37.50000")
    page.click("#send")
    received_code(page)
    (row,) = submitted(form_server, description)
    assert (row["lat"], row["lon"], row["warnings"]) == (48.5, 37.5, [])


def test_a_failure_keeps_the_form_and_a_retry_stores_one_submission(
    open_form: Callable[..., Page], form_server: Served
) -> None:
    page = open_form(tolerate="Failed to load resource")
    attempts = []

    def lose_first_response(route: Route) -> None:
        """Delivers the first request, but drops its response."""
        attempts.append(json.loads(route.request.post_data or ""))
        response = route.fetch()
        if len(attempts) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=response)

    answer_submissions(page, lose_first_response)
    fill(page, "Sent twice")
    page.click("#send")
    status = page.locator("#send-status")
    expect(status).to_contain_text("Your text is still here.")
    expect(page.locator("#description")).to_have_value("Sent twice")
    status.get_by_role("button", name="Try again").click()
    received_code(page)
    assert attempts[0] == attempts[1]
    assert len(submitted(form_server, "Sent twice")) == 1


def test_rate_limit_is_shown_and_the_form_is_kept(open_form: Callable[..., Page]) -> None:
    page = open_form(tolerate="429")
    answer_submissions(
        page,
        lambda route: route.fulfill(
            status=429,
            content_type="application/problem+json",
            body='{"type":"/problems/too-many-requests","title":"Too many","status":429,"detail":"Wait a while."}',
        ),
    )
    fill(page, "Too much")
    page.click("#send")
    expect(page.locator("#send-status")).to_contain_text("Wait a while.")
    expect(page.locator("#description")).to_have_value("Too much")


def test_a_used_idempotency_key_is_renewed(open_form: Callable[..., Page], form_server: Served) -> None:
    page = open_form(tolerate="409")
    key = page.locator("[name=idempotency_key]").input_value()
    fill(page, "The first with this key")
    page.click("#send")
    received_code(page)
    page = open_form(tolerate="409")
    page.evaluate("(key) => document.querySelector('[name=idempotency_key]').value = key", key)
    fill(page, "The second with this key")
    page.click("#send")
    expect(page.locator("#send-status")).to_contain_text("Send it again to make a new submission.")
    page.click("#send")
    received_code(page)
    assert len(submitted(form_server, "The second with this key")) == 1


def test_leaving_with_unsent_changes_asks_for_confirmation(open_form: Callable[..., Page]) -> None:
    page = open_form()
    dialogs = []

    def accept_dialog(dialog: Any) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept_dialog)
    page.locator("#description").press_sequentially("Something")
    page.get_by_role("link", name="About").click()
    page.wait_for_url("**/about")
    assert dialogs == ["beforeunload"]


def test_form_works_without_leaflet(open_form: Callable[..., Page], form_server: Served) -> None:
    def no_leaflet(context: BrowserContext) -> None:
        context.route(re.compile(r"leaflet[-@]1\.9\.4/.*leaflet\.js$"), lambda route: route.abort())

    page = open_form(prepare=no_leaflet, tolerate="Failed to load resource")
    expect(page.locator("#map-frame")).to_contain_text("The map did not load.")
    fill(page, "Without the map")
    page.click("#send")
    received_code(page)
    assert len(submitted(form_server, "Without the map")) == 1
