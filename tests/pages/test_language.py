"""Texts with a number have the plural forms of the reader's language."""

from __future__ import annotations

import pytest

from app.pages.language import messages, translate, translate_plural


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "{number} подія"),
        (2, "{number} події"),
        (5, "{number} подій"),
        (11, "{number} подій"),
        (21, "{number} подія"),
    ],
)
def test_ukrainian_has_three_plural_forms(number: int, text: str) -> None:
    assert translate_plural("uk", "{number} event", "{number} events", number) == text


def test_fraction_has_the_last_plural_form() -> None:
    assert translate_plural("uk", "{number} day", "{number} days", 2.5) == "{number} днів"


@pytest.mark.parametrize(("number", "text"), [(0, "{number} events"), (1, "{number} event"), (2, "{number} events")])
@pytest.mark.parametrize("language", ["en", "xx"])
def test_missing_translation_is_english(language: str, number: int, text: str) -> None:
    assert translate_plural(language, "{number} event", "{number} events", number) == text


def test_scripts_get_plural_forms_by_category() -> None:
    assert messages("uk")["{number} event"] == {
        "one": "{number} подія",
        "few": "{number} події",
        "many": "{number} подій",
    }
    assert translate("uk", "{number} event") == "{number} event", "a text with plural forms needs a number"
