"""Helpers for the desk's pages: signing in, sending a submission, checking the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
from playwright.sync_api import BrowserContext, Page, expect

from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

PASSWORD = "four unrelated words here"
# Console messages of refused requests, which these tests expect.
REFUSED = "status of (403|409|412|422)"
PHONE, DESKTOP = (390, 844), (1280, 800)


def use_own_context(_: BrowserContext) -> None:
    """Gives the page its own browser context, because two members never share a session."""


def member_at(page_at: PageAt, served: Served, name: str, path: str, phone: bool = False, **others: object) -> Page:
    """Signs a member in and opens a page."""
    page = page_at(
        "/sign-in?to=/desk",
        *(PHONE if phone else DESKTOP),
        touch=phone,
        served=served,
        prepare=use_own_context,
        **others,  # type: ignore[arg-type]
    )
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    expect(page).to_have_url(f"{served.url}/desk")
    page.goto(served.url + path)
    return page


def send_footage(served: Served, **changes: object) -> str:
    """Sends footage without signing in; returns the tracking code."""
    response = httpx2.post(f"{served.url}/api/submissions", json=footage(**changes))
    assert response.status_code == 202, response.text
    code: str = response.json()["tracking_code"]
    return code


def fits_width(page: Page) -> bool:
    """Returns whether the page is not wider than the viewport."""
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting
