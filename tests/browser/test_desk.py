"""Signing in and the pages of members: without scripts, in both themes, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.access.roles import Role
from app.accounts import administration
from app.accounts.passwords import Passwords
from app.database.session import Sessions
from tests.browser.desk_pages import use_own_context
from tests.browser.waiting import wait_until
from tests.conftest import Served, cloned, make_settings, serving

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.theatre import Theatre
    from tests.browser.conftest import PageAt

pytestmark = pytest.mark.browser

PASSWORD = "four unrelated words here"
PHONE = (390, 844)
PAGES = ("/desk", "/desk/account", "/desk/sessions", "/desk/tokens", "/desk/members", "/desk/acts", "/desk/switch")


@pytest.fixture(scope="module")
def desk_server(
    cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with an administrator and a new analyst."""
    settings = make_settings(tmp_path_factory.mktemp("desk"), sign_ins_per_minute=1000)
    with cloned(cluster, template) as urls, serving(urls, theatre, settings) as served:
        with Sessions(served.engines).writing() as session, session.begin():
            administration.create(session, Passwords(), "olena", Role.ADMIN, by=None, password=PASSWORD)
            administration.create(session, Passwords(), "taras", Role.ANALYST, by=None)
        yield served


def sign_in(page: Page, code: str = "") -> None:
    page.fill("#name", "olena")
    page.fill("#password", PASSWORD)
    page.fill("#code", code)
    page.click("main form button")


@pytest.mark.parametrize(("theme", "phone"), [pytest.param("light", False, marks=pytest.mark.long), ("dark", True)])
def test_every_desk_page_is_accessible(
    page_at: PageAt, desk_server: Served, axe: Callable[[Page], None], theme: str, phone: bool
) -> None:
    width, height = PHONE if phone else (1280, 800)
    locale = "uk-UA" if phone else "en-GB"
    page = page_at(
        "/sign-in?to=/desk/members", width, height, theme=theme, touch=phone, locale=locale, served=desk_server
    )
    axe(page)
    sign_in(page)
    expect(page).to_have_url(f"{desk_server.url}/desk/members")
    for path in PAGES:
        page.goto(desk_server.url + path)
        if path == "/desk/members":
            page.locator("summary.button").first.click()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    if phone:
        for target in page.locator("main :is(button, .button):visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    page.locator(".desk-account button").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(desk_server.url)}/\?at="))  # the map
    page.goto(f"{desk_server.url}/desk")
    expect(page).to_have_url(f"{desk_server.url}/sign-in?to=%2Fdesk")


def test_two_factor_authentication_without_scripts(
    page_at: PageAt, desk_server: Served, axe: Callable[[Page], None]
) -> None:
    # The sign-in with a missing code returns 401, which the console reports.
    page = page_at("/desk/account", served=desk_server, scripts=False, tolerate="401|422", prepare=use_own_context)
    sign_in(page)
    page.fill("#password-on", PASSWORD)
    page.get_by_role("button", name="Set up").click()
    picture = page.locator(".desk-qr")
    assert wait_until(page, lambda: picture.evaluate("image => image.complete && image.naturalWidth > 100"))
    secret = page.locator(".desk-secret").inner_text().replace(" ", "")
    page.fill("#code", "000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("alert")).to_contain_text("Wrong code")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".desk-codes code")).to_have_count(10)
    codes = page.locator(".desk-codes code").all_inner_texts()
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#factor-title")).to_contain_text("on")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{desk_server.url}/sign-in")
    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("Wrong name, password or code.")
    page.fill("#password", PASSWORD)
    page.fill("#code", codes[0])
    page.click("main form button")
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    page.goto(f"{desk_server.url}/desk/account")
    page.fill("#password-off", PASSWORD)
    page.get_by_role("button", name="Turn off two-factor authentication").click()
    expect(page.get_by_role("status")).to_contain_text("off")


def test_menu_of_the_map_links_to_sign_in(page_at: PageAt, desk_server: Served) -> None:
    page = page_at("/?lang=uk", served=desk_server)
    page.click(".menu summary")
    page.get_by_role("link", name="Увійти").click()
    expect(page).to_have_url(f"{desk_server.url}/sign-in?to=%2Fdesk&lang=uk")
    assert page.context.cookies() == []
