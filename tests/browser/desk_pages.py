"""The desk's pages as members see them: signing in, sending as a stranger does, what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
from playwright.sync_api import BrowserContext, Page, expect

from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from tests.browser.conftest import PageAt
    from tests.conftest import Served

PASSWORD = "four unrelated words here"
# What the console says of an answer that is a refusal: those are what the tests are about.
REFUSED = "status of (403|409|412|422)"
PHONE, DESKTOP = (390, 844), (1280, 800)


def own(_: BrowserContext) -> None:
    """A context of the page's own: two members are never one browser."""


def member_at(page_at: PageAt, served: Served, name: str, path: str, phone: bool = False, **others: object) -> Page:
    """A page as a member sees it."""
    page = page_at(
        "/sign-in?to=/desk",
        *(PHONE if phone else DESKTOP),
        touch=phone,
        served=served,
        prepare=own,
        **others,  # type: ignore[arg-type]
    )
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    expect(page).to_have_url(f"{served.url}/desk")
    page.goto(served.url + path)
    return page


def send(served: Served, **changes: object) -> str:
    """Send footage as a stranger; gives the code."""
    response = httpx2.post(f"{served.url}/api/submissions", json=footage(**changes))
    assert response.status_code == 202, response.text
    code: str = response.json()["tracking_code"]
    return code


def fits(page: Page) -> bool:
    """Whether nothing is wider than the view."""
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting
