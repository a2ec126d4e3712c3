"""Compares the text of a page with payloads: it must contain each one unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.browser.payloads import PAYLOADS
from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page


def normalize_spaces(text: str) -> str:
    """Replaces each run of white space by one space, as a page may show it, and leaves out the
    characters by which a page isolates the direction of a text.
    """
    return re.sub(r"[\s\ufeff]+", " ", re.sub("[\u2068\u2069]", "", text)).strip()


def assert_contains(text: str, payloads: Iterable[str] = PAYLOADS) -> None:
    """Asserts that a text contains all payloads unchanged."""
    assert missing_payloads(text, payloads) == []


def missing_payloads(text: str, payloads: Iterable[str]) -> list[str]:
    page_text = normalize_spaces(text)
    return [payload for payload in payloads if normalize_spaces(payload) not in page_text]


def expect_payloads(page: Page, selector: str, payloads: Iterable[str] = PAYLOADS) -> None:
    """Waits until the elements of a selector contain all payloads unchanged."""
    wanted = list(payloads)
    assert wait_until(page, lambda: missing_payloads(text_of(page, selector), wanted), lambda found: not found) == []


def text_of(page: Page, selector: str) -> str:
    texts: list[str] = page.evaluate(
        "(selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent)", selector
    )
    return "\n".join(texts)
