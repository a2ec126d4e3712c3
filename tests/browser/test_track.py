"""Tracking a submission in each of its states: accessibility and layout on desktop and phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.database.session import Sessions
from tests.browser.desk_pages import DESKTOP, PHONE, fits_width, send_footage
from tests.builders import Builder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PageAt
    from tests.conftest import Served

pytestmark = pytest.mark.browser

# The decision of the desk for each state, in SQL. The sender can read the reason.
STATES = {
    "received": "",
    "in_review": "",
    "question": "",
    "rejected": ", decided_at = now(), decided_by_name = 'olena', decision_reason = 'The footage is of 2023.'",
    "accepted": ", decided_at = now(), decided_by_name = 'olena', result_event_id = :event",
    "merged": ", decided_at = now(), decided_by_name = 'olena', result_event_id = :event",
}
INSERT_QUESTION = (
    "INSERT INTO frontline.submission_message (id, submission_id, by_sender, made_by, text)"
    " SELECT gen_random_uuid(), id, false, 'olena', 'From which floor?' FROM frontline.submission"
    " WHERE state = 'question'"
)


@pytest.fixture(scope="module")
def codes(work_server: Served) -> dict[str, str]:
    """The tracking codes of submissions, one in each state."""
    found = {
        state: send_footage(work_server, footage_urls=[f"https://t.me/{state}/1"], confirm=["near-duplicate"])
        for state in STATES
    }
    with Sessions(work_server.engines).writing() as session:
        event = Builder(session).event("The result", at=(30.5, 50.4))
        for state, more in STATES.items():
            session.execute(
                text(f"UPDATE frontline.submission SET state = :state{more} WHERE footage_urls = ARRAY[:link]"),  # noqa: S608 - our own
                {"state": state, "link": f"https://t.me/{state}/1"} | ({"event": event} if ":event" in more else {}),
            )
        session.execute(text(INSERT_QUESTION))
        session.commit()
    return found


@pytest.mark.parametrize(
    ("size", "theme", "locale"),
    [pytest.param(DESKTOP, "light", "uk-UA", marks=pytest.mark.long), (PHONE, "dark", "en-GB")],
    ids=["desktop", "phone"],
)
def test_every_state_is_accessible(
    page_at: PageAt,
    work_server: Served,
    codes: dict[str, str],
    axe: Callable[[Page], None],
    size: tuple[int, int],
    theme: str,
    locale: str,
) -> None:
    page = page_at("/track", *size, theme=theme, locale=locale, touch=size == PHONE, served=work_server)
    axe(page)
    headings: set[str] = set()
    heading = page.locator("#track-state h2")
    before = ""
    for state, code in codes.items():
        page.fill("#code", code)
        page.click("#track-form button")
        expect(heading).not_to_have_text(before)  # the old heading stays until the response arrives
        before = heading.inner_text()
        headings.add(before)
        expect(page.locator("#answer")).to_be_visible(visible=state == "question")
        axe(page)
        assert fits_width(page)
    assert len(headings) == len(STATES)
